package storyloom.pipeline.train;

/** Told how a training goes, on the driver, in between rounds. */
public interface TrainingProgress {

  /** A round of averaging is done. */
  void roundDone(RoundReport report);

  /** An epoch is done and scored. */
  void epochDone(EpochReport report);
}
