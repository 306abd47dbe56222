package storyloom.pipeline.tune;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import storyloom.model.UserException;
import storyloom.pipeline.tune.TrialScheduler.Job;

/**
 * Runs a search: as many trials at a time as there are task slots, each the business of a thread
 * that waits for its task. What is next is the {@link TrialScheduler}'s, and whoever listens hears
 * of everything in the order in which the scheduler does, on the thread that called {@link #run}.
 */
public final class Tuner {

  private static final long PAUSE_MILLIS = 200;
  private static final double NANOS = 1e9;

  /** Hears how a search goes. */
  @FunctionalInterface
  public interface Listener {

    /** A trial is about to be trained on to a rung. Nothing unless somebody wants to know. */
    default void begun(Job job) {}

    /** It has come there, or failed. */
    void ended(RungResult result);

    /** Reports to several, one after another. */
    static Listener all(List<Listener> listeners) {
      return new Listener() {
        @Override
        public void begun(Job job) {
          listeners.forEach(each -> each.begun(job));
        }

        @Override
        public void ended(RungResult result) {
          listeners.forEach(each -> each.ended(result));
        }
      };
    }
  }

  /** Why a search ended. */
  public enum Ending {
    /** There is nothing left to try. */
    DONE,
    /** Its time is over. */
    TIME,
    /** Somebody asked it to stop. */
    STOPPED
  }

  /** A trial's work: {@link TrialRunner#run}, or what stands for it. */
  @FunctionalInterface
  public interface Work {
    /**
     * Trains on to a rung, and waits for it.
     *
     * @param slots whose cores it may use: its own, and a share of those that are left idle
     */
    RungResult run(Job job, int slots);
  }

  private final TrialScheduler scheduler;
  private final Work work;
  private final Runnable cancel;
  private final IntSupplier slots;
  private final Listener listener;

  private final Map<Job, Integer> running = new HashMap<>();

  private volatile boolean stopped;

  /**
   * @param scheduler as it stands: jobs that are under way begin again
   * @param runner trains
   * @param slots how many trials may run at a time, asked for again and again
   */
  public Tuner(TrialScheduler scheduler, TrialRunner runner, IntSupplier slots, Listener listener) {
    this(scheduler, runner::run, runner::cancel, slots, listener);
  }

  /**
   * @param cancel gives up the work that is under way
   */
  Tuner(
      TrialScheduler scheduler, Work work, Runnable cancel, IntSupplier slots, Listener listener) {
    this.scheduler = scheduler;
    this.work = work;
    this.cancel = cancel;
    this.slots = slots;
    this.listener = listener;
  }

  /** Asks to stop, from any thread: rungs that are under way are given up. */
  public void stop() {
    stopped = true;
  }

  /**
   * Searches to the end.
   *
   * @param seconds that are left; infinite for no limit
   * @throws UserException of data if something cannot be read or written, for that is no trial's
   *     fault
   */
  public Ending run(double seconds) {
    long started = System.nanoTime();
    ExecutorService threads = Executors.newCachedThreadPool(Tuner::thread);
    CompletionService<RungResult> ends = new ExecutorCompletionService<>(threads);
    Deque<Job> again = new ArrayDeque<>(scheduler.underWay());
    try {
      while (true) {
        boolean late = (System.nanoTime() - started) / NANOS > seconds;
        if (stopped || late) {
          giveUp(ends);
          return stopped ? Ending.STOPPED : Ending.TIME;
        }
        fill(ends, again);
        if (running.isEmpty()) {
          return Ending.DONE;
        }
        Future<RungResult> end = ends.poll(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        if (end != null) {
          take(end);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Ending.STOPPED;
    } finally {
      cancel.run();
      threads.shutdownNow();
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "storyloom-trial");
    thread.setDaemon(true);
    return thread;
  }

  /** Begins what there is to do; slots that nothing is left for lend their cores. */
  private void fill(CompletionService<RungResult> ends, Deque<Job> again) {
    int most = slots.getAsInt();
    List<Job> next = new ArrayList<>();
    while (running.size() + next.size() < most) {
      Optional<Job> job = again.isEmpty() ? scheduler.next() : Optional.of(again.removeFirst());
      if (job.isEmpty()) {
        break;
      }
      next.add(job.get());
    }
    int free = most - running.values().stream().mapToInt(taken -> taken).sum();
    for (Job job : next) {
      int share = Math.max(1, free / next.size());
      listener.begun(job);
      running.put(job, share);
      ends.submit(() -> work.run(job, share));
    }
  }

  private void take(Future<RungResult> end) throws InterruptedException {
    try {
      RungResult result = end.get();
      running.remove(new Job(result.trial(), result.rung()));
      if (!stopped) {
        scheduler.ended(result);
        listener.ended(result);
      }
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof UserException mistake) {
        throw mistake;
      }
      throw new IllegalStateException("the search cannot go on", failed.getCause());
    }
  }

  /** What is under way will begin again, from its last epoch, if the search is resumed. */
  private void giveUp(CompletionService<RungResult> ends) throws InterruptedException {
    int left = running.size();
    while (left > 0) {
      cancel.run(); // again and again: a thread may be in between two jobs
      if (ends.poll(PAUSE_MILLIS, TimeUnit.MILLISECONDS) != null) {
        left--;
      }
    }
  }
}
