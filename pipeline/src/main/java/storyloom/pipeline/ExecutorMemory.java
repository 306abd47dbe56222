package storyloom.pipeline;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import storyloom.model.nn.kernel.MemoryShortage;

/**
 * The memory of an executor, which trials of a search share that are trained and judged in it side
 * by side. As long as one of them has all of it, the others find none either, though it may be that
 * one alone which is too large. So work that runs out of memory beside other work is done once more
 * when that is over, and no other begins meanwhile: it fails only if it does so alone.
 */
public final class ExecutorMemory {

  /** That of this JVM. */
  public static final ExecutorMemory HERE = new ExecutorMemory();

  private final ReentrantReadWriteLock users = new ReentrantReadWriteLock(true);
  private final AtomicLong begun = new AtomicLong();

  ExecutorMemory() {}

  /**
   * Works beside others or, if the memory does not suffice for that, alone.
   *
   * @param work leaves nothing in memory, however it ends
   * @return what the work gave
   * @throws InterruptedException if interrupted while waiting for others
   */
  public <T> T use(Supplier<T> work) throws InterruptedException {
    boolean shared = false;
    Lock besideOthers = users.readLock();
    besideOthers.lockInterruptibly();
    long number = begun.incrementAndGet();
    try {
      shared = users.getReadLockCount() > 1;
      return work.get();
    } catch (RuntimeException | Error failure) {
      shared |= begun.get() != number;
      if (!shared || MemoryShortage.in(failure).isEmpty()) {
        throw failure;
      }
    } finally {
      besideOthers.unlock();
    }
    return alone(work);
  }

  private <T> T alone(Supplier<T> work) throws InterruptedException {
    Lock alone = users.writeLock();
    alone.lockInterruptibly();
    try {
      return work.get();
    } finally {
      alone.unlock();
    }
  }
}
