package storyloom.jobs.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import storyloom.jobs.chart.AttentionChart;
import storyloom.jobs.chart.EvaluationCharts;
import storyloom.jobs.chart.Picture;
import storyloom.jobs.cli.Console;
import storyloom.model.UserException;
import storyloom.model.decode.AttentionMap;
import storyloom.model.eval.Evaluation;
import storyloom.model.eval.PromptRanking;
import storyloom.model.eval.StoryStatistics;
import storyloom.model.files.HadoopFiles;
import storyloom.pipeline.evaluate.StorySample;
import storyloom.pipeline.evaluate.TrainingNgrams;
import storyloom.pipeline.evaluate.TrainingNgrams.Quotations;

/** What an evaluation found: as a table for people, as JSON for programs, and as a page. */
public final class EvaluationReport {

  /** Shares that a table shows of the model and of people. */
  private static final Map<String, ToDoubleFunction<StoryStatistics>> SHARES =
      new LinkedHashMap<>();

  static {
    SHARES.put("different words", StoryStatistics::distinct1);
    SHARES.put("different pairs of words", StoryStatistics::distinct2);
    SHARES.put("different triples of words", StoryStatistics::distinct3);
    SHARES.put("repeated 4-grams", StoryStatistics::repeatedFourGrams);
    SHARES.put("words of the prompt", StoryStatistics::promptWords);
    SHARES.put("words of another prompt", StoryStatistics::otherPromptWords);
    SHARES.put("about the person of the prompt", StoryStatistics::personKept);
  }

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final int SHOWN = 20;

  private final Evaluation evaluation;
  private final Map<String, String> rows = new LinkedHashMap<>();
  private final Map<String, Object> figures = new LinkedHashMap<>();
  private Optional<PromptRanking> ranking = Optional.empty();
  private StorySample stories;
  private Optional<Quotations> quotations = Optional.empty();
  private List<byte[]> attention = List.of();

  /** Begins with what all pairs showed. */
  public EvaluationReport(Evaluation evaluation) {
    this.evaluation = evaluation;
    rows.put("model", evaluation.model());
    rows.put("pairs scored", "%,d".formatted(evaluation.pairs()));
    rows.put("pairs skipped, no prompt", "%,d".formatted(evaluation.skipped()));
    rows.put("tokens", "%,d".formatted(evaluation.tally().tokens()));
    rows.put("words", "%,d".formatted(evaluation.words()));
    rows.put("nll per token", "%.4f".formatted(evaluation.nllPerToken()));
    rows.put("perplexity per token", "%.2f".formatted(evaluation.perplexityPerToken()));
    rows.put("perplexity per word", "%.2f".formatted(evaluation.perplexityPerWord()));
    rows.put("accuracy", percent(evaluation.accuracy()));
    rows.put("tokens not in vocabulary", percent(evaluation.oovRate()));
    figures.put("nll_per_token", evaluation.nllPerToken());
    figures.put("perplexity_per_token", evaluation.perplexityPerToken());
    figures.put("perplexity_per_word", evaluation.perplexityPerWord());
    figures.put("accuracy", evaluation.accuracy());
    figures.put("tokens", evaluation.tally().tokens());
    figures.put("words", evaluation.words());
    figures.put("oov_rate", evaluation.oovRate());
    figures.put("pairs", evaluation.pairs());
    figures.put("skipped", evaluation.skipped());
    figures.put("model", evaluation.model());
  }

  /**
   * Adds what a sample of the pairs showed.
   *
   * @param placed empty if the sample has too few different prompts
   */
  public void add(Optional<PromptRanking> placed, StorySample sample) {
    ranking = placed;
    stories = sample;
    rows.put("prompts ranked first of ten", placed.map(r -> percent(r.accuracy())).orElse("-"));
    figures.put("prompt_ranking", placed.map(PromptRanking::accuracy).orElse(null));
    figures.put("sample", sample.prompts().size());
    StoryStatistics written = sample.writtenStatistics();
    StoryStatistics human = sample.humanStatistics();
    add("", written);
    add("human_", human);
    rows.put(
        "words per story",
        "%.1f, people %.1f".formatted(written.wordsPerStory(), human.wordsPerStory()));
    SHARES.forEach(
        (name, share) ->
            rows.put(
                name,
                "%.1f %%, people %.1f %%"
                    .formatted(
                        100 * share.applyAsDouble(written), 100 * share.applyAsDouble(human))));
  }

  /**
   * Adds of how many stories the model finds the own order of sentences likelier than another.
   *
   * @param written share of its own; empty if none has another order
   * @param human share of those of people
   */
  public void addOrder(Optional<Double> written, Optional<Double> human) {
    figures.put("sentence_order", written.orElse(null));
    figures.put("human_sentence_order", human.orElse(null));
    rows.put("own order of sentences", beside(written, human));
  }

  /**
   * Adds what the stories of the sample quote.
   *
   * @param training split of the model; empty if it is not known any more
   */
  public void addQuotations(Optional<TrainingNgrams> training) {
    Optional<Quotations> written = training.map(stories::writtenQuotations);
    Optional<Quotations> human = training.map(stories::humanQuotations);
    figures.put("copied_8grams", written.map(Quotations::share).orElse(null));
    figures.put("human_copied_8grams", human.map(Quotations::share).orElse(null));
    figures.put("longest_quotation", written.map(Quotations::words).orElse(null));
    rows.put(
        "8-grams of the training split",
        beside(written.map(Quotations::share), human.map(Quotations::share)));
    rows.put(
        "words of the longest quotation",
        written.map(quoted -> Integer.toString(quoted.words())).orElse("-"));
    quotations = written;
  }

  private static String beside(Optional<Double> written, Optional<Double> human) {
    return "%s, people %s"
        .formatted(
            written.map(EvaluationReport::percent).orElse("-"),
            human.map(EvaluationReport::percent).orElse("-"));
  }

  /** Adds what the model looked at while it wrote the first stories of the sample. */
  public void add(List<AttentionMap> maps) {
    attention = maps.stream().map(AttentionChart::png).toList();
  }

  private void add(String prefix, StoryStatistics statistics) {
    figures.put(prefix + "words_per_story", statistics.wordsPerStory());
    figures.put(prefix + "distinct_1", statistics.distinct1());
    figures.put(prefix + "distinct_2", statistics.distinct2());
    figures.put(prefix + "distinct_3", statistics.distinct3());
    figures.put(prefix + "repeated_4grams", statistics.repeatedFourGrams());
    figures.put(prefix + "prompt_words", statistics.promptWords());
    figures.put(prefix + "other_prompt_words", statistics.otherPromptWords());
    figures.put(prefix + "person_kept", statistics.personKept());
  }

  private static String percent(double share) {
    return "%.2f %%".formatted(100 * share);
  }

  /** Prints the table. */
  public void print() {
    rows.forEach((name, value) -> Console.say("%-28s %28s", name, value));
  }

  /** Names and values for programs, in the order in which they are to be written. */
  public Map<String, Object> figures() {
    return figures;
  }

  /**
   * Writes the page, and each heat map besides as a file of its own, into a folder below {@code
   * runs/} that is named by the time.
   *
   * @param home any Hadoop URI
   * @return the page
   * @throws UserException of data if something cannot be written
   */
  public Path write(String home, Configuration configuration) {
    Path folder = new Path(home, "runs/evaluate-" + TIME.format(Instant.now()));
    FileSystem files = HadoopFiles.of(folder, configuration);
    for (int i = 0; i < attention.size(); i++) {
      write(files, new Path(folder, "attention-%03d.png".formatted(i + 1)), attention.get(i));
    }
    return write(files, new Path(folder, "evaluation.html"), html().getBytes(UTF_8));
  }

  private static Path write(FileSystem files, Path file, byte[] content) {
    try {
      HadoopFiles.write(files, file, true, out -> out.write(content));
      return file;
    } catch (IOException e) {
      throw UserException.data("cannot write %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** Figures, pictures, and stories of the model beside those of people. */
  private String html() {
    HtmlPage page = new HtmlPage("Evaluation of " + evaluation.model()).table(rows);
    page.picture(
        "How long stories of people and of the model are",
        Picture.drawn("lengths", () -> EvaluationCharts.lengths(stories)));
    ranking.ifPresent(
        places ->
            page.picture(
                "At which place the model put a story's own prompt",
                Picture.drawn("places", () -> EvaluationCharts.places(places))));
    quotations
        .filter(quoted -> !quoted.longest().isEmpty())
        .ifPresent(
            quoted ->
                page.section("Longest quotation from the training split")
                    .paragraph(quoted.longest()));
    page.section("Stories");
    for (int i = 0; i < Math.min(SHOWN, stories.prompts().size()); i++) {
      String prompt = stories.prompts().get(i);
      Map<String, String> beside = new LinkedHashMap<>();
      beside.put("model", stories.written().get(i));
      beside.put("people", stories.human().get(i));
      if (i < attention.size()) {
        page.stories(
            prompt,
            beside,
            "what the model looked at",
            "The prompt's words across, the story's down",
            attention.get(i));
      } else {
        page.stories(prompt, beside);
      }
    }
    return page.html();
  }
}
