package storyloom.jobs.evaluate;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import storyloom.model.decode.DecodingOption;
import storyloom.model.settings.Settings;

/**
 * What was asked for.
 *
 * @param source file of the prompts
 * @param target file of the stories
 * @param settings those below {@code decode} say how stories were written
 * @param when it was measured
 */
public record EvaluationRequest(String source, String target, Settings settings, Instant when) {

  /** How stories were written, by the keys of the settings. */
  public Map<String, String> decoding() {
    Map<String, String> options = new LinkedHashMap<>();
    for (DecodingOption option : DecodingOption.values()) {
      options.put(option.key(), settings.text(option.key()));
    }
    return options;
  }
}
