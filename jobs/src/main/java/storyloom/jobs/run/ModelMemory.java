package storyloom.jobs.run;

import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import storyloom.jobs.cluster.MemoryNeed;
import storyloom.model.bundle.Bundle;
import storyloom.model.files.HadoopFiles;
import storyloom.model.registry.Registry;

/** How much memory outside the heap the use of a model takes, estimated by its size. */
public final class ModelMemory {

  /** Beside the weights of a task, for what it computes with. */
  private static final long WORKING = 64L << 20;

  private ModelMemory() {}

  /**
   * Of a model that is about to be used: its weights, as they are and as products take them, for
   * all tasks of an executor; as much for each task.
   *
   * @param home of the registry
   * @param model directory or version; the current one if empty
   */
  public static MemoryNeed of(String home, Optional<String> model, Configuration configuration) {
    return of(new Registry(home, configuration).resolve(model), configuration);
  }

  /**
   * As {@link #of(String, Optional, Configuration)}, of the larger of two that are used one after
   * the other.
   *
   * @param other directory or version; null if there is none
   */
  public static MemoryNeed largest(
      String home, Optional<String> model, String other, Configuration configuration) {
    MemoryNeed one = of(home, model, configuration);
    if (other == null) {
      return one;
    }
    MemoryNeed two = of(home, Optional.of(other), configuration);
    return two.shared() > one.shared() ? two : one;
  }

  /** As {@link #of(String, Optional, Configuration)}, of a model whose directory is known. */
  public static MemoryNeed of(Path bundle, Configuration configuration) {
    try {
      long weights =
          HadoopFiles.of(bundle, configuration)
              .getFileStatus(new Path(bundle, Bundle.WEIGHTS))
              .getLen();
      return new MemoryNeed(0, 2 * weights, weights + WORKING);
    } catch (IOException e) {
      return MemoryNeed.NOTHING; // whoever reads the model says what is wrong with it
    }
  }
}
