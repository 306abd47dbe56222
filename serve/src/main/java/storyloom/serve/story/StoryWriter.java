package storyloom.serve.story;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import storyloom.model.bundle.Bundle;
import storyloom.model.decode.GenerationRequest;
import storyloom.model.decode.StoryBatch;
import storyloom.model.nn.kernel.NativeThreads;

/**
 * The thread that writes all stories of one model. Orders wait in a queue of bounded length and
 * join the batch between two steps, in the order in which they came.
 */
public final class StoryWriter implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StoryWriter.class);

  private final Bundle bundle;
  private final WriterSettings settings;
  private final Thread thread;
  private final Queue<PendingStory> waiting = new ArrayDeque<>();
  private final List<PendingStory> running = new ArrayList<>();
  private final LongAdder left = new LongAdder();
  private volatile int busyRows;
  private boolean closed;

  /**
   * Starts the thread.
   *
   * @param bundle must stay open as long as this
   */
  public StoryWriter(Bundle bundle, WriterSettings settings) {
    this.bundle = bundle;
    this.settings = settings;
    this.thread = new Thread(this::work, "storyloom-writer-" + bundle.version());
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Takes an order, if there is room for it in the queue.
   *
   * @throws IllegalArgumentException if it needs more rows than a batch has
   */
  public synchronized boolean take(PendingStory order) {
    if (order.rows() > settings.rows()) {
      throw new IllegalArgumentException(
          "%d rows are needed where a batch has %d".formatted(order.rows(), settings.rows()));
    }
    if (closed || waiting.size() >= settings.queue()) {
      return false;
    }
    waiting.add(order);
    notifyAll();
    return true;
  }

  /**
   * Frees what is taken by an order for which nobody waits; nothing happens to one that is done.
   */
  public synchronized void drop(PendingStory order) {
    order.drop();
    waiting.remove(order);
  }

  /** Orders that wait for room in the batch. */
  public synchronized int waiting() {
    return waiting.size();
  }

  /** Rows of the batch that are taken. */
  public int busyRows() {
    return busyRows;
  }

  /** Orders that nobody waited for any more, and whose rows were freed before their ends. */
  public long left() {
    return left.sum();
  }

  /** Whether there is somebody to write. */
  public boolean isAlive() {
    return thread.isAlive();
  }

  private void work() {
    NativeThreads.set(settings.threads());
    try {
      while (!isClosed()) {
        try (StoryBatch batch = new StoryBatch(bundle, settings.rows())) {
          write(batch);
        } catch (RuntimeException | OutOfMemoryError failure) {
          if (running.isEmpty()) {
            throw failure; // there is no batch to be had
          }
          LOG.error("{} orders have failed; those that wait go on", running.size(), failure);
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
      leave(batch);
      join(batch);
      batch.step();
      running.removeIf(StoryWriter::tellIfDone);
      busyRows = settings.rows() - batch.free();
    }
  }

  /** Waits for something to do; false if this is closed. */
  private synchronized boolean await() throws InterruptedException {
    while (!closed && running.isEmpty() && waiting.isEmpty()) {
      wait();
    }
    return !closed;
  }

  private void leave(StoryBatch batch) {
    for (PendingStory order : running) {
      if (order.isDropped()) {
        order.requests().forEach(batch::leave);
        left.increment();
      }
    }
    running.removeIf(PendingStory::isDropped);
  }

  private void join(StoryBatch batch) {
    List<GenerationRequest> joining = new ArrayList<>();
    synchronized (this) {
      int free = batch.free();
      while (!waiting.isEmpty() && waiting.element().rows() <= free) {
        PendingStory order = waiting.remove();
        free -= order.rows();
        running.add(order);
        joining.addAll(order.requests());
      }
    }
    batch.join(joining);
  }

  private static boolean tellIfDone(PendingStory order) {
    boolean done = order.isDone();
    if (done) {
      order.tellDone();
    }
    return done;
  }

  private void failRunning() {
    running.forEach(PendingStory::tellFailed);
    running.clear();
    busyRows = 0;
  }

  private void end() {
    failRunning();
    synchronized (this) {
      closed = true;
      waiting.forEach(PendingStory::tellFailed);
      waiting.clear();
    }
  }

  /** Ends the thread; orders that are not written fail. */
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
}
