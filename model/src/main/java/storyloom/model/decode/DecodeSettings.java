package storyloom.model.decode;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import storyloom.model.UserException;
import storyloom.model.decode.search.BeamSearch;
import storyloom.model.decode.search.Drafts;
import storyloom.model.decode.search.RandomStream;
import storyloom.model.decode.search.Sampling;
import storyloom.model.decode.search.Search;
import storyloom.model.decode.search.SingleSearch;
import storyloom.model.decode.search.TokenConstraints;
import storyloom.model.nn.kernel.Precision;
import storyloom.model.settings.Settings;

/**
 * How stories are written.
 *
 * @param strategy what is done with the model's probabilities
 * @param sampling how the strategy {@link Strategy#SAMPLE} draws
 * @param beam how the strategy {@link Strategy#BEAM} searches
 * @param drafts how many stories are drafted for a prompt, and which is kept; beam search has at
 *     most as many as its beam is wide, the strategy {@link Strategy#GREEDY} one
 * @param constraints what is asked of every story
 * @param batch rows decoded together, a prompt taking as many as it has drafts or its beam is wide;
 *     changes no story
 * @param seed of sampling
 * @param precision of the products; another one may write other stories
 */
public record DecodeSettings(
    Strategy strategy,
    Sampling sampling,
    BeamSearch.Settings beam,
    Drafts drafts,
    TokenConstraints constraints,
    int batch,
    long seed,
    Precision precision)
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
   * @throws UserException of usage if a prompt has more drafts than a batch has rows
   */
  public DecodeSettings {
    if (strategy == Strategy.SAMPLE && drafts.candidates() > batch) {
      throw UserException.usage(
          "decode.candidates must be at most decode.batch, the rows that are decoded together, %d, not %d"
              .formatted(batch, drafts.candidates()));
    }
    if (strategy == Strategy.BEAM && drafts.candidates() > 1 && beam.size() > batch) {
      throw UserException.usage(
          "decode.beam-size must be at most decode.batch, the rows that are decoded together, %d, not %d, where decode.candidates is above 1"
              .formatted(batch, beam.size()));
    }
  }

  /**
   * The settings below {@code decode}.
   *
   * @throws UserException of usage if two of them exclude each other
   */
  public static DecodeSettings of(Settings settings) {
    return of(option -> option.read(settings));
  }

  /**
   * The settings that some values make.
   *
   * @param values of each option its value, of the class that its {@link DecodingOption#type} says,
   *     within its range
   * @throws UserException of usage if two of them exclude each other
   */
  public static DecodeSettings of(Function<DecodingOption, Object> values) {
    return new DecodeSettings(
        Strategy.labelled((String) values.apply(DecodingOption.STRATEGY)),
        new Sampling(
            (double) values.apply(DecodingOption.TEMPERATURE),
            (int) values.apply(DecodingOption.TOP_K),
            (double) values.apply(DecodingOption.TOP_P),
            (double) values.apply(DecodingOption.MIN_P)),
        new BeamSearch.Settings(
            (int) values.apply(DecodingOption.BEAM_SIZE),
            (double) values.apply(DecodingOption.LENGTH_PENALTY)),
        new Drafts(
            (int) values.apply(DecodingOption.CANDIDATES),
            (double) values.apply(DecodingOption.PRIOR_WEIGHT)),
        new TokenConstraints(
            (int) values.apply(DecodingOption.MIN_TOKENS),
            (int) values.apply(DecodingOption.MAX_TOKENS),
            (int) values.apply(DecodingOption.NO_REPEAT_NGRAM),
            (double) values.apply(DecodingOption.REPETITION_PENALTY),
            words(values.apply(DecodingOption.BANNED_WORDS))),
        (int) values.apply(DecodingOption.BATCH),
        (long) values.apply(DecodingOption.SEED),
        Precision.labelled((String) values.apply(DecodingOption.PRECISION)));
  }

  private static List<String> words(Object list) {
    return ((List<?>) list).stream().map(String.class::cast).toList();
  }

  /** Rows that a prompt takes at most. */
  public int rowsPerPrompt() {
    return strategy == Strategy.BEAM ? beam.size() : candidates();
  }

  /** Stories of a prompt that are compared: 1 if none is. */
  public int candidates() {
    return switch (strategy) {
      case GREEDY -> 1;
      case SAMPLE -> drafts.candidates();
      case BEAM -> Math.min(beam.size(), drafts.candidates());
    };
  }

  /** Stories of a beam that are compared: no more than there are rows to read them. */
  private int compared(int wanted) {
    return Math.max(candidates(), Math.min(wanted, beam.size()));
  }

  /**
   * A search for the stories of a prompt, or for the drafts to choose from.
   *
   * @param stream the prompt's random numbers
   * @param wanted stories, best first; a search without a beam finds one for each draft
   */
  Search search(RandomStream stream, int wanted) {
    int maxTokens = constraints.maxTokens();
    return switch (strategy) {
      case GREEDY ->
          SingleSearch.writing(SingleSearch.TokenChoice::likeliest, List.of(stream), maxTokens);
      case SAMPLE -> SingleSearch.writing(sampling, stream.drafts(candidates()), maxTokens);
      case BEAM -> new BeamSearch(beam, candidates() == 1 ? wanted : compared(wanted), maxTokens);
    };
  }
}
