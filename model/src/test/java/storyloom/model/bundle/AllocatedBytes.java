package storyloom.model.bundle;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** How much memory something takes on the thread that does it, whether it is freed or not. */
final class AllocatedBytes {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Something that is measured. */
  @FunctionalInterface
  interface Work {
    void run() throws Exception;
  }

  private AllocatedBytes() {}

  /** On the Java heap, in bytes. */
  static long by(Work work) throws Exception {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    work.run();
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }
}
