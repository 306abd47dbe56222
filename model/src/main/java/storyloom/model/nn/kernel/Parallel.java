package storyloom.model.nn.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
   * As many as can run beside a caller; a part never waits for another, so more parts just queue.
   */
  private static final ExecutorService POOL = pool();

  private Parallel() {}

  private static ExecutorService pool() {
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
   * {@code grain}; returns when all are done.
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
    List<Future<?>> others = new ArrayList<>(threads - 1);
    for (int thread = 1; thread < threads; thread++) {
      int from = start(thread, threads, grains, grain);
      int to = Math.min(size, start(thread + 1, threads, grains, grain));
      others.add(POOL.submit(() -> NativeThreads.alone(() -> part.run(from, to))));
    }
    try {
      NativeThreads.alone(() -> part.run(0, start(1, threads, grains, grain)));
    } finally {
      others.forEach(Parallel::await);
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

  private static int start(int thread, int threads, int grains, int grain) {
    return Math.toIntExact((long) grains * thread / threads * grain);
  }

  /** Waits whatever happens: what the part writes to must not be freed under it. */
  private static void await(Future<?> part) {
    spin(part::isDone);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          part.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          if (e.getCause() instanceof Error error) { // there may be no memory left
            throw error;
          }
          throw e.getCause() instanceof RuntimeException cause
              ? cause
              : new IllegalStateException(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
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
