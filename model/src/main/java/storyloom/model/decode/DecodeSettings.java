package storyloom.model.decode;

import java.io.Serializable;
import java.util.Locale;
import storyloom.model.decode.search.BeamSearch;
import storyloom.model.decode.search.BeamSettings;
import storyloom.model.decode.search.RandomStream;
import storyloom.model.decode.search.Sampling;
import storyloom.model.decode.search.Search;
import storyloom.model.decode.search.SingleSearch;
import storyloom.model.decode.search.TokenChoice;
import storyloom.model.decode.search.TokenConstraints;
import storyloom.model.settings.Settings;

/**
 * How stories are written.
 *
 * @param strategy what is done with the model's probabilities
 * @param sampling how the strategy {@link Strategy#SAMPLE} draws
 * @param beam how the strategy {@link Strategy#BEAM} searches
 * @param constraints what is asked of every story
 * @param batch rows decoded together, a prompt taking as many as its beam is wide; changes no story
 * @param seed of sampling
 */
public record DecodeSettings(
    Strategy strategy,
    Sampling sampling,
    BeamSettings beam,
    TokenConstraints constraints,
    int batch,
    long seed)
    implements Serializable {

  /** How the next token is chosen. */
  public enum Strategy {
    /** The likeliest. */
    GREEDY,
    /** Of the best few stories so far, all likely ones at once. */
    BEAM,
    /** At random, by the model's probabilities. */
    SAMPLE;

    /** As it stands in settings: lower case. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The strategy of a label.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Strategy labelled(String label) {
      return valueOf(label.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * The settings below {@code decode}.
   *
   * @throws storyloom.model.UserException of usage if two of them exclude each other
   */
  public static DecodeSettings of(Settings settings) {
    return new DecodeSettings(
        Strategy.labelled(settings.text("decode.strategy")),
        new Sampling(
            settings.number("decode.temperature"),
            settings.integer("decode.top-k"),
            settings.number("decode.top-p")),
        new BeamSettings(
            settings.integer("decode.beam-size"), settings.number("decode.length-penalty")),
        new TokenConstraints(
            settings.integer("decode.min-tokens"),
            settings.integer("decode.max-tokens"),
            settings.integer("decode.no-repeat-ngram"),
            settings.number("decode.repetition-penalty"),
            settings.words("decode.banned-words")),
        settings.integer("decode.batch"),
        settings.whole("decode.seed"));
  }

  /** Rows that a prompt takes at most. */
  int rowsPerPrompt() {
    return strategy == Strategy.BEAM ? beam.size() : 1;
  }

  /**
   * A search for the stories of a prompt.
   *
   * @param stream the prompt's random numbers
   * @param wanted stories, best first; a search without a beam finds one
   */
  Search search(RandomStream stream, int wanted) {
    int maxTokens = constraints.maxTokens();
    return switch (strategy) {
      case GREEDY -> new SingleSearch(TokenChoice::likeliest, stream, maxTokens);
      case SAMPLE -> new SingleSearch(sampling, stream, maxTokens);
      case BEAM -> new BeamSearch(beam, wanted, maxTokens);
    };
  }
}
