package storyloom.jobs.gate;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import storyloom.jobs.cluster.ClusterSession;
import storyloom.jobs.gate.GateEvaluation.Measures.Copied;
import storyloom.jobs.gate.GateEvaluation.Measures.Sense;
import storyloom.model.decode.AttentionMap;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.eval.PromptRanking;
import storyloom.model.nn.config.AttentionKind;
import storyloom.model.registry.VersionRecord;
import storyloom.model.settings.Settings;
import storyloom.pipeline.evaluate.AttentionSample;
import storyloom.pipeline.evaluate.Evaluator;
import storyloom.pipeline.evaluate.HeldOutPairs;
import storyloom.pipeline.evaluate.PromptRanker;
import storyloom.pipeline.evaluate.SentenceOrder;
import storyloom.pipeline.evaluate.StorySample;
import storyloom.pipeline.evaluate.TrainingNgrams;
import storyloom.pipeline.evaluate.TrainingNgrams.Quotations;

/** Measures models on the same held-out pairs and prompts, so that they can be compared. */
public final class GateEvaluation {

  private static final int HEAT_MAPS = 3;
  private static final String FIXED_PROMPTS = "gate-prompts.txt";

  private final ClusterSession cluster;
  private final Settings settings;
  private final Dataset<Row> pairs;
  private final HeldOutPairs.Sample sample;
  private final HeldOutPairs.Sample fixed;
  private final Optional<TrainingNgrams> training;

  /**
   * What a gate looks at.
   *
   * @param model its version
   * @param perplexityPerWord on the held-out pairs
   * @param ranking share of the sample's stories whose own prompt came first of ten; empty if the
   *     sample has too few different prompts
   * @param repetition share of four words in a row that its stories had already; 0 for stories that
   *     are too short to have any
   * @param copied share of eight words in a row of its stories that stand in the training split,
   *     and of those of people; empty if the training split is not known
   * @param sense whether its stories make sense, and people's
   * @param emptyStories how many of the fixed prompts it had no story for
   */
  public record Measures(
      String model,
      double perplexityPerWord,
      Optional<Double> ranking,
      double repetition,
      Optional<Copied> copied,
      Sense sense,
      int emptyStories) {

    /**
     * Shares of eight words in a row that stand in the training split.
     *
     * @param written of the model's stories
     * @param human of those of people
     */
    public record Copied(double written, double human) {}

    /**
     * Figures that no bound is held against, each with that of people.
     *
     * @param personKept share of stories that are about the person of their prompts; NaN if these
     *     are about nobody
     * @param humanPersonKept of people's stories
     * @param order share of stories whose own order of sentences the model finds the likelier;
     *     empty if none has another
     * @param humanOrder of people's stories
     */
    public record Sense(
        double personKept,
        double humanPersonKept,
        Optional<Double> order,
        Optional<Double> humanOrder) {

      private void add(SortedMap<String, Double> figures) {
        known(personKept).ifPresent(share -> figures.put("person_kept", share));
        known(humanPersonKept).ifPresent(share -> figures.put("human_person_kept", share));
        order.ifPresent(share -> figures.put("sentence_order", share));
        humanOrder.ifPresent(share -> figures.put("human_sentence_order", share));
      }

      private static Optional<Double> known(double share) {
        return Optional.of(share).filter(each -> !each.isNaN());
      }
    }

    /** Names and values as they stand in a version's record. */
    public SortedMap<String, Double> figures() {
      SortedMap<String, Double> figures = new TreeMap<>();
      figures.put(VersionRecord.PERPLEXITY, perplexityPerWord);
      ranking.ifPresent(share -> figures.put("prompt_ranking", share));
      figures.put("repeated_4grams", repetition);
      copied.ifPresent(
          shares -> {
            figures.put("copied_8grams", shares.written());
            figures.put("human_copied_8grams", shares.human());
          });
      sense.add(figures);
      figures.put("empty_stories", (double) emptyStories);
      return figures;
    }
  }

  /**
   * What came out for one model.
   *
   * @param measures what a gate looks at
   * @param stories of the sample, its own and those of people
   * @param longestQuotation most words in a row of a story that stand in the training split; empty
   *     if there are none or it is not known
   * @param attention what it looked at while it wrote the first of them; none if that was not asked
   *     for or the model has no attention
   */
  public record Outcome(
      Measures measures,
      StorySample stories,
      String longestQuotation,
      List<AttentionMap> attention) {}

  /**
   * @param heldOut pairs to compare by, as {@link HeldOutPairs} keeps them
   * @param training what the new model was trained on; empty if that is not known
   */
  GateEvaluation(
      ClusterSession cluster, Settings settings, Path heldOut, Optional<TrainingNgrams> training) {
    this.training = training;
    this.cluster = cluster;
    this.settings = settings;
    this.pairs = HeldOutPairs.read(cluster.spark(), heldOut);
    this.sample = HeldOutPairs.Sample.of(pairs, settings.integer("gate.sample"));
    List<String> prompts = fixedPrompts();
    this.fixed = new HeldOutPairs.Sample(prompts, prompts);
  }

  /** Ten prompts, always the same. */
  private static List<String> fixedPrompts() {
    try (InputStream in = GateEvaluation.class.getResourceAsStream(FIXED_PROMPTS)) {
      return new String(in.readAllBytes(), UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Measures a model.
   *
   * @throws storyloom.model.UserException of data if it cannot be used
   */
  Outcome of(Path bundle) {
    var evaluation =
        new Evaluator(bundle, settings.integer("train.batch"), cluster.hadoop()).evaluate(pairs);
    Optional<PromptRanking> ranking =
        new PromptRanker(bundle, cluster.hadoop()).rank(cluster.context(), sample);
    StorySample stories =
        StorySample.write(cluster.spark(), bundle, DecodeSettings.of(settings), sample);
    double repetition = stories.writtenStatistics().repeatedFourGrams();
    return new Outcome(
        new Measures(
            evaluation.model(),
            evaluation.perplexityPerWord(),
            ranking.map(PromptRanking::accuracy),
            known(repetition),
            training.map(split -> copied(split, stories)),
            sense(bundle, stories),
            emptyStories(bundle)),
        stories,
        training.map(stories::writtenQuotations).map(Quotations::longest).orElse(""),
        List.of());
  }

  private static Copied copied(TrainingNgrams training, StorySample stories) {
    return new Copied(
        known(stories.writtenQuotations(training).share()),
        known(stories.humanQuotations(training).share()));
  }

  private Sense sense(Path bundle, StorySample stories) {
    SentenceOrder order = new SentenceOrder(bundle, cluster.hadoop());
    return new Sense(
        stories.writtenStatistics().personKept(),
        stories.humanStatistics().personKept(),
        SentenceOrder.share(
            order.preferred(cluster.context(), stories.prompts(), stories.written())),
        SentenceOrder.share(
            order.preferred(cluster.context(), stories.prompts(), stories.human())));
  }

  /** 0 for stories that are too short to have any. */
  private static double known(double share) {
    return Double.isNaN(share) ? 0 : share;
  }

  /** The same of a model of the settings' kind, with what it looks at. */
  Outcome withAttention(Path bundle) {
    Outcome outcome = of(bundle);
    return new Outcome(
        outcome.measures(), outcome.stories(), outcome.longestQuotation(), attention(bundle));
  }

  private List<AttentionMap> attention(Path bundle) {
    if (AttentionKind.of(settings.text("model.attention")) == AttentionKind.NONE) {
      return List.of();
    }
    return new AttentionSample(bundle, cluster.hadoop())
        .read(cluster.context(), sample, DecodeSettings.of(settings), HEAT_MAPS);
  }

  /**
   * The likeliest stories, which may end at once here, so that a model which would say nothing is
   * found out, and none is refused because a draw went against it.
   */
  private int emptyStories(Path bundle) {
    DecodeSettings free =
        DecodeSettings.of(
            settings.with("decode.strategy", "greedy").with("decode.min-tokens", "0"));
    List<String> written = StorySample.write(cluster.spark(), bundle, free, fixed).written();
    return fixed.size() - (int) written.stream().filter(story -> !story.isBlank()).count();
  }
}
