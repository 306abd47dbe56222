package storyloom.bench.peer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.CollectionAccumulator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import storyloom.bench.measure.ProcessUsage;
import storyloom.bench.measure.RecordedTraining.TimedRound;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.layer.Minibatch;
import storyloom.pipeline.batch.EncodedPair;
import storyloom.pipeline.train.plan.TrainingPlan;

/**
 * DL4J's own parameter averaging, Adam's state with it, of which every round is timed: a minibatch
 * of one pair a worker. It gets what suits it best: data straight from memory, in as many equal
 * partitions as there are workers, so that it has nothing to export or to repartition.
 *
 * <p>A worker's compute is what passes between DL4J's training hooks before and after its update;
 * building a graph anew each round counts as overhead.
 */
public final class StockMaster extends ParameterAveragingTrainingMaster {

  private final transient CollectionAccumulator<Double> compute;
  private final transient List<TimedRound> rounds = new ArrayList<>();
  private final transient int slots;

  private StockMaster(int workers, int slots, CollectionAccumulator<Double> compute) {
    super(
        new Builder(workers, 1)
            .batchSizePerWorker(1)
            .averagingFrequency(1)
            .saveUpdater(true)
            .rddTrainingApproach(RDDTrainingApproach.Direct)
            .trainingHooks(new ComputeClock(compute)));
    this.compute = compute;
    this.slots = slots;
  }

  /**
   * Trains one epoch.
   *
   * @param plan whose frequency is 1, with a pair of a minibatch for each worker
   * @param slots on which the workers run
   * @param pairs as many for each worker as there are rounds
   * @return the time of each round
   */
  public static List<TimedRound> run(
      JavaSparkContext context, TrainingPlan plan, int slots, List<EncodedPair> pairs) {
    List<MultiDataSet> minibatches = new ArrayList<>();
    for (EncodedPair pair : pairs) {
      minibatches.add(
          new Minibatch(List.of(pair.prompt()), List.of(pair.story())).toDataSet(DataType.FLOAT));
    }
    CollectionAccumulator<Double> compute = context.sc().collectionAccumulator("compute seconds");
    StockMaster master = new StockMaster(plan.workers(), slots, compute);
    JavaRDD<MultiDataSet> data = context.parallelize(minibatches, plan.workers());
    try (Seq2SeqGraph model = Seq2SeqGraph.create(plan.model(), plan.optimisation())) {
      new SparkComputationGraph(context, model.graph(), master).fitMultiDataSet(data);
    } finally {
      data.unpersist();
    }
    return master.rounds;
  }

  @Override
  protected void doIteration(
      SparkComputationGraph graph, JavaRDD<MultiDataSet> split, int number, int splits) {
    compute.reset();
    double cpu = ProcessUsage.cpuSeconds();
    long started = System.nanoTime();
    super.doIteration(graph, split, number, splits);
    double seconds = (System.nanoTime() - started) / 1e9;
    rounds.add(new TimedRound(seconds, busiest(), ProcessUsage.cpuSeconds() - cpu));
  }

  /** Compute of the slot with most of it: the longest ones of the workers that took turns. */
  private double busiest() {
    List<Double> longest = new ArrayList<>(compute.value());
    longest.sort(Collections.reverseOrder());
    int turns = (longest.size() + slots - 1) / slots;
    return longest.stream().limit(turns).mapToDouble(Double::doubleValue).sum();
  }

  /** Times each update, on the worker. */
  private static final class ComputeClock implements TrainingHook {
    private final CollectionAccumulator<Double> compute;
    private long started;

    ComputeClock(CollectionAccumulator<Double> compute) {
      this.compute = compute;
    }

    @Override
    public void preUpdate(DataSet minibatch, Model model) {
      started = System.nanoTime();
    }

    @Override
    public void postUpdate(DataSet minibatch, Model model) {
      compute.add((System.nanoTime() - started) / 1e9);
    }

    @Override
    public void preUpdate(MultiDataSet minibatch, Model model) {
      started = System.nanoTime();
    }

    @Override
    public void postUpdate(MultiDataSet minibatch, Model model) {
      compute.add((System.nanoTime() - started) / 1e9);
    }
  }
}
