package storyloom.model.settings;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import storyloom.model.OneLine;
import storyloom.model.UserException;
import storyloom.model.text.clean.TextCleaner;
import storyloom.model.text.filter.RejectionSettings;
import storyloom.model.text.filter.TextFilter;
import storyloom.model.text.token.BpeLearner;
import storyloom.model.text.token.LongStories;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.Tokenizer;

/**
 * The settings of a run: the defaults of reference.conf, a configuration file over them, single
 * values over both. Nothing else is read: no system property, no environment variable, no other
 * file. Immutable.
 *
 * <p>In reference.conf each setting has a comment, and the last line of that comment is its range,
 * in one of these forms:
 *
 * <pre>
 * # range: text             any text that is not blank
 * # range: text or nothing  any text
 * # range: integer          any whole number of 64 bits
 * # range: true | false     a truth value
 * # range: a | b | c        one of these words; or a alone, where there is no choice yet
 * # range: 1..10            a number from 1 to 10, both included: a decimal one where the default
 *                           is written with a point, else a whole one
 * # range: 1..10 | a        a number or one of these words
 * # range: ascending numbers   whole numbers from 1 on, such as 2000,8000; or nothing
 * # range: words            words with commas between them, or nothing
 * # range: tree             keys and values of their own between braces: JSON, and HOCON in a file
 * </pre>
 *
 * <p>A comment line {@code # secret} before it marks a setting whose value is for nobody but the
 * program: see {@link #recorded()}.
 *
 * <p>The methods that read one value throw an {@link IllegalArgumentException} where the program
 * asks for a key that reference.conf lacks, or for another kind of value than it holds.
 */
public final class Settings {

  private static final String CLEANING_RULES = "text.clean.";
  private static final String REJECTION_RULES = "text.drop.";
  private static final String SET = "set";
  private static final String NOT_SET = "not set";

  private final SortedMap<String, String> values;
  private final Set<String> given;

  private Settings(SortedMap<String, String> values, Set<String> given) {
    this.values = Collections.unmodifiableSortedMap(values);
    this.given = Collections.unmodifiableSet(given);
  }

  /** What reference.conf says. */
  public static Settings defaults() {
    SortedMap<String, String> values = new TreeMap<>();
    ReferenceSettings.read().settings().forEach(s -> values.put(s.key(), s.defaultValue()));
    return new Settings(values, Set.of());
  }

  /**
   * The defaults, with a configuration file over them and single values over both.
   *
   * @param configFile HOCON (or JSON): a local path or a Hadoop URI; keys it does not name keep
   *     their defaults
   * @param keyValues each {@code key=value}, the value as plain text, unquoted; the last one wins
   * @throws UserException of usage, in one line, if the file is missing or malformed, a key is
   *     unknown or a value is out of its range
   */
  public static Settings load(Optional<String> configFile, List<String> keyValues) {
    SortedMap<String, String> values = new TreeMap<>(defaults().values);
    Set<String> given = new TreeSet<>();
    for (SettingsFile.Assignment line : configFile.map(SettingsFile::read).orElse(List.of())) {
      try {
        put(values, line.key(), line.value());
        given.add(line.key());
      } catch (UserException e) {
        throw UserException.usage("%s (%s)".formatted(e.getMessage(), line.where()), e);
      }
    }
    for (String keyValue : keyValues) {
      int sign = keyValue.indexOf('=');
      if (sign < 1) {
        throw UserException.usage(
            "--set takes key=value, such as --set train.epochs=3, not " + OneLine.of(keyValue));
      }
      String key = keyValue.substring(0, sign).strip();
      put(values, key, keyValue.substring(sign + 1).strip());
      given.add(key);
    }
    return new Settings(values, given);
  }

  /**
   * These settings with another value for one key.
   *
   * @throws UserException of usage if the key is unknown or the value out of its range
   */
  public Settings with(String key, String value) {
    SortedMap<String, String> changed = new TreeMap<>(values);
    put(changed, key, value);
    Set<String> named = new TreeSet<>(given);
    named.add(key);
    return new Settings(changed, named);
  }

  /**
   * Whether a value is within the range of a key.
   *
   * @throws UserException of usage if the key is unknown
   */
  public static boolean accepts(String key, String value) {
    return ReferenceSettings.read().setting(key).range().canonical(value).isPresent();
  }

  /**
   * The range of a key in words: what comes after "must be".
   *
   * @throws UserException of usage if the key is unknown
   */
  public static String range(String key) {
    return ReferenceSettings.read().setting(key).range().words();
  }

  /** The value as text, of any kind of setting. */
  public String text(String key) {
    String value = values.get(key);
    if (value == null) {
      throw new IllegalArgumentException("reference.conf has no key " + key);
    }
    return value;
  }

  /** A whole number whose range fits into 32 bits. */
  public int integer(String key) {
    return Integer.parseInt(text(key));
  }

  /** A whole number of any range. */
  public long whole(String key) {
    return Long.parseLong(text(key));
  }

  /** A decimal or whole number. */
  public double number(String key) {
    return Double.parseDouble(text(key));
  }

  /** A truth value. */
  public boolean flag(String key) {
    return switch (text(key)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(key + " is not a truth value");
    };
  }

  /** Ascending whole numbers; empty where the setting is. */
  public List<Integer> integers(String key) {
    String value = text(key);
    return value.isEmpty() ? List.of() : Stream.of(value.split(",")).map(Integer::valueOf).toList();
  }

  /** Words; none where the setting is empty. */
  public List<String> words(String key) {
    String value = text(key);
    return value.isEmpty() ? List.of() : List.of(value.split(","));
  }

  /** Every key with its value, each value in one spelling: 5 for 05, 0.5 for .50. Unmodifiable. */
  public SortedMap<String, String> all() {
    return values;
  }

  /** The keys that somebody named, whatever their values. Unmodifiable. */
  public Set<String> given() {
    return given;
  }

  /** The keys, with their values, that differ from the defaults. Unmodifiable. */
  public SortedMap<String, String> changed() {
    Map<String, String> defaults = defaults().values;
    SortedMap<String, String> changed = new TreeMap<>(values);
    changed.entrySet().removeIf(entry -> entry.getValue().equals(defaults.get(entry.getKey())));
    return Collections.unmodifiableSortedMap(changed);
  }

  /** These settings as they are recorded: see {@link #recorded(Map)}. */
  public SortedMap<String, String> recorded() {
    return recorded(values);
  }

  /**
   * What models, reports and trackers say of settings, for everybody to read: of secret ones
   * whether they are set, and addresses without user information. What is recorded already stays as
   * it is.
   *
   * @param values of any keys, also those of other releases
   * @return unmodifiable
   */
  public static SortedMap<String, String> recorded(Map<String, String> values) {
    SortedMap<String, String> recorded = new TreeMap<>(values);
    recorded.replaceAll(
        (key, value) ->
            isSecret(key)
                ? value.isEmpty() || value.equals(NOT_SET) ? NOT_SET : SET
                : UserInformation.removedFrom(value));
    return Collections.unmodifiableSortedMap(recorded);
  }

  /** Whether the value of a key is not to be recorded; false of a key that there is not. */
  public static boolean isSecret(String key) {
    return ReferenceSettings.read().isSecret(key);
  }

  /**
   * How text becomes ids; the cleaning rules that are on stand in the order of {@link TextCleaner}.
   *
   * @throws UserException of usage if the vocabulary is too small for the tokenizer, or a window of
   *     long stories for a sentence
   */
  public TextSettings textSettings() {
    if (text("text.tokenizer").equals(Tokenizer.BPE)) {
      BpeLearner.requireRoom(integer("text.vocabulary"));
    }
    List<String> rules =
        TextCleaner.ruleNames().stream().filter(rule -> flag(CLEANING_RULES + rule)).toList();
    TextSettings settings =
        new TextSettings(
            rules,
            text("text.tokenizer"),
            flag("text.lowercase"),
            integer("text.max-prompt-tokens"),
            integer("text.max-story-tokens"),
            LongStories.of(text("text.long-stories")),
            TextSettings.RULES_VERSION);
    settings.requireWholeSentences();
    return settings;
  }

  /** Which texts of a corpus are not worth learning from. */
  public RejectionSettings rejectionSettings() {
    return new RejectionSettings(
        TextFilter.ruleNames().stream().filter(rule -> flag(REJECTION_RULES + rule)).toList(),
        bounds("prompt"),
        bounds("story"));
  }

  private RejectionSettings.Bounds bounds(String side) {
    return new RejectionSettings.Bounds(
        integer(REJECTION_RULES + "min-" + side + "-words"),
        integer(REJECTION_RULES + "max-" + side + "-words"));
  }

  private static void put(SortedMap<String, String> values, String key, String value) {
    SettingRange range = ReferenceSettings.read().setting(key).range();
    values.put(
        key,
        range
            .canonical(value)
            .orElseThrow(
                () ->
                    UserException.usage(
                        "%s must be %s, not \"%s\""
                            .formatted(key, range.words(), OneLine.of(value)))));
  }
}
