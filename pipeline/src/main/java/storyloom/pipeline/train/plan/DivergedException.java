package storyloom.pipeline.train.plan;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;

/** A training's numbers have become infinite, or none at all; nothing good can come of them. */
public final class DivergedException extends RuntimeException {

  private DivergedException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * @param epoch counted from 0
   * @param round within the epoch, counted from 0
   * @param workers whose loss or gradient it is; empty if only the mean is not finite
   */
  public DivergedException(int epoch, int round, List<Integer> workers) {
    super(
        "the training has diverged in epoch %d, round %d: %s is not finite; set train.learning-rate or train.clip lower"
            .formatted(epoch + 1, round + 1, whose(workers)));
  }

  /** The same, and where the weights of an earlier round can be had. */
  public DivergedException after(Optional<Path> checkpoint) {
    return checkpoint
        .map(
            path ->
                new DivergedException(getMessage() + "; the last good checkpoint is " + path, this))
        .orElse(this);
  }

  private static String whose(List<Integer> workers) {
    if (workers.isEmpty()) {
      return "the mean of the workers' weights";
    }
    return "the loss or the gradient of worker "
        + workers.stream()
            .map(worker -> worker + 1)
            .map(Object::toString)
            .collect(Collectors.joining(", "));
  }
}
