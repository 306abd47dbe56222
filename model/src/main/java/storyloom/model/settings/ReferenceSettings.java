package storyloom.model.settings;

import static java.util.Comparator.comparing;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import storyloom.model.OneLine;
import storyloom.model.UserException;

/** What reference.conf says: every setting with its default, its range and its description. */
final class ReferenceSettings {

  /**
   * One setting.
   *
   * @param key dotted
   * @param description its other comment lines, joined by spaces
   * @param secret whether a comment line says so
   * @param range from its last comment line
   * @param defaultValue in the range's one spelling
   */
  record Setting(
      String key, String description, boolean secret, SettingRange range, String defaultValue) {}

  /** The comment line of a secret setting. */
  private static final String SECRET = "secret";

  private static final ReferenceSettings READ = new ReferenceSettings();

  private final Config config;
  private final SortedMap<String, Setting> settings = new TreeMap<>();

  private ReferenceSettings() {
    config =
        ConfigFactory.parseURL(
            Settings.class.getResource("reference.conf"),
            ConfigParseOptions.defaults().setAllowMissing(false));
    config
        .entrySet()
        .forEach(entry -> settings.put(entry.getKey(), setting(entry.getKey(), entry.getValue())));
  }

  static ReferenceSettings read() {
    return READ;
  }

  /** The file itself, for substitutions. */
  Config config() {
    return config;
  }

  /** All settings, by key. */
  Collection<Setting> settings() {
    return settings.values();
  }

  /**
   * @throws UserException of usage if the key is unknown; the message names the nearest known one
   */
  Setting setting(String key) {
    Setting setting = settings.get(key);
    if (setting != null) {
      return setting;
    }
    List<String> within = settings.keySet().stream().filter(k -> k.startsWith(key + ".")).toList();
    if (!within.isEmpty()) {
      throw UserException.usage(
          key + " is a group of settings: set one of them, such as " + within.get(0));
    }
    String shown = OneLine.of(key);
    throw UserException.usage(
        "unknown setting " + shown + "; did you mean " + nearest(shown, settings.keySet()) + "?");
  }

  /** Whether there is such a setting, and it is secret. */
  boolean isSecret(String key) {
    Setting setting = settings.get(key);
    return setting != null && setting.secret();
  }

  /** Whether there are settings below a key. */
  boolean isGroup(String key) {
    return settings.keySet().stream().anyMatch(each -> each.startsWith(key + "."));
  }

  /** The setting or group of that name; the setting that is most likely meant if there is none. */
  String nearest(String key) {
    return isGroup(key) ? key : nearest(OneLine.of(key), settings.keySet());
  }

  private static Setting setting(String key, ConfigValue value) {
    List<String> comments = value.origin().comments().stream().map(String::strip).toList();
    if (comments.size() < 2 || !comments.get(comments.size() - 1).startsWith(SettingRange.MARK)) {
      throw new IllegalStateException(
          "reference.conf: " + key + " needs a comment that ends with a line \"# range: …\"");
    }
    String form = comments.get(comments.size() - 1).substring(SettingRange.MARK.length()).strip();
    String text = SettingsFile.text(value);
    SettingRange range = SettingRange.parse(form, text);
    String canonical =
        range
            .canonical(text)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "reference.conf: the default of %s, %s, is outside of its range, %s"
                            .formatted(key, text, form)));
    List<String> words = new ArrayList<>(comments.subList(0, comments.size() - 1));
    boolean secret = words.remove(SECRET);
    return new Setting(key, String.join(" ", words), secret, range, canonical);
  }

  /**
   * The known key that a misspelt one most likely stands for: the one with the least Levenshtein
   * distance, of the whole key or, at the cost of one edit more, of its last element alone ({@code
   * epochs} for {@code train.epochs}).
   *
   * @param known at least one key
   */
  static String nearest(String key, Collection<String> known) {
    return known.stream()
        .min(comparing((String candidate) -> cost(key, candidate)).thenComparing(k -> k))
        .orElseThrow();
  }

  private static int cost(String key, String candidate) {
    return Math.min(distance(key, candidate), 1 + distance(last(key), last(candidate)));
  }

  private static String last(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }

  /** Least number of insertions, deletions and replacements that turn {@code a} into {@code b}. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
