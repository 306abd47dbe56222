package storyloom.model.nn.kernel;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What a thread puts on the heap. */
final class AllocatedBytes {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final int COMPILED_BY_THEN = 400;

  private AllocatedBytes() {}

  /**
   * What this thread allocates in one run of a loop, once the compiler has come to it.
   *
   * @param enough as few bytes end the search
   * @return the least of some hundred runs
   */
  static long ofCompiled(Runnable loop, long enough) {
    long least = Long.MAX_VALUE;
    for (int run = 0; run < COMPILED_BY_THEN && least > enough; run++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      loop.run();
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }
}
