package storyloom.pipeline.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.loss.LossTally;
import storyloom.pipeline.LocalSpark;
import storyloom.pipeline.batch.BatchSize;
import storyloom.pipeline.batch.EpochPlan;
import storyloom.pipeline.batch.PairShard;
import storyloom.pipeline.batch.PairShards;
import storyloom.pipeline.train.SmallTraining.Log;
import storyloom.pipeline.train.plan.OuterSettings;
import storyloom.pipeline.train.plan.TrainingPlan;

/** With train.weight-average, the model is the average of the weights, and it is what is scored. */
class AveragedWeightsTest {

  private static final double DECAY = 0.8;
  private static final TrainingPlan PLAN =
      new TrainingPlan(
          SmallTraining.MODEL,
          new Optimisation(0.01, 5, 1),
          new OuterSettings(OuterSettings.Kind.AVERAGE, 0, 1, 0, DECAY),
          2,
          BatchSize.ofPairs(8),
          3,
          1);

  private final Configuration hadoop = new Configuration();

  @TempDir java.nio.file.Path folder;

  @Test
  void theModelIsTheAverageAndItIsScoredAfterEachEpoch() {
    Path shards = new SmallTraining(folder).shards("shards", 53, 1);
    PairShard pairs = PairShards.read(PairShards.paths(shards, hadoop).get(0), hadoop);
    Log log = new Log();
    try (Trainer trainer = new Trainer(LocalSpark.context(), PLAN, hadoop, log);
        Seq2SeqGraph local = Seq2SeqGraph.create(PLAN.model(), PLAN.optimisation())) {
      trainer.train(shards, shards);

      assertThat(SmallTraining.weights(trainer))
          .containsExactly(average(local, pairs), within(1e-6f));
      assertThat(log.epochs.get(1).valid().loss())
          .isCloseTo(loss(trainer.model(), pairs), within(1e-5))
          .isNotCloseTo(loss(local, pairs), within(1e-3));
    }
  }

  /** Of all pairs, without dropout. */
  private static double loss(Seq2SeqGraph model, PairShard pairs) {
    EpochPlan all = EpochPlan.inOrderOfLength(pairs, PLAN.batch());
    LossTally tally = LossTally.NONE;
    for (int number = 0; number < all.size(); number++) {
      tally = tally.plus(model.score(all.minibatch(number)));
    }
    return tally.loss();
  }

  /** The average as a worker by itself would take it, whose graph has the last weights then. */
  private static float[] average(Seq2SeqGraph local, PairShard pairs) {
    float[] average = new float[(int) local.graph().params().length()];
    int before = 0;
    int updates = 0;
    for (int epoch = 0; epoch < PLAN.epochs(); epoch++) {
      EpochPlan minibatches = EpochPlan.of(pairs, PLAN.batch(), 1, epoch, 0);
      for (int number = 0; number < minibatches.size(); number++) {
        local.fit(minibatches.minibatch(number));
        updates++;
        if ((number + 1) % PLAN.frequency() == 0 || number + 1 == minibatches.size()) {
          float[] now = local.graph().params().data().asFloat();
          double kept = Math.min(Math.pow(DECAY, updates), (double) before / (before + updates));
          for (int i = 0; i < now.length; i++) {
            average[i] = (float) (kept * average[i] + (1 - kept) * now[i]);
          }
          before += updates;
          updates = 0;
        }
      }
    }
    return average;
  }
}
