package storyloom.model.nn.kernel;

import org.bytedeco.openblas.global.openblas_nolapack;
import org.nd4j.linalg.factory.Environment;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * How many threads BLAS and ND4J's own operations use. Spark runs several tasks in a JVM, each on a
 * core of its own; native pools of threads on top of that only fight for the cores.
 */
public final class NativeThreads {

  private NativeThreads() {}

  /**
   * Sets the number for BLAS, which is the JVM's, and for OpenMP, which is the calling thread's: so
   * each task's thread calls this.
   *
   * @param threads at least 1
   */
  public static void set(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("at least 1 thread is needed, not " + threads);
    }
    openblas_nolapack.blas_set_num_threads(threads);
    Environment nd4j = Nd4j.getEnvironment(); // also loads ND4J, which the next line needs
    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
    nd4j.setMaxThreads(threads); // only ever grows; the next line limits it
    nd4j.setMaxMasterThreads(threads);
  }

  /** Threads that BLAS uses now. */
  public static int blas() {
    return openblas_nolapack.blas_get_num_threads();
  }
}
