package storyloom.serve.story;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import storyloom.model.OneLine;
import storyloom.model.UserException;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.registry.Registry;
import storyloom.serve.story.StoryWriter.Capacity;

/**
 * The model that new stories are written with, which may change at any time: those that are being
 * written stay with the model that they were begun with, which is closed after the last of them.
 */
public final class ServedModels implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ServedModels.class);

  private final Registry registry;
  private final Optional<String> named;
  private final Configuration configuration;
  private final Capacity capacity;
  private final DecodeSettings decoding;
  private final AtomicReference<ServedModel> current;
  private final AtomicInteger switches = new AtomicInteger();
  private final AtomicInteger refusals = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private volatile Instant lastLook = Instant.now();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(ServedModels::watchThread);
  private String lastWarning = "";

  private Path served;
  private Path refused;

  /**
   * Opens the model to begin with.
   *
   * @param named version or directory of the model; empty for the registry's current one
   * @param decoding how stories are written of which no more is said
   * @throws UserException of data if there is none, or it cannot be used, and of usage if it cannot
   *     write so
   */
  public ServedModels(
      Registry registry,
      Optional<String> named,
      Configuration configuration,
      Capacity capacity,
      DecodeSettings decoding) {
    this.registry = registry;
    this.named = named;
    this.configuration = configuration;
    this.capacity = capacity;
    this.decoding = decoding;
    this.served = registry.resolve(named);
    this.current =
        new AtomicReference<>(ServedModel.open(served, configuration, capacity, decoding));
  }

  /** Acquires the current model; whoever does so releases it. */
  public ServedModel acquire() {
    while (true) {
      ServedModel model = current.get();
      if (model.acquire()) {
        return model;
      }
    }
  }

  /**
   * Switches to the registry's current model if it is another one than the served one.
   *
   * @param again whether a model is tried that was refused before
   * @return whether the model has changed
   * @throws UserException of data if the new one cannot be used; the old one stays then
   */
  public synchronized boolean refresh(boolean again) {
    try {
      return follow(again);
    } catch (RuntimeException | Error failure) {
      failures.incrementAndGet();
      throw failure;
    } finally {
      lastLook = Instant.now();
    }
  }

  private boolean follow(boolean again) {
    Path wanted = registry.resolve(named);
    if (wanted.equals(served) || (!again && wanted.equals(refused))) {
      return false;
    }
    ServedModel next;
    try {
      next = ServedModel.open(wanted, configuration, capacity, decoding);
    } catch (UserException unusable) {
      refused = wanted;
      refusals.incrementAndGet();
      throw unusable;
    }
    refused = null;
    served = wanted;
    switches.incrementAndGet();
    ServedModel former = current.getAndSet(next);
    LOG.info(
        "new stories are written with {}, no longer with {}",
        OneLine.of(next.version()),
        OneLine.of(former.version()));
    former.release();
    return true;
  }

  /** How often the model has changed. */
  public int switches() {
    return switches.get();
  }

  /** How often a model was refused. */
  public int refusals() {
    return refusals.get();
  }

  /** How often a look at the registry has failed, and the model stayed; refusals are among them. */
  public int failures() {
    return failures.get();
  }

  /** When a look at the registry has ended last, whether it was of use or not. */
  public Instant lastLook() {
    return lastLook;
  }

  /**
   * Refreshes from now on again and again, until this is closed; nothing else ends it. What goes
   * wrong is logged once.
   *
   * @param pause between two looks at the registry; zero for no look at all
   */
  public void watch(Duration pause) {
    if (!pause.isZero()) {
      long millis = pause.toMillis();
      var unused = clock.scheduleWithFixedDelay(this::look, millis, millis, TimeUnit.MILLISECONDS);
    }
  }

  private static Thread watchThread(Runnable work) {
    Thread thread = new Thread(work, "storyloom-registry-watch");
    thread.setDaemon(true);
    return thread;
  }

  private void look() {
    try {
      refresh(false);
      lastWarning = "";
    } catch (RuntimeException | Error failure) { // thrown on, it would end the watch
      warn(failure);
    }
  }

  private void warn(Throwable failure) {
    try {
      boolean known = failure instanceof UserException;
      String warning = OneLine.of(known ? failure.getMessage() : failure.toString());
      if (!warning.equals(lastWarning)) {
        LOG.warn("the model stays as it is: {}", warning, known ? null : LoggedFailure.of(failure));
      }
      lastWarning = warning;
    } catch (OutOfMemoryError untold) {
      lastWarning = ""; // it is told the next time
    }
  }

  /** Waits for a look at the registry that is under way, and releases the model. */
  @Override
  public void close() {
    clock.shutdown();
    try {
      if (!clock.awaitTermination(1, TimeUnit.MINUTES)) {
        LOG.warn("a look at the registry does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    current.get().release();
  }
}
