package storyloom.model.decode.network;

import java.io.Closeable;
import java.util.EnumMap;
import java.util.Map;
import storyloom.model.bundle.Bundle;
import storyloom.model.nn.kernel.Precision;

/** A bundle's networks, one for each precision that somebody has asked for. */
final class BundleNetworks implements Closeable {

  private final Bundle bundle;
  private final Map<Precision, StepDecoder.Network> made = new EnumMap<>(Precision.class);

  /**
   * @param bundle must stay open as long as this
   */
  BundleNetworks(Bundle bundle) {
    this.bundle = bundle;
  }

  synchronized StepDecoder.Network of(Precision precision) {
    return made.computeIfAbsent(
        precision,
        each ->
            StepDecoder.Network.of(
                bundle.config(), bundle.weights().tensors(), each, bundle.text().tokensAtOnce()));
  }

  @Override
  public synchronized void close() {
    made.values().forEach(StepDecoder.Network::close);
  }
}
