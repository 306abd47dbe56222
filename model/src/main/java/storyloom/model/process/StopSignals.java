package storyloom.model.process;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Turns the first SIGTERM, or Ctrl-C, into a request that the command stops: as long as this is
 * open the process does not end at once. The second signal ends it as if this were not there.
 */
public final class StopSignals implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StopSignals.class);
  private static final List<String> NAMES = List.of("TERM", "INT");

  private final Runnable stop;
  private final AtomicBoolean received = new AtomicBoolean();
  private final Map<Signal, SignalHandler> former = new LinkedHashMap<>();

  /**
   * Listens from now on.
   *
   * @param stop called once, on a thread of its own, at the first signal; must not wait for the
   *     command to end
   */
  public StopSignals(Runnable stop) {
    this.stop = stop;
    synchronized (former) { // a signal may come before the second handler stands
      try {
        for (String name : NAMES) {
          Signal signal = new Signal(name);
          former.put(signal, Signal.handle(signal, this::received));
        }
      } catch (IllegalArgumentException e) {
        LOG.warn("signals end this process at once: {}", e.getMessage());
      }
    }
  }

  private void received(Signal signal) {
    if (received.compareAndSet(false, true)) {
      close(); // before anything that may take its time
      stop.run();
    }
  }

  /** Gives the signals back to those who had them. */
  @Override
  public void close() {
    synchronized (former) {
      former.forEach(Signal::handle);
      former.clear();
    }
  }
}
