package storyloom.model.nn.kernel;

import org.bytedeco.openblas.global.openblas_nolapack;
import org.nd4j.linalg.factory.Environment;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * How many threads the kernels, BLAS and ND4J's own operations use. Spark runs several tasks in a
 * JVM, each on a core of its own; pools of threads on top of that only fight for the cores.
 */
public final class NativeThreads {

  private static final ThreadLocal<Integer> COUNT = ThreadLocal.withInitial(() -> 1);

  private NativeThreads() {}

  /**
   * Sets the number for the calling thread, so each task's thread calls this; OpenBLAS, which
   * serves what oneDNN does not, has one number for the JVM.
   *
   * @param threads at least 1
   */
  public static void set(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("at least 1 thread is needed, not " + threads);
    }
    openblas_nolapack.blas_set_num_threads(threads);
    Environment nd4j = Nd4j.getEnvironment(); // also loads ND4J, which the next line needs
    openMp().setOmpNumThreads(threads);
    nd4j.setMaxThreads(threads); // only ever grows; the next line limits it
    nd4j.setMaxMasterThreads(threads);
    COUNT.set(threads);
  }

  /** Threads that the calling thread may split a loop over. */
  static int count() {
    return COUNT.get();
  }

  /** Runs something on the calling thread alone. */
  static void alone(Runnable work) {
    int threads = count();
    COUNT.set(1);
    openMp().setOmpNumThreads(1);
    try {
      work.run();
    } finally {
      COUNT.set(threads);
      openMp().setOmpNumThreads(threads);
    }
  }

  private static NativeOps openMp() {
    return NativeOpsHolder.getInstance().getDeviceNativeOps();
  }

  /** Threads that BLAS uses now. */
  public static int blas() {
    return openblas_nolapack.blas_get_num_threads();
  }
}
