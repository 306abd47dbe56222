package storyloom.pipeline.train.plan;

/** Told how a training goes, on the driver, in between rounds. */
public interface TrainingProgress {

  /** A round of averaging is done. */
  void roundDone(RoundReport report);

  /** An epoch is done and scored. */
  void epochDone(EpochReport report);

  /** Tells this one, then another. */
  default TrainingProgress andThen(TrainingProgress next) {
    TrainingProgress first = this;
    return new TrainingProgress() {
      @Override
      public void roundDone(RoundReport report) {
        first.roundDone(report);
        next.roundDone(report);
      }

      @Override
      public void epochDone(EpochReport report) {
        first.epochDone(report);
        next.epochDone(report);
      }
    };
  }
}
