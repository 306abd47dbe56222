package storyloom.model.nn.kernel;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/**
 * Loops split over the threads that {@link NativeThreads#set} gave the calling thread. Inside of a
 * part, everything runs on that part's thread alone.
 */
public final class Parallel {

  /** A part of a loop. */
  @FunctionalInterface
  public interface Part {

    /** Does what is to be done for {@code from} to {@code to}, the latter excluded. */
    void run(int from, int to);
  }

  private static final AtomicInteger STARTED = new AtomicInteger();

  /**
   * What a thread waits for is mostly there sooner than the processor would wake it up. Longer than
   * this it does not keep a core from others.
   */
  private static final long SPIN_NANOS = 50_000;

  /**
   * Parts of a loop for each thread: where one is held up, the others take what it has not begun.
   */
  private static final int PARTS = 4;

  /**
   * As many as can run beside a caller; a part never waits for another, so more parts just queue.
   */
  private static final Executor POOL = pool();

  private Parallel() {}

  private static Executor pool() {
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    return new ThreadPoolExecutor(
        threads, threads, 0, TimeUnit.SECONDS, new SpinningQueue(), Parallel::thread);
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "storyloom-kernel-" + STARTED.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Runs a loop over 0 to {@code size}, in contiguous parts of which each begins at a multiple of
   * {@code grain}, and of which each thread takes the next one when it is done with the one before;
   * returns when all are done.
   *
   * @param size end of the loop; 0 runs nothing
   * @param grain the least that a thread is given, at least 1
   * @param part must not depend on how the loop is split
   */
  public static void over(int size, int grain, Part part) {
    int grains = (int) (((long) size + grain - 1) / grain);
    int threads = Math.min(NativeThreads.count(), grains);
    if (threads <= 1) {
      if (size > 0) {
        part.run(0, size);
      }
      return;
    }
    int parts = Math.min(PARTS * threads, grains);
    Loop loop =
        new Loop(
            parts,
            i ->
                part.run(
                    start(i, parts, grains, grain),
                    Math.min(size, start(i + 1, parts, grains, grain))));
    for (int thread = 1; thread < threads; thread++) {
      POOL.execute(loop);
    }
    loop.run();
    loop.await();
  }

  /** The parts of a loop, of which whoever runs it takes one after the other. */
  private static final class Loop implements Runnable {

    private final int parts;
    private final IntConsumer part;
    private final AtomicInteger next = new AtomicInteger();
    private final CountDownLatch left;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    Loop(int parts, IntConsumer part) {
      this.parts = parts;
      this.part = part;
      this.left = new CountDownLatch(parts);
    }

    @Override
    public void run() {
      NativeThreads.alone(
          () -> {
            for (int i = next.getAndIncrement(); i < parts; i = next.getAndIncrement()) {
              try {
                part.accept(i);
              } catch (RuntimeException | Error thrown) {
                failure.compareAndSet(null, thrown);
              } finally {
                left.countDown();
              }
            }
          });
    }

    /**
     * Waits for all parts whatever happens, for what they write to must not be freed under them. A
     * thread that comes when no part is left is not waited for.
     */
    void await() {
      spin(() -> left.getCount() == 0);
      boolean interrupted = false;
      while (true) {
        try {
          left.await();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      if (failure.get() instanceof Error error) {
        throw error;
      }
      if (failure.get() instanceof RuntimeException exception) {
        throw exception;
      }
    }
  }

  /**
   * Runs pieces of work that are cut where the threads do not matter: each thread takes the next
   * one when it is done with the one before; returns when all are done.
   *
   * @param count the pieces are numbered from 0 to this, excluded
   * @param piece must not depend on the others
   */
  public static void each(int count, IntConsumer piece) {
    AtomicInteger next = new AtomicInteger();
    over(
        Math.min(count, NativeThreads.count()),
        1,
        (from, to) -> {
          for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
            piece.accept(i);
          }
        });
  }

  /** Waits for a moment, or until something holds. */
  private static void spin(BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean() && System.nanoTime() - start < SPIN_NANOS) {
      Thread.onSpinWait();
    }
  }

  private static int start(int part, int parts, int grains, int grain) {
    return Math.toIntExact((long) grains * part / parts * grain);
  }

  /** The parts that wait for a thread. */
  private static final class SpinningQueue extends LinkedBlockingQueue<Runnable> {

    private static final long serialVersionUID = 1;

    @Override
    public Runnable take() throws InterruptedException {
      spin(() -> !isEmpty());
      return super.take();
    }
  }
}
