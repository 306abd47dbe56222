package storyloom.model.decode;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import storyloom.model.settings.Settings;

/**
 * Each thing that can be chosen about how stories are written, stated once: the options of
 * commands, the parameters of {@code StoryGenerator} and the fields of the service's requests are
 * made of these. The default and the range of an option stand in reference.conf, below its {@link
 * #key}; what comes of its value is read by {@link DecodeSettings#of(Function)}.
 */
public enum DecodingOption {
  STRATEGY(Type.CHOICE, "NAME", "greedy, beam or sample.", s -> s.strategy().label()),
  TEMPERATURE(
      Type.NUMBER,
      "T",
      "Of sampling: below 1 plays safe, above 1 dares.",
      s -> s.sampling().temperature()),
  TOP_K(
      Type.INTEGER,
      "K",
      "Sampling draws from the K likeliest tokens; 0: from all.",
      s -> s.sampling().topK()),
  TOP_P(
      Type.NUMBER,
      "P",
      "Of those, sampling draws from the likeliest that hold this share; 1: from all.",
      s -> s.sampling().topP()),
  MIN_P(
      Type.NUMBER,
      "P",
      "Sampling draws from tokens with at least this share of the likeliest one's probability; 0:"
          + " from all.",
      s -> s.sampling().minP()),
  CANDIDATES(
      Type.INTEGER,
      "N",
      "Stories drafted for each prompt, of which the one is kept that has most to do with it.",
      s -> s.drafts().candidates()),
  PRIOR_WEIGHT(
      Type.NUMBER,
      "L",
      "Of candidates: 0 keeps the likeliest; 1 the one that its prompt makes likelier by most.",
      s -> s.drafts().priorWeight()),
  BEAM_SIZE(
      Type.INTEGER, "N", "Hypotheses that beam search keeps at a time.", s -> s.beam().size()),
  LENGTH_PENALTY(
      Type.NUMBER,
      "A",
      "Of beam search: 0 prefers short stories, more makes long ones worth more.",
      s -> s.beam().lengthPenalty()),
  NO_REPEAT_NGRAM(
      Type.INTEGER,
      "N",
      "No sequence of N tokens stands in a story twice; 0: no such rule.",
      s -> s.constraints().noRepeatNgram()),
  REPETITION_PENALTY(
      Type.NUMBER,
      "F",
      "1 changes nothing, 1.2 makes repetition rarer.",
      s -> s.constraints().repetitionPenalty()),
  BANNED_WORDS(
      Type.WORDS,
      "WORD,…",
      "Words and phrases that no story holds, in whatever case.",
      s -> s.constraints().bannedWords()),
  MIN_TOKENS(Type.INTEGER, "N", "Shortest story.", s -> s.constraints().minTokens()),
  MAX_TOKENS(Type.INTEGER, "N", "Longest story.", s -> s.constraints().maxTokens()),
  SEED(Type.WHOLE, "N", "Seed of sampling.", DecodeSettings::seed),
  BATCH(
      Type.INTEGER,
      "N",
      "Rows decoded together; changes the speed, never a story.",
      DecodeSettings::batch),
  PRECISION(
      Type.CHOICE,
      "NAME",
      "float32, or int8: some times as fast, with stories that may be others.",
      s -> s.precision().label());

  /** What the values of an option are. */
  public enum Type {
    /** One of a few words: a {@link String}. */
    CHOICE,
    /** An {@link Integer}. */
    INTEGER,
    /** A {@link Long}. */
    WHOLE,
    /** A {@link Double}. */
    NUMBER,
    /** A {@link List} of strings. */
    WORDS
  }

  private final Type type;
  private final String placeholder;
  private final String doc;
  private final Function<DecodeSettings, Object> value;

  DecodingOption(
      Type type, String placeholder, String doc, Function<DecodeSettings, Object> value) {
    this.type = type;
    this.placeholder = placeholder;
    this.doc = doc;
    this.value = value;
  }

  /** What its values are. */
  public Type type() {
    return type;
  }

  /** What stands for a value in the help of a command. */
  public String placeholder() {
    return placeholder;
  }

  /** What it does, in one line. */
  public String doc() {
    return doc;
  }

  /** Its name on a command line, without the dashes: {@code top-p}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Its key in reference.conf: {@code decode.top-p}. */
  public String key() {
    return "decode." + label();
  }

  /** Its value in some settings, of the class that its {@link #type} says. */
  public Object value(DecodeSettings settings) {
    return value.apply(settings);
  }

  /** The value below its key, of the class that its {@link #type} says. */
  Object read(Settings settings) {
    return switch (type) {
      case CHOICE -> settings.text(key());
      case INTEGER -> settings.integer(key());
      case WHOLE -> settings.whole(key());
      case NUMBER -> settings.number(key());
      case WORDS -> settings.words(key());
    };
  }

  /**
   * Whether a value is within the range in reference.conf.
   *
   * @param candidate of the class that its {@link #type} says
   */
  public boolean accepts(Object candidate) {
    String text =
        candidate instanceof List<?> words
            ? String.join(",", words.stream().map(Object::toString).toList())
            : candidate.toString();
    return Settings.accepts(key(), text);
  }

  /** Its range in words: what comes after "must be". */
  public String range() {
    return Settings.range(key());
  }
}
