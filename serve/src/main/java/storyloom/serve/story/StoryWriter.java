package storyloom.serve.story;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import storyloom.model.bundle.Bundle;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.decode.GenerationRequest;
import storyloom.model.decode.StoryBatch;
import storyloom.model.nn.kernel.NativeThreads;
import storyloom.model.nn.kernel.Precision;
import storyloom.model.settings.Settings;

/**
 * The thread that writes all stories of one model. Pending stories wait in a queue of bounded
 * length and join the batch between two steps, first come, first served.
 */
public final class StoryWriter implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StoryWriter.class);

  private final Bundle bundle;
  private final Capacity capacity;
  private final Thread thread;
  private final Queue<PendingStory> waiting = new ArrayDeque<>();
  private final List<PendingStory> running = new ArrayList<>();
  private final LongAdder cancelled = new LongAdder();
  private volatile int busyRows;
  private boolean closed;

  /**
   * Starts the thread.
   *
   * @param bundle must stay open as long as this
   */
  public StoryWriter(Bundle bundle, Capacity capacity) {
    this.bundle = bundle;
    this.capacity = capacity;
    this.thread = new Thread(this::work, "storyloom-writer-" + bundle.version());
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Enqueues a story; false if the queue is full or this is closed.
   *
   * @throws IllegalArgumentException if it needs more rows than a batch has
   */
  public synchronized boolean submit(PendingStory pending) {
    if (pending.rows() > capacity.rows()) {
      throw new IllegalArgumentException(
          "%d rows are needed where a batch has %d".formatted(pending.rows(), capacity.rows()));
    }
    if (closed || waiting.size() >= capacity.queue()) {
      return false;
    }
    waiting.add(pending);
    notifyAll();
    return true;
  }

  /**
   * Frees the place or the rows of a story that nobody waits for; does nothing to one that is done.
   */
  public synchronized void cancel(PendingStory pending) {
    pending.cancel();
    waiting.remove(pending);
  }

  /** Pending stories that wait for room in the batch. */
  public synchronized int waiting() {
    return waiting.size();
  }

  /** Rows of the batch that are taken. */
  public int busyRows() {
    return busyRows;
  }

  /** Pending stories that were cancelled in the batch, before their ends. */
  public long cancelled() {
    return cancelled.sum();
  }

  /** Whether the thread runs. */
  public boolean isAlive() {
    return thread.isAlive();
  }

  private void work() {
    NativeThreads.set(capacity.threads());
    try {
      while (!isClosed()) {
        try (StoryBatch batch = new StoryBatch(bundle, capacity.precision(), capacity.rows())) {
          write(batch);
        } catch (RuntimeException | OutOfMemoryError failure) {
          if (running.isEmpty()) {
            throw failure; // not even a batch can be made
          }
          LOG.error(
              "{} stories have failed; those that wait are not affected",
              running.size(),
              LoggedFailure.of(failure));
          failRunning();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      end();
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private void write(StoryBatch batch) throws InterruptedException {
    while (await()) {
      removeCancelled(batch);
      join(batch);
      batch.step();
      running.removeIf(PendingStory::finishIfDone);
      busyRows = capacity.rows() - batch.free();
    }
  }

  /** Waits for something to do; false if this is closed. */
  private synchronized boolean await() throws InterruptedException {
    while (!closed && running.isEmpty() && waiting.isEmpty()) {
      wait();
    }
    return !closed;
  }

  private void removeCancelled(StoryBatch batch) {
    running.removeIf(
        pending -> {
          boolean gone = pending.isCancelled(); // read once: it may be cancelled meanwhile
          if (gone) {
            pending.searches().forEach(batch::leave);
            cancelled.increment();
          }
          return gone;
        });
  }

  private void join(StoryBatch batch) {
    List<GenerationRequest> joining = new ArrayList<>();
    synchronized (this) {
      int free = batch.free();
      while (!waiting.isEmpty() && waiting.element().rows() <= free) {
        PendingStory pending = waiting.remove();
        free -= pending.rows();
        running.add(pending);
        joining.addAll(pending.searches());
      }
    }
    batch.join(joining);
  }

  private void failRunning() {
    running.forEach(PendingStory::fail);
    running.clear();
    busyRows = 0;
  }

  private void end() {
    failRunning();
    synchronized (this) {
      closed = true;
      waiting.forEach(PendingStory::fail);
      waiting.clear();
    }
  }

  /** Ends the thread; stories that are not written to their ends fail. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    boolean interrupted = false;
    while (thread.isAlive()) { // the bundle must stay open until then
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * How much is written at a time, and how exactly.
   *
   * @param rows of the batch: stories, or hypotheses of beams
   * @param queue pending stories that may wait for room in the batch
   * @param threads that compute
   * @param precision of the products
   */
  public record Capacity(int rows, int queue, int threads, Precision precision) {

    /** Those below {@code serve}, with the rows of {@code decode.batch}. */
    public static Capacity of(Settings settings) {
      int threads = settings.integer("serve.threads");
      return new Capacity(
          settings.integer("decode.batch"),
          settings.integer("serve.queue"),
          threads == 0 ? Runtime.getRuntime().availableProcessors() : threads,
          DecodeSettings.of(settings).precision());
    }
  }
}
