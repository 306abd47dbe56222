package storyloom.model.bundle;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.text.token.TextSettings;

/**
 * What weights.safetensors says of itself in its {@code __metadata__}, for programs that have this
 * file alone. Storyloom does not read it: bundle.json decides.
 */
final class WeightsMetadata {

  private WeightsMetadata() {}

  /** For each key a text; the same bytes for the same model. */
  static SortedMap<String, String> of(Seq2SeqConfig config, TextSettings text) {
    return new TreeMap<>(
        Map.of(
            "format", "storyloom",
            "format_version", Integer.toString(BundleDescription.format(config, text)),
            "matrices", "[in, out]",
            "lstm_gates", "i, f, g, o",
            "model", BundleDescription.json(config)));
  }
}
