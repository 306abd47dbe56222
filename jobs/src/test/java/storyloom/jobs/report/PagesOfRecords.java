package storyloom.jobs.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import storyloom.jobs.evaluate.EvaluatedModel;
import storyloom.jobs.evaluate.EvaluatedSample;
import storyloom.jobs.evaluate.EvaluationRequest;
import storyloom.jobs.evaluate.ModelComparison;
import storyloom.jobs.gate.GateDecision;
import storyloom.jobs.gate.GateEvaluation;
import storyloom.jobs.gate.Promotion;
import storyloom.jobs.train.TrainingSummary;
import storyloom.model.bundle.Provenance;
import storyloom.model.decode.AttentionMap;
import storyloom.model.eval.Evaluation;
import storyloom.model.eval.Share;
import storyloom.model.nn.loss.LossTally;
import storyloom.model.settings.Settings;
import storyloom.model.text.token.TextSettings;
import storyloom.pipeline.corpus.report.CleaningReport;
import storyloom.pipeline.corpus.report.CleaningReport.RuleCounts;
import storyloom.pipeline.corpus.report.CleaningReport.SplitCounts;
import storyloom.pipeline.corpus.report.Lengths;
import storyloom.pipeline.evaluate.Evaluator.PairScore;
import storyloom.pipeline.evaluate.StorySample;
import storyloom.pipeline.tune.RungResult;
import storyloom.pipeline.tune.SearchPlan;

/** The pages of fixed records, as they would be of real ones. */
final class PagesOfRecords {

  static final String MODEL = "20261130T031502-8c1f02ab";
  static final String PARENT = "20261129T031440-77d0e1b4";

  private static final int EPOCHS = 12;
  private static final int STORIES = 40;

  private static final List<String> PROMPTS =
      List.of(
          "In the attic, a donkey finds a coat. All he wants is to talk to the moon.",
          "A goblin who wants to plant a tree finds a violin in the desert.",
          "Nobody in the village had seen the lighthouse lit.",
          "My sister wrote a letter to the sea, and it answered.");

  private static final List<String> HUMAN =
      List.of(
          "He put the coat on. It was too large for him.\n\nThat night the moon came to the window.",
          "She played until it rained, and the tree grew.",
          "Then one evening it was. The old keeper had come home.",
          "The answer came in a bottle, and it was signed.");

  private static final List<String> WRITTEN =
      List.of(
          "The donkey took the coat to the window. He told the moon about it.",
          "The goblin played the violin. The tree did not come.",
          "The lighthouse was dark. The village was dark. The sea was dark.",
          "The letter went home. My sister was glad.");

  private PagesOfRecords() {}

  /** Every page by its name. */
  static Map<String, String> all(Path folder) throws IOException {
    return Map.of(
        "run", run(folder),
        "index", index(),
        "evaluation", evaluation(Optional.empty()),
        "comparison", evaluation(Optional.of(model(PARENT, 0.15, List.of(), 7))),
        "tuning", tuning());
  }

  /**
   * A run's summary.
   *
   * @param night counted from 0
   * @param gate whether there was one
   */
  static TrainingSummary summary(int night, boolean gate) {
    SortedMap<String, Double> figures = new TreeMap<>();
    for (int epoch = 1; epoch <= EPOCHS; epoch++) {
      String suffix = "_epoch_%02d".formatted(epoch);
      figures.put("train_perplexity" + suffix, perplexity(epoch, 0.9));
      figures.put("valid_perplexity" + suffix, perplexity(epoch, 1) + overfitting(epoch));
      figures.put("train_accuracy" + suffix, 0.2 + 0.01 * epoch);
      figures.put("valid_accuracy" + suffix, 0.19 + 0.008 * epoch);
    }
    figures.put("kept_epoch", 9.0);
    figures.put("kept_rounds", 5000.0);
    figures.put("train_pairs", 12718.0 + 40 * night);
    figures.put("valid_pairs", 620.0);
    figures.put("vocabulary", 10863.0 + 12 * night);
    figures.put("train_seconds", 1234.5);
    figures.put("tokens_per_second", 7020.4);
    figures.put("valid_perplexity", 60.4 - 1.5 * night);
    figures.put("train_perplexity", 48.1 - 1.5 * night);
    if (gate) {
      figures.put("perplexity_per_word", 118.7 - 3 * night);
      figures.put("current_perplexity_per_word", 121.7 - 3 * night);
      figures.put("prompt_ranking", 0.692);
      figures.put("current_prompt_ranking", 0.66);
      figures.put("repeated_4grams", 0.004);
      figures.put("current_repeated_4grams", 0.0051);
      figures.put("person_kept", 0.71);
      figures.put("human_person_kept", 0.83);
      figures.put("sentence_order", 0.88);
      figures.put("human_sentence_order", 0.79);
      figures.put("copied_8grams", 0.013);
      figures.put("human_copied_8grams", 0.004);
    }
    boolean promoted = night != 1;
    return new TrainingSummary(
        "202611%02dT030000-0a1b2c3d".formatted(28 + night),
        night == 2 ? MODEL : "202611%02dT031440-77d0e1b4".formatted(28 + night),
        PARENT,
        "2026-11-%02dT03:15:02Z".formatted(28 + night),
        promoted,
        promoted ? null : "perplexity per word is 118.7, must be at most 115.7",
        figures,
        new TreeMap<>(
            Map.of(
                "train.batch", night == 0 ? "64" : "16",
                "train.averaging-frequency", "20",
                "text.drop.max-prompt-words", "500",
                "corpus.path", "hdfs://namenode.example.org/corpora/stories/2026/november/",
                "model.attention", "additive")));
  }

  private static double perplexity(int epoch, double factor) {
    return factor * (55 + 600 * Math.exp(-0.55 * epoch));
  }

  private static double overfitting(int epoch) {
    return Math.pow(Math.max(0, epoch - 8), 2);
  }

  static String index() {
    return new RunIndex(List.of(summary(0, false), summary(1, true), summary(2, true))).html();
  }

  static String run(Path folder) throws IOException {
    Files.createDirectories(folder);
    List<String> lines = new ArrayList<>();
    for (int epoch = 1; epoch <= EPOCHS; epoch++) {
      for (int round = 1; round <= 8; round++) {
        lines.add(
            String.format(
                Locale.ROOT,
                "{\"epoch\":%d,\"round\":%d,\"loss\":%.3f,\"tokens_per_second\":%.1f,\"compute_seconds\":%.2f,\"broadcast_seconds\":0.31,\"reduce_seconds\":0.22,\"update_seconds\":0.05}",
                epoch,
                round,
                Math.log(perplexity(epoch, 0.9)) - 0.01 * round,
                6800 + 40 * Math.sin(round),
                2.4 + 0.1 * Math.cos(epoch)));
      }
      lines.add(
          String.format(
              Locale.ROOT,
              "{\"epoch\":%d,\"train_perplexity\":%.3f,\"valid_perplexity\":%.3f}",
              epoch,
              perplexity(epoch, 0.9),
              perplexity(epoch, 1) + overfitting(epoch)));
    }
    Files.write(folder.resolve("metrics.jsonl"), lines);
    Lengths lengths =
        new Lengths(
            13338,
            35.1,
            34,
            52,
            66,
            List.of(
                new Lengths.Bar(8, 15, 220),
                new Lengths.Bar(16, 31, 5120),
                new Lengths.Bar(32, 47, 7004),
                new Lengths.Bar(48, 66, 994)));
    CleaningReport cleaning =
        new CleaningReport(
            List.of(new SplitCounts("train", 12800, 640, Map.of("duplicate-pair", 82L))),
            900_000,
            List.of(
                new RuleCounts("markdown", 410, 2210, 3, 0, List.of()),
                new RuleCounts("html", 52, 310, 0, 0, List.of()),
                new RuleCounts("duplicate-pair", 0, 0, 0, 82, List.of())),
            lengths,
            lengths,
            List.of(),
            List.of());
    Files.writeString(folder.resolve("cleaning.json"), cleaning.json());
    return new RunPage(new org.apache.hadoop.fs.Path(folder.toUri()), new Configuration())
        .html(
            new RunPage.Facts(
                summary(2, true),
                List.of(summary(0, false), summary(1, true)),
                decision(),
                provenance(MODEL, "8c1f"),
                List.of("1.4 % of all story tokens lie beyond text.max-story-tokens=200.")));
  }

  private static Promotion.Decision decision() {
    GateDecision gate =
        new GateDecision(
            List.of(
                new GateDecision.Check(
                    "perplexity per word", "112.7", "115.7", "at most 115.7", true),
                new GateDecision.Check(
                    "own prompts ranked first", "69.2 %", "66.0 %", "at least 15.0 %", true),
                new GateDecision.Check(
                    "the current model",
                    PARENT,
                    PARENT,
                    PARENT + ", which this one was compared with",
                    true)));
    return new Promotion.Decision(
        gate, Optional.of(outcome(List.of(map(0), map(1)))), Optional.of(outcome(List.of())));
  }

  private static GateEvaluation.Outcome outcome(List<AttentionMap> maps) {
    return new GateEvaluation.Outcome(
        null, stories(PROMPTS.size()), "and then they all went home to bed again", maps);
  }

  private static StorySample stories(int count) {
    return new StorySample(
        IntStream.range(0, count).boxed().toList(),
        IntStream.range(0, count).mapToObj(i -> PROMPTS.get(i % PROMPTS.size())).toList(),
        IntStream.range(0, count).mapToObj(i -> HUMAN.get(i % HUMAN.size())).toList(),
        IntStream.range(0, count).mapToObj(i -> WRITTEN.get(i % WRITTEN.size())).toList());
  }

  /** Of a story's words to its prompt's, the more the nearer they stand. */
  private static AttentionMap map(int story) {
    List<String> prompt = List.of(PROMPTS.get(story).split(" "));
    List<String> written = List.of((WRITTEN.get(story) + " <end>").split(" "));
    float[][] weights = new float[written.size()][prompt.size()];
    for (int t = 0; t < written.size(); t++) {
      float sum = 0;
      for (int s = 0; s < prompt.size(); s++) {
        weights[t][s] = (float) Math.exp(-Math.abs(t - s));
        sum += weights[t][s];
      }
      for (int s = 0; s < prompt.size(); s++) {
        weights[t][s] /= sum;
      }
    }
    return new AttentionMap(prompt, written, weights);
  }

  private static Provenance provenance(String version, String vocabulary) {
    return new Provenance(
        "d2b7".repeat(16),
        vocabulary.repeat(16),
        1,
        8,
        new TreeMap<>(Map.of("spark", "3.5.9", "dl4j", "1.0.0-M2.1")),
        "9d02d56c0ffee",
        Instant.parse("2026-11-30T03:15:02Z"),
        version.equals(MODEL) ? PARENT : null,
        "20261130T030000-0a1b2c3d",
        new TreeMap<>(
            Map.of("hdfs://namenode.example.org/corpora/train.wp_source", "ab".repeat(32))),
        new TreeMap<>(),
        new TreeMap<>());
  }

  static String evaluation(Optional<EvaluatedModel> other) {
    EvaluatedModel model = model(MODEL, 0, List.of(map(0), map(1)), 5);
    return new EvaluationPage(
            new EvaluationRequest(
                "hdfs://namenode.example.org/corpora/stories/test.wp_source",
                "hdfs://namenode.example.org/corpora/stories/test.wp_target",
                Settings.defaults(),
                Instant.parse("2026-11-30T12:00:00Z")),
            model,
            other.map(each -> new ModelComparison(model, each)))
        .html();
  }

  /**
   * A model that was measured.
   *
   * @param worse nats by which each token costs more
   * @param miss each story of so many is not ranked first
   */
  static EvaluatedModel model(String version, double worse, List<AttentionMap> maps, int miss) {
    List<PairScore> pairs =
        IntStream.range(0, STORIES)
            .mapToObj(
                i ->
                    new PairScore(
                        i, new LossTally((4 + worse + 0.1 * (i % 7)) * 40, 40, 10 + i % 5), 36, 1))
            .toList();
    LossTally sum = pairs.stream().map(PairScore::loss).reduce(LossTally.NONE, LossTally::plus);
    SortedMap<Integer, Integer> places = new TreeMap<>();
    IntStream.range(0, STORIES).forEach(i -> places.put(i, i % miss == 0 ? 3 : 0));
    return new EvaluatedModel(
        provenance(version, "8c1f"),
        new TextSettings(List.of(), "words", true, 64, 200),
        version.equals(MODEL) ? List.of(PARENT, "20261128T031440-77d0e1b4") : List.of(),
        new Evaluation(version, STORIES, 2, sum, 36L * STORIES, STORIES, 31, 0),
        pairs,
        Optional.of(
            new EvaluatedSample(
                places,
                stories(STORIES),
                Collections.nCopies(STORIES, new Share(1, 1)),
                IntStream.range(0, STORIES).mapToObj(i -> new Share(i % 2, 1)).toList(),
                Optional.empty(),
                maps)));
  }

  static String tuning() {
    List<SortedMap<String, String>> trials = new ArrayList<>();
    List<RungResult> results = new ArrayList<>();
    for (int trial = 0; trial < 9; trial++) {
      trials.add(
          new TreeMap<>(
              Map.of(
                  "train.learning-rate", Double.toString(0.0005 * (trial + 1)),
                  "model.hidden", Integer.toString(128 << (trial % 3)),
                  "model.attention", trial % 2 == 0 ? "dot" : "additive")));
      List<Double> curve = new ArrayList<>();
      for (int epoch = 1; epoch <= 9; epoch++) {
        curve.add(90 + 5 * Math.abs(trial - 3) + 400 * Math.exp(-0.5 * epoch));
      }
      for (int rung = 0; rung < (trial == 3 ? 3 : trial > 5 ? 1 : 2); rung++) {
        List<Double> seen = curve.subList(0, (int) Math.pow(3, rung));
        results.add(
            trial == 8
                ? new RungResult(
                    8,
                    0,
                    Double.POSITIVE_INFINITY,
                    0,
                    0,
                    List.of(),
                    "the loss is not finite any more")
                : new RungResult(
                    trial, rung, Collections.min(seen), 12.5 * seen.size(), 13, seen, ""));
      }
    }
    List<RungResult> leaders =
        results.stream()
            .filter(result -> !result.isFailure())
            .filter(
                result ->
                    results.stream()
                        .noneMatch(
                            other ->
                                other.trial() == result.trial() && other.rung() > result.rung()))
            .sorted(RungResult.BEST_FIRST)
            .toList();
    return new TuningPage(
            new TuningPage.Facts(
                "20261130T190000-0a1b2c3d",
                new SearchPlan(
                    SearchPlan.Kind.ASHA,
                    9,
                    List.of(1, 3, 9),
                    3,
                    SearchPlan.Objective.PERPLEXITY,
                    1),
                results,
                leaders,
                trials,
                2,
                new TreeMap<>(Map.of("corpus.path", "data", "train.epochs", "9"))))
        .html(Map.of(3, stories(2), 2, stories(2)));
  }
}
