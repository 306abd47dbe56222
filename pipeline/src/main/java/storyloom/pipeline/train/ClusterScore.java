package storyloom.pipeline.train;

import java.util.Collections;
import java.util.Iterator;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.loss.LossTally;
import storyloom.pipeline.Unpersist;
import storyloom.pipeline.batch.EpochPlan;
import storyloom.pipeline.batch.PairShard;
import storyloom.pipeline.batch.PairShards;
import storyloom.pipeline.train.average.ExecutorGraph;
import storyloom.pipeline.train.average.MinibatchRange;
import storyloom.pipeline.train.average.StateBroadcast;
import storyloom.pipeline.train.average.StateSlices;
import storyloom.pipeline.train.plan.Placement;
import storyloom.pipeline.train.plan.StopRequest;
import storyloom.pipeline.train.plan.TrainingPlan;

/** Scores a graph on shards across the executors; the sum is taken in the order of the shards. */
final class ClusterScore implements ModelScore {

  private final JavaSparkContext context;
  private final TrainingPlan plan;
  private final JavaRDD<PairShard> shards;
  private final StopRequest stop;

  ClusterScore(
      JavaSparkContext context,
      TrainingPlan plan,
      JavaRDD<String> paths,
      SerializableConfiguration hadoop,
      StopRequest stop) {
    this.context = context;
    this.plan = plan;
    this.stop = stop;
    this.shards =
        PairShards.read(paths, hadoop)
            .setName("validation pairs")
            .persist(StorageLevel.MEMORY_AND_DISK());
  }

  @Override
  public LossTally of(Seq2SeqGraph model) {
    StateSlices state = StateSlices.of(model.graph());
    return stop.run(context, "score the validation split", () -> scored(state));
  }

  private LossTally scored(StateSlices state) {
    int threads = Placement.of(context, shards.getNumPartitions()).threads();
    try (StateBroadcast broadcast = StateBroadcast.ofParameters(context, state)) {
      return shards.mapPartitions(new Scoring(plan, broadcast, threads)).collect().stream()
          .reduce(LossTally.NONE, LossTally::plus);
    }
  }

  @Override
  public void close() {
    Unpersist.of(shards);
  }

  private record Scoring(TrainingPlan plan, StateBroadcast state, int threads)
      implements FlatMapFunction<Iterator<PairShard>, LossTally> {

    @Override
    public Iterator<LossTally> call(Iterator<PairShard> shards) {
      try (ExecutorGraph graph = ExecutorGraph.take(plan, threads)) {
        state.loadInto(graph);
        EpochPlan minibatches = EpochPlan.inOrderOfLength(shards.next(), plan.batch().sharedBy(1));
        return Collections.singleton(MinibatchRange.score(graph.model(), minibatches)).iterator();
      }
    }
  }
}
