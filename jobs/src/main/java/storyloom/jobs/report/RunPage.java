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
import storyloom.jobs.chart.AttentionChart;
import storyloom.jobs.chart.CleaningFiles;
import storyloom.jobs.chart.Picture;
import storyloom.jobs.gate.GateDecision;
import storyloom.jobs.gate.GateEvaluation;
import storyloom.jobs.gate.Promotion;
import storyloom.jobs.report.HtmlPage.Cell;
import storyloom.jobs.train.CutTexts;
import storyloom.jobs.train.MetricsLog;
import storyloom.jobs.train.Training;
import storyloom.jobs.train.TrainingStart;
import storyloom.jobs.train.TrainingSummary;
import storyloom.model.UserException;
import storyloom.model.bundle.Provenance;
import storyloom.model.decode.AttentionMap;
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
   * Makes the page.
   *
   * @param before summaries of the runs before, the oldest first
   * @throws UserException of data if a file of the run cannot be read
   */
  String html(
      TrainingStart start,
      Training.Ended ended,
      Promotion.Decision decision,
      TrainingSummary summary,
      List<TrainingSummary> before) {
    HtmlPage page = new HtmlPage("Run " + summary.run());
    decision(page, decision, summary);
    training(page);
    cleaning(page, start);
    stories(page, decision);
    quotation(page, decision);
    attention(page, decision);
    provenance(page, start.text().provenance(), ended);
    settings(page, summary, before);
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
      return;
    }
    page.table(
        List.of("", "new", "current", "must be", ""),
        checks.stream()
            .map(
                check ->
                    List.of(
                        Cell.of(check.name()),
                        Cell.of(check.candidate()),
                        Cell.of(check.current()),
                        Cell.of(check.bound()),
                        Cell.of(check.passed() ? "passed" : "failed")))
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
          "Perplexity by epoch",
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

  private void cleaning(HtmlPage page, TrainingStart start) {
    page.section("Corpus");
    Path report = new Path(folder, CleaningFiles.JSON);
    bytes(report)
        .map(json -> CleaningReport.read(new String(json, UTF_8), report.toString()))
        .ifPresent(read -> page.lines(read.lines()));
    CutTexts.lines(start.corpus().contents().train(), start.settings()).forEach(page::paragraph);
    page.picture(
        "How long the texts are, and what each cleaning rule did",
        bytes(new Path(folder, CleaningFiles.PICTURE)));
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
    decision
        .candidate()
        .map(GateEvaluation.Outcome::stories)
        .ifPresent(
            written -> {
              page.section("Stories");
              Map<String, String> current =
                  decision
                      .current()
                      .map(evaluated -> byPrompt(evaluated.stories()))
                      .orElse(Map.of());
              for (int i = 0; i < Math.min(STORIES, written.prompts().size()); i++) {
                String prompt = written.prompts().get(i);
                Map<String, String> beside = new LinkedHashMap<>();
                beside.put("new model", written.written().get(i));
                if (current.containsKey(prompt)) {
                  beside.put("current model", current.get(prompt));
                }
                beside.put("people", written.human().get(i));
                page.stories(prompt, beside);
              }
            });
  }

  private static void quotation(HtmlPage page, Promotion.Decision decision) {
    decision
        .candidate()
        .map(GateEvaluation.Outcome::longestQuotation)
        .filter(words -> !words.isEmpty())
        .ifPresent(
            words -> page.section("Longest quotation from the training split").paragraph(words));
  }

  private static void attention(HtmlPage page, Promotion.Decision decision) {
    List<AttentionMap> maps =
        decision.candidate().map(GateEvaluation.Outcome::attention).orElse(List.of());
    if (!maps.isEmpty()) {
      page.section("What the new model looked at");
      page.paragraph("The prompt's words across, the story's down: the first stories from above.");
      for (AttentionMap map : maps) {
        page.picture(
            "Attention of the new model",
            Picture.drawn("attention", () -> AttentionChart.png(map)));
      }
    }
  }

  private static Map<String, String> byPrompt(StorySample sample) {
    Map<String, String> stories = new LinkedHashMap<>();
    for (int i = 0; i < sample.prompts().size(); i++) {
      stories.putIfAbsent(sample.prompts().get(i), sample.written().get(i));
    }
    return stories;
  }

  private static void provenance(HtmlPage page, Provenance provenance, Training.Ended ended) {
    Map<String, String> rows = new LinkedHashMap<>();
    rows.put("model", ended.version());
    rows.put("parent", Optional.ofNullable(provenance.parent()).orElse("none"));
    rows.put("corpus hash", provenance.corpusHash());
    rows.put("vocabulary hash", provenance.vocabularyHash());
    rows.put("seed", Long.toString(provenance.seed()));
    rows.put("workers", Integer.toString(provenance.workers()));
    rows.put("git commit", provenance.gitCommit());
    rows.putAll(provenance.versions());
    page.section("Provenance").table(rows);
    page.table(new TreeMap<>(provenance.corpusFiles()));
    SortedMap<String, String> metrics = new TreeMap<>();
    ended.metrics().forEach((name, value) -> metrics.put(name, "%,.4f".formatted(value)));
    page.table(metrics);
  }

  private static void settings(
      HtmlPage page, TrainingSummary summary, List<TrainingSummary> before) {
    page.section("Settings");
    SortedMap<String, String> last =
        before.isEmpty() ? summary.settings() : before.get(before.size() - 1).settings();
    SortedMap<String, String> changed = new TreeMap<>();
    summary
        .settings()
        .forEach(
            (key, value) -> {
              if (!value.equals(last.get(key))) {
                changed.put(key, "%s, was %s".formatted(value, last.get(key)));
              }
            });
    page.paragraph(
        changed.isEmpty()
            ? "None has changed since the run before."
            : "Changed since the run before:");
    page.table(changed);
    page.table(summary.settings());
  }
}
