package storyloom.bench;

import picocli.CommandLine.Option;
import storyloom.model.nn.kernel.NativeThreads;

/** The options that say what this process computes with. */
final class ComputeOptions {

  @Option(names = "--threads", defaultValue = "2", description = "Default: ${DEFAULT-VALUE}")
  private int threads;

  @Option(names = "--scalar", description = "Plain loops, as where the vector module is missing.")
  private boolean scalar;

  /** Makes it so, for this thread; to be called before anything is computed. */
  void apply() {
    if (scalar) {
      System.setProperty("storyloom.kernel", "loops");
    }
    NativeThreads.set(threads);
  }

  /** Threads that compute. */
  int threads() {
    return threads;
  }
}
