package storyloom.jobs.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import storyloom.jobs.cli.Console;
import storyloom.jobs.cluster.ClusterSession;
import storyloom.jobs.run.PreparedStore;
import storyloom.model.bundle.Bundle;
import storyloom.model.bundle.Provenance;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.registry.Registry;
import storyloom.model.settings.Settings;
import storyloom.pipeline.evaluate.AttentionSample;
import storyloom.pipeline.evaluate.Evaluator;
import storyloom.pipeline.evaluate.Evaluator.Scores;
import storyloom.pipeline.evaluate.HeldOutPairs;
import storyloom.pipeline.evaluate.PromptRanker;
import storyloom.pipeline.evaluate.SentenceOrder;
import storyloom.pipeline.evaluate.StorySample;
import storyloom.pipeline.evaluate.TrainingNgrams;

/** Measures models by the same pairs. */
public final class ModelEvaluation {

  /** Of a model's parents that are named; a year of nights has hundreds. */
  private static final int MOST_PARENTS = 8;

  private final ClusterSession cluster;
  private final Settings settings;
  private final Dataset<Row> pairs;
  private final Optional<HeldOutPairs.Sample> sample;
  private final Registry registry;

  /**
   * @param settings say how stories are written
   * @param pairs raw, string columns prompt and story
   * @param size of the sample; 0 for none
   */
  public ModelEvaluation(ClusterSession cluster, Settings settings, Dataset<Row> pairs, int size) {
    this.cluster = cluster;
    this.settings = settings;
    this.pairs = pairs;
    this.sample = size == 0 ? Optional.empty() : Optional.of(HeldOutPairs.Sample.of(pairs, size));
    this.registry = new Registry(settings.text("home"), cluster.hadoop());
  }

  /**
   * Measures a model.
   *
   * @param bundle its directory
   * @param each whether the score of each pair is wanted, by which models are compared
   * @param attention what looks at the first stories; empty if nobody is to
   * @param most how many stories that looks at
   * @throws storyloom.model.UserException of data if it cannot be used, or no pair be scored
   */
  public EvaluatedModel of(
      Path bundle, boolean each, Optional<AttentionSample> attention, int most) {
    Evaluator evaluator = new Evaluator(bundle, settings.integer("train.batch"), cluster.hadoop());
    Scores scores =
        each ? evaluator.evaluateEach(pairs) : new Scores(evaluator.evaluate(pairs), List.of());
    Provenance provenance = Bundle.provenance(bundle, cluster.hadoop());
    return new EvaluatedModel(
        provenance,
        Bundle.text(bundle, cluster.hadoop()),
        parents(provenance),
        scores.evaluation(),
        scores.pairs(),
        sample.map(drawn -> sample(bundle, provenance, drawn, attention, most)));
  }

  private EvaluatedSample sample(
      Path bundle,
      Provenance provenance,
      HeldOutPairs.Sample drawn,
      Optional<AttentionSample> attention,
      int most) {
    JavaSparkContext context = cluster.context();
    DecodeSettings decoding = DecodeSettings.of(settings);
    SortedMap<Integer, Integer> places =
        new PromptRanker(bundle, cluster.hadoop()).places(context, drawn);
    StorySample stories = StorySample.write(cluster.spark(), bundle, decoding, drawn);
    SentenceOrder order = new SentenceOrder(bundle, cluster.hadoop());
    return new EvaluatedSample(
        places,
        stories,
        order.preferred(context, stories.prompts(), stories.written()),
        order.preferred(context, stories.prompts(), stories.human()),
        training(provenance),
        attention.map(looks -> looks.read(context, drawn, decoding, most)).orElse(List.of()));
  }

  /** The nearest first; the bundle of one that is gone cannot tell its own. */
  private List<String> parents(Provenance provenance) {
    List<String> parents = new ArrayList<>();
    List<String> known = registry.versions();
    String parent = provenance.parent();
    while (parent != null && parents.size() < MOST_PARENTS) {
      parents.add(parent);
      parent =
          known.contains(parent)
              ? Bundle.provenance(registry.modelDir(parent), cluster.hadoop()).parent()
              : null;
    }
    return parents;
  }

  /** What the model was trained on, if it lies below home still. */
  private Optional<TrainingNgrams> training(Provenance provenance) {
    String home = settings.text("home");
    Optional<TrainingNgrams> training =
        PreparedStore.ofCorpus(home, cluster.hadoop(), provenance.corpusHash())
            .flatMap(folder -> TrainingNgrams.read(folder, cluster.hadoop()));
    if (training.isEmpty()) {
      Console.remark(
          "what the model was trained on is not below %s/prepared any more: how much it quotes is not known"
              .formatted(home));
    }
    return training;
  }
}
