package storyloom.pipeline.train.plan;

import java.util.List;
import storyloom.pipeline.train.plan.TrainingProgress.EpochReport;

/**
 * How a training ended.
 *
 * @param epochs a report for each epoch; the last one may have been cut short by the time limit
 * @param kept the epoch whose weights the graph holds now; null if training was stopped
 * @param ending why it ended
 */
public record TrainingResult(List<EpochReport> epochs, EpochReport kept, Ending ending) {

  /** Why a training ended. */
  public enum Ending {
    /** All epochs are done. */
    EPOCHS,
    /** The last epochs brought no lower validation perplexity. */
    PATIENCE,
    /** Another round would have ended after the time limit, or gone beyond that of rounds. */
    TIME,
    /** Somebody asked it to stop, and it was saved. */
    STOPPED
  }
}
