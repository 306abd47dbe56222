package storyloom.pipeline.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.loss.LossTally;
import storyloom.pipeline.LocalSpark;
import storyloom.pipeline.batch.PairShards;
import storyloom.pipeline.train.SmallTraining.Log;
import storyloom.pipeline.train.plan.DivergedException;
import storyloom.pipeline.train.plan.StopRequest;
import storyloom.pipeline.train.plan.TrainingLimits;
import storyloom.pipeline.train.plan.TrainingPlan;
import storyloom.pipeline.train.plan.TrainingPosition;
import storyloom.pipeline.train.plan.TrainingProgress.EpochReport;
import storyloom.pipeline.train.plan.TrainingProgress.RoundReport;
import storyloom.pipeline.train.plan.TrainingResult;
import storyloom.pipeline.train.plan.TrainingResult.Ending;

class TrainingEndTest {

  @TempDir Path folder;

  private static TrainingPlan plan(double learningRate, int epochs) {
    return new TrainingPlan(
        SmallTraining.MODEL, new Optimisation(learningRate, 5, 1), epochs, 16, 2, 2);
  }

  private static EpochReport epoch(int number, double validLoss) {
    return new EpochReport(number, LossTally.NONE, new LossTally(validLoss, 1, 0), 60);
  }

  private static TrainingPosition position(double... validLosses) {
    TrainingPosition position = TrainingPosition.START;
    for (int i = 0; i < validLosses.length; i++) {
      position = position.after(epoch(i, validLosses[i]));
    }
    return position;
  }

  @Test
  void patienceCountsEpochsWithoutANewBest() {
    TrainingLimits two = new TrainingLimits(2, 0);

    assertThat(two.outOfPatience(position(5, 4, 4.5))).isFalse();
    assertThat(two.outOfPatience(position(5, 4, 4.5, 4))).isTrue();
    assertThat(two.outOfPatience(position(5, 4, 4.5, 3.9))).isFalse();
    assertThat(TrainingLimits.NONE.outOfPatience(position(1, 2, 3, 4, 5))).isFalse();
  }

  @Test
  void timeCountsAllRoundsAndTheOneToCome() {
    TrainingLimits fiveMinutes = new TrainingLimits(0, 5);
    RoundReport minute =
        new RoundReport(
            0, 0, 9, new LossTally(1, 1, 1), new RoundReport.Times(0, 60, 0, 0), 0.001, 1);

    assertThat(fiveMinutes.outOfTime(position(5, 4, 3, 2), minute)).isFalse();
    assertThat(fiveMinutes.outOfTime(position(5, 4, 3, 2).after(minute, 2), minute)).isTrue();
    assertThat(TrainingLimits.NONE.outOfTime(position(5, 4, 3, 2, 1), minute)).isFalse();
  }

  @Test
  void theBestEpochsWeightsAreKept() {
    SmallTraining small = new SmallTraining(folder);
    var train = small.shards("train", 30, 2);
    var valid = small.otherShards("valid", 30, 2);
    Log log = new Log();
    try (Trainer trainer =
        small.trainer(
            plan(0.05, 60),
            new TrainingLimits(3, 0),
            new StopRequest(),
            log,
            small.checkpoints("saved", 0, 1))) {
      TrainingResult result = trainer.train(train, valid);

      assertThat(result.ending()).isEqualTo(Ending.PATIENCE);
      assertThat(result.kept()).isEqualTo(log.epochs.get(log.epochs.size() - 4));
      LossTally again;
      try (ClusterScore score = score(valid)) {
        again = score.of(trainer.model());
      }
      assertThat(again).isEqualTo(result.kept().valid());
    }
  }

  private static ClusterScore score(org.apache.hadoop.fs.Path shards) {
    Configuration hadoop = new Configuration();
    List<String> paths = PairShards.paths(shards, hadoop).stream().map(Object::toString).toList();
    return new ClusterScore(
        LocalSpark.context(),
        plan(0.05, 60),
        LocalSpark.context().parallelize(paths, 2),
        new SerializableConfiguration(hadoop),
        new StopRequest());
  }

  @Test
  void aTimeLimitEndsInMidEpochWithWhatWasLearned() {
    SmallTraining small = new SmallTraining(folder);
    var shards = small.shards("train", 107, 2);
    Log log = new Log();
    try (Trainer trainer =
        small.trainer(
            plan(0.01, 3),
            new TrainingLimits(0, 1e-9),
            new StopRequest(),
            log,
            small.checkpoints("saved", 0, 1))) {
      TrainingResult result = trainer.train(shards, shards);

      assertThat(result.ending()).isEqualTo(Ending.TIME);
      assertThat(log.rounds).hasSize(1);
      assertThat(result.kept().train()).isEqualTo(log.rounds.get(0).tally());
      assertThat(result.kept().valid().perplexity()).isLessThan(41);
    }
  }

  @Test
  void aTrainingThatDivergesNamesRoundWorkerAndTheLastGoodCheckpoint() {
    SmallTraining small = new SmallTraining(folder);
    var shards = small.shards("train", 107, 2);
    Log log = new Log();
    try (Trainer trainer =
        small.trainer(
            plan(3e38, 3),
            TrainingLimits.NONE,
            new StopRequest(),
            log,
            small.checkpoints("saved", 1, 1))) {

      assertThatThrownBy(() -> trainer.train(shards, shards))
          .isInstanceOf(DivergedException.class)
          .hasMessageContainingAll("epoch 1, round 1", "worker 1", "saved/00000-00000000");
      assertThat(log.rounds).isEmpty();
    }
  }

  @Test
  void aRoundThatComputesIsGivenUpAndNothingOfItIsKept() {
    SmallTraining small = new SmallTraining(folder);
    var shards = small.shards("train", 30_000, 2);
    TrainingPlan oneLongRound =
        new TrainingPlan(
            new Seq2SeqConfig(40, 32, 64, 0.1), new Optimisation(0.01, 5, 1), 1, 4, 7_500, 2);
    StopRequest stop = new StopRequest();
    Log log = new Log();
    MidRound midRound = new MidRound(2, stop::request);
    LocalSpark.context().sc().addSparkListener(midRound);
    try (Trainer trainer =
        small.trainer(
            oneLongRound, TrainingLimits.NONE, stop, log, small.checkpoints("saved", 0, 1))) {
      float[] start = SmallTraining.weights(trainer);

      assertThat(trainer.train(shards, shards).ending()).isEqualTo(Ending.STOPPED);
      assertThat(log.rounds).isEmpty();
      assertThat(SmallTraining.weights(trainer)).containsExactly(start);
    } finally {
      LocalSpark.context().sc().removeSparkListener(midRound);
    }
  }

  /** Does something as soon as all workers of a first round have begun. */
  private static final class MidRound extends SparkListener {
    private final Runnable action;
    private int workersToCome;
    private int stage = -1;

    MidRound(int workers, Runnable action) {
      this.workersToCome = workers;
      this.action = action;
    }

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted submitted) {
      if (stage < 0 && submitted.stageInfo().name().contains("AveragingRound")) {
        stage = submitted.stageInfo().stageId();
      }
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart started) {
      if (started.stageId() == stage && --workersToCome == 0) {
        action.run();
      }
    }
  }
}
