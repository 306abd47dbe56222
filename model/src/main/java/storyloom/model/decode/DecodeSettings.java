package storyloom.model.decode;

import java.io.Serializable;
import java.util.Locale;
import storyloom.model.settings.Settings;

/**
 * How stories are written.
 *
 * @param strategy greedy or sample
 * @param temperature of sampling: logits are divided by it
 * @param topK sampling draws from this many of the likeliest tokens; 0 for all
 * @param minTokens {@code <end>} is not written before
 * @param maxTokens longest story, {@code <end>} not counted
 * @param batch prompts decoded together; changes no story
 * @param seed of sampling
 */
public record DecodeSettings(
    Strategy strategy,
    double temperature,
    int topK,
    int minTokens,
    int maxTokens,
    int batch,
    long seed)
    implements Serializable {

  /** How the next token is chosen. */
  public enum Strategy {
    /** The likeliest. */
    GREEDY,
    /** At random, by the model's probabilities. */
    SAMPLE
  }

  /** The settings below {@code decode}. */
  public static DecodeSettings of(Settings settings) {
    return new DecodeSettings(
        Strategy.valueOf(settings.text("decode.strategy").toUpperCase(Locale.ROOT)),
        settings.number("decode.temperature"),
        settings.integer("decode.top-k"),
        settings.integer("decode.min-tokens"),
        settings.integer("decode.max-tokens"),
        settings.integer("decode.batch"),
        settings.whole("decode.seed"));
  }
}
