package storyloom.pipeline.tune;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import storyloom.model.nn.kernel.MemoryShortage;

/**
 * The memory of an executor, which trials share that are trained in it side by side. As long as one
 * of them has all of it, the others find none either, though it may be that one alone which is too
 * large. So a trial that runs out of memory beside others is trained once more when they are done,
 * and no other begins meanwhile: it fails only if it does so alone.
 */
final class ExecutorMemory {

  private final ReentrantReadWriteLock users = new ReentrantReadWriteLock(true);
  private final AtomicLong begun = new AtomicLong();

  /**
   * Trains beside others or, if the memory does not suffice for that, alone.
   *
   * @param training leaves nothing in memory, however it ends
   * @return what the training gave
   * @throws InterruptedException if interrupted while waiting for others
   */
  <T> T use(Supplier<T> training) throws InterruptedException {
    boolean shared = false;
    Lock besideOthers = users.readLock();
    besideOthers.lockInterruptibly();
    long number = begun.incrementAndGet();
    try {
      shared = users.getReadLockCount() > 1;
      return training.get();
    } catch (RuntimeException | Error failure) {
      shared |= begun.get() != number;
      if (!shared || MemoryShortage.in(failure).isEmpty()) {
        throw failure;
      }
    } finally {
      besideOthers.unlock();
    }
    return alone(training);
  }

  private <T> T alone(Supplier<T> training) throws InterruptedException {
    Lock alone = users.writeLock();
    alone.lockInterruptibly();
    try {
      return training.get();
    } finally {
      alone.unlock();
    }
  }
}
