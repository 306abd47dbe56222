package storyloom.serve.story;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import storyloom.model.UserException;
import storyloom.model.registry.Registry;

/**
 * The model that new stories are written with, which may change at any time: those that are being
 * written stay with the model that they were begun with, which is closed after the last of them.
 */
public final class ServedModels implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ServedModels.class);

  private final Registry registry;
  private final Optional<String> named;
  private final Configuration configuration;
  private final WriterSettings settings;
  private final AtomicReference<ServedModel> current;
  private volatile int switches;
  private volatile int refusals;

  private Path served;
  private Path refused;

  /**
   * Opens the model to begin with.
   *
   * @param named version or directory of the model; empty for the registry's current one
   * @throws UserException of data if there is none, or it cannot be used
   */
  public ServedModels(
      Registry registry,
      Optional<String> named,
      Configuration configuration,
      WriterSettings settings) {
    this.registry = registry;
    this.named = named;
    this.configuration = configuration;
    this.settings = settings;
    this.served = registry.resolve(named);
    this.current = new AtomicReference<>(ServedModel.open(served, configuration, settings));
  }

  /** Takes hold of the model; to be released. */
  public ServedModel hold() {
    while (true) {
      ServedModel model = current.get();
      if (model.hold()) {
        return model;
      }
    }
  }

  /**
   * Looks which model is the current one, and goes over to it if it is another one.
   *
   * @param again whether a model is tried that was refused before
   * @return whether there is another model now
   * @throws UserException of data if the new one cannot be used; the old one stays then
   */
  public synchronized boolean refresh(boolean again) {
    Path wanted = registry.resolve(named);
    if (wanted.equals(served) || (!again && wanted.equals(refused))) {
      return false;
    }
    ServedModel next;
    try {
      next = ServedModel.open(wanted, configuration, settings);
    } catch (UserException | OutOfMemoryError unusable) {
      refused = wanted;
      refusals++;
      throw unusable instanceof UserException known
          ? known
          : UserException.data("there is not the memory for the model " + wanted, unusable);
    }
    refused = null;
    served = wanted;
    switches++;
    ServedModel former = current.getAndSet(next);
    LOG.info(
        "new stories are written with {}, no longer with {}", next.version(), former.version());
    former.release();
    return true;
  }

  /** How often the model has changed. */
  public int switches() {
    return switches;
  }

  /** How often a model was refused. */
  public int refusals() {
    return refusals;
  }

  /** Lets go of the model. */
  @Override
  public void close() {
    current.get().release();
  }
}
