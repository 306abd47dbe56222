package storyloom.pipeline.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.layer.StoryWindow;
import storyloom.pipeline.LocalSpark;
import storyloom.pipeline.batch.BatchSize;
import storyloom.pipeline.batch.EpochPlan;
import storyloom.pipeline.batch.PairShard;
import storyloom.pipeline.batch.PairShards;
import storyloom.pipeline.train.plan.OuterSettings;
import storyloom.pipeline.train.plan.TrainingPlan;

/** Trainings with {@code text.long-stories = windows}. */
class WindowedTrainingTest {

  private static final Optimisation OPTIMISATION = new Optimisation(0.01, 5, 1);
  private static final int PAIRS = 53;

  private final Configuration hadoop = new Configuration();

  @TempDir private java.nio.file.Path folder;

  private static TrainingPlan plan(int epochs, BatchSize batch) {
    return new TrainingPlan(
        SmallTraining.MODEL, OPTIMISATION, OuterSettings.AVERAGE, epochs, batch, 3, 1);
  }

  private Trainer trained(TrainingPlan plan, Path shards) {
    Trainer trainer = new Trainer(LocalSpark.context(), plan, hadoop, new SmallTraining.Log());
    trainer.train(shards, shards);
    return trainer;
  }

  @Test
  void eachWindowIsAnUpdateAndIsCounted() {
    Path shards = new SmallTraining(folder).shards("long", PAIRS, 1);
    TrainingPlan plan = plan(2, BatchSize.ofPairs(8).inWindows(2));
    try (Trainer trainer = trained(plan, shards);
        Seq2SeqGraph local = Seq2SeqGraph.create(SmallTraining.MODEL, OPTIMISATION)) {
      PairShard shard = PairShards.read(PairShards.paths(shards, hadoop).get(0), hadoop);
      int updates = 0;
      for (int epoch = 0; epoch < 2; epoch++) {
        EpochPlan minibatches = EpochPlan.of(shard, plan.batch(), 1, epoch, 0);
        for (int number = 0; number < minibatches.size(); number++) {
          for (StoryWindow window : minibatches.windows(number)) {
            local.fit(window);
            updates++;
          }
        }
      }
      assertThat(updates).isGreaterThan(2 * 7);
      assertThat(trainer.model().graph().getConfiguration().getIterationCount()).isEqualTo(updates);
      assertThat(trainer.model().graph().params()).isEqualTo(local.graph().params());
    }
  }

  @Test
  void storiesThatFitIntoAWindowAreLearnedAsIfThereWereNone() {
    Path shards = new SmallTraining(folder).shards("short", PAIRS, 1);
    try (Trainer whole = trained(plan(1, BatchSize.ofPairs(8)), shards);
        Trainer windows = trained(plan(1, BatchSize.ofPairs(8).inWindows(5)), shards)) {
      assertThat(SmallTraining.weights(windows)).containsExactly(SmallTraining.weights(whole));
    }
  }
}
