package storyloom.jobs.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import storyloom.jobs.chart.CleaningChart;
import storyloom.jobs.chart.CleaningFiles;
import storyloom.jobs.chart.Picture;
import storyloom.jobs.gate.GateDecision;
import storyloom.jobs.gate.GateEvaluation;
import storyloom.jobs.gate.Promotion;
import storyloom.jobs.report.HtmlPage.Cell;
import storyloom.jobs.train.MetricsLog;
import storyloom.jobs.train.TrainingSummary;
import storyloom.model.UserException;
import storyloom.model.bundle.Provenance;
import storyloom.model.files.HadoopFiles;
import storyloom.pipeline.corpus.report.CleaningReport;
import storyloom.pipeline.evaluate.StorySample;

/** A run as one page for people, the decision on top. */
final class RunPage {

  private static final int STORIES = 20;

  private final Path folder;
  private final Configuration configuration;

  /**
   * @param folder the run's, where its log and its cleaning report lie
   */
  RunPage(Path folder, Configuration configuration) {
    this.folder = folder;
    this.configuration = configuration;
  }

  /**
   * What the page tells besides the run's files.
   *
   * @param before summaries of the runs before, the oldest first
   * @param decision what became of its model
   * @param provenance where the model comes from
   * @param cuts what it means that texts were cut, a line each
   */
  record Facts(
      TrainingSummary summary,
      List<TrainingSummary> before,
      Promotion.Decision decision,
      Provenance provenance,
      List<String> cuts) {}

  /**
   * Makes the page.
   *
   * @throws UserException of data if a file of the run cannot be read
   */
  String html(Facts facts) {
    TrainingSummary summary = facts.summary();
    Promotion.Decision decision = facts.decision();
    HtmlPage page = new HtmlPage("Run " + summary.run());
    decision(page, decision, summary);
    training(page);
    RunFigures.write(page, summary);
    cleaning(page, facts.cuts());
    stories(page, decision);
    quotation(page, decision);
    provenance(page, facts.provenance(), summary);
    settings(page, summary, facts.before());
    return page.html();
  }

  private static void decision(
      HtmlPage page, Promotion.Decision decision, TrainingSummary summary) {
    page.decision(
        summary.promoted()
            ? summary.model() + " is the current model now"
            : "%s was refused: %s".formatted(summary.model(), summary.reason()),
        summary.promoted());
    List<GateDecision.Check> checks = decision.gate().checks();
    if (checks.isEmpty()) {
      page.paragraph("No gate was asked for (gate.enabled).");
    }
    page.cards(
        "The gate",
        List.of("check", "new", "current", "must be", "verdict"),
        checks.stream()
            .map(
                check ->
                    List.of(
                        Cell.of(check.name()),
                        Cell.number(check.candidate()),
                        Cell.number(check.current()),
                        Cell.of(check.bound()),
                        Cell.verdict(check.passed() ? "passed" : "failed", check.passed())))
            .toList());
  }

  private void training(HtmlPage page) {
    MetricsLog.Lines log = MetricsLog.read(folder, configuration);
    page.section("Training");
    if (!log.rounds().isEmpty()) {
      page.picture("Loss by round", Picture.drawn("losses", () -> RunCharts.losses(log.rounds())));
    }
    if (!log.epochs().isEmpty()) {
      page.picture(
          "Perplexity after each epoch, the best one marked",
          Picture.drawn("perplexities", () -> RunCharts.perplexities(log.epochs())));
    }
    if (!log.rounds().isEmpty()) {
      page.picture(
          "Tokens per second by round",
          Picture.drawn("throughput", () -> RunCharts.throughput(log.rounds())));
      page.picture(
          "Seconds by round", Picture.drawn("round costs", () -> RunCharts.costs(log.rounds())));
    }
  }

  private void cleaning(HtmlPage page, List<String> cuts) {
    page.section("Corpus");
    Path file = new Path(folder, CleaningFiles.JSON);
    Optional<CleaningReport> report =
        bytes(file).map(json -> CleaningReport.read(new String(json, UTF_8), file.toString()));
    report.ifPresent(read -> page.lines("What cleaning did", read.lines()));
    cuts.forEach(page::paragraph);
    page.picture("How long the prompts are, in words", report.flatMap(CleaningChart::prompts));
    page.picture("How long the stories are, in words", report.flatMap(CleaningChart::stories));
    page.picture(
        "How many pairs each cleaning rule changed or dropped",
        report.flatMap(CleaningChart::rules));
  }

  private Optional<byte[]> bytes(Path file) {
    try (InputStream in = HadoopFiles.of(file, configuration).open(file)) {
      return Optional.of(in.readAllBytes());
    } catch (FileNotFoundException none) {
      return Optional.empty();
    } catch (IOException e) {
      throw UserException.data("cannot read %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static void stories(HtmlPage page, Promotion.Decision decision) {
    page.section("Stories");
    decision.candidate().ifPresent(outcome -> stories(page, decision, outcome));
  }

  private static void stories(
      HtmlPage page, Promotion.Decision decision, GateEvaluation.Outcome outcome) {
    StorySample written = outcome.stories();
    Map<String, String> current =
        decision.current().map(evaluated -> byPrompt(evaluated.stories())).orElse(Map.of());
    for (int i = 0; i < Math.min(STORIES, written.prompts().size()); i++) {
      String prompt = written.prompts().get(i);
      Map<String, String> beside = new LinkedHashMap<>();
      beside.put("new model", written.written().get(i));
      if (current.containsKey(prompt)) {
        beside.put("current model", current.get(prompt));
      }
      beside.put("people", written.human().get(i));
      page.stories(prompt, beside, AttentionMaps.drawn(outcome.attention(), i));
    }
  }

  private static void quotation(HtmlPage page, Promotion.Decision decision) {
    decision
        .candidate()
        .map(GateEvaluation.Outcome::longestQuotation)
        .filter(words -> !words.isEmpty())
        .ifPresent(
            words -> page.section("Longest quotation from the training split").paragraph(words));
  }

  private static Map<String, String> byPrompt(StorySample sample) {
    Map<String, String> stories = new LinkedHashMap<>();
    for (int i = 0; i < sample.prompts().size(); i++) {
      stories.putIfAbsent(sample.prompts().get(i), sample.written().get(i));
    }
    return stories;
  }

  private static void provenance(HtmlPage page, Provenance provenance, TrainingSummary summary) {
    Map<String, String> rows = new LinkedHashMap<>();
    rows.put("model", summary.model());
    rows.put("parent", Optional.ofNullable(provenance.parent()).orElse("none"));
    rows.put("corpus hash", provenance.corpusHash());
    rows.put("vocabulary hash", provenance.vocabularyHash());
    rows.put("seed", Long.toString(provenance.seed()));
    rows.put("workers", Integer.toString(provenance.workers()));
    rows.put("git commit", provenance.gitCommit());
    rows.putAll(provenance.versions());
    page.section("Provenance").facts("Where the model comes from", rows);
    page.details(
        "Files of the corpus",
        part -> part.facts("Files and checksums", new TreeMap<>(provenance.corpusFiles())));
  }

  private static void settings(
      HtmlPage page, TrainingSummary summary, List<TrainingSummary> before) {
    page.section("Settings");
    Optional<TrainingSummary> last =
        before.isEmpty() ? Optional.empty() : Optional.of(before.get(before.size() - 1));
    SortedMap<String, String> changed = new RunChanges(summary, last).settings();
    if (changed.isEmpty()) {
      page.paragraph("None has changed since the run before.");
    }
    page.settings("Changed since the run before", changed);
    page.details("All settings", part -> part.settings("All settings", summary.settings()));
  }
}
