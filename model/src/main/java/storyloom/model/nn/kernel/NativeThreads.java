package storyloom.model.nn.kernel;

import org.bytedeco.openblas.global.openblas_nolapack;
import org.nd4j.linalg.factory.Environment;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * How many threads the kernels use. Spark runs several tasks in a JVM, each on a core of its own;
 * pools of threads on top of that only fight for the cores. BLAS and ND4J's own operations stay on
 * the thread that calls them: cut by a number of threads, a product would round differently with
 * another number.
 */
public final class NativeThreads {

  private static final ThreadLocal<Integer> COUNT =
      ThreadLocal.withInitial(NativeThreads::withoutOthers);

  private NativeThreads() {}

  /** OpenMP counts for each thread of ours, OpenBLAS and ND4J for the JVM. */
  private static int withoutOthers() {
    OffHeapLimits.ofThisMachine().apply(); // an executor that was told no others
    NativeLibraries.require();
    Environment nd4j = Nd4j.getEnvironment(); // also loads ND4J, which sets numbers of its own
    openblas_nolapack.blas_set_num_threads(1);
    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
    nd4j.setMaxThreads(1); // only ever grows; the next line limits it
    nd4j.setMaxMasterThreads(1);
    return 1;
  }

  /**
   * Sets the number for the calling thread, so each task's thread calls this; 1 where it does not.
   *
   * @param threads at least 1
   */
  public static void set(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("at least 1 thread is needed, not " + threads);
    }
    count(); // the libraries' numbers, before anything is computed here
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
    try {
      work.run();
    } finally {
      COUNT.set(threads);
    }
  }

  /** Threads that BLAS uses now. */
  public static int blas() {
    return openblas_nolapack.blas_get_num_threads();
  }
}
