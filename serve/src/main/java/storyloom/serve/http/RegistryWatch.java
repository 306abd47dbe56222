package storyloom.serve.http;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import storyloom.serve.story.ServedModels;

/** Looks now and then whether the registry has another current model. */
final class RegistryWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RegistryWatch.class);

  private final ServedModels shelf;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(RegistryWatch::thread);
  private String lastWarning = "";

  /**
   * @param pause between two looks; zero for none at all
   */
  RegistryWatch(ServedModels shelf, Duration pause) {
    this.shelf = shelf;
    if (!pause.isZero()) {
      long millis = pause.toMillis();
      var unused = clock.scheduleWithFixedDelay(this::look, millis, millis, TimeUnit.MILLISECONDS);
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "storyloom-registry-watch");
    thread.setDaemon(true);
    return thread;
  }

  /** Whatever happens, the next look follows; the same mishap is told once. */
  private void look() {
    try {
      shelf.refresh(false);
      lastWarning = "";
    } catch (RuntimeException failure) {
      String warning = String.valueOf(failure.getMessage());
      if (!warning.equals(lastWarning)) {
        LOG.warn("the model stays as it is: {}", warning);
      }
      lastWarning = warning;
    }
  }

  /** Waits for a look that is under way. */
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
  }
}
