package storyloom.model.settings;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigSyntax;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The values that a setting may take; its forms are listed at {@link Settings}. */
sealed interface SettingRange {

  /** What comes before the form in a range line of reference.conf. */
  String MARK = "range:";

  /**
   * The one spelling of a value, such as {@code 5} for {@code 05} or, where decimals are accepted,
   * {@code 0.5} for {@code .50}; empty if the value lies outside of this range.
   */
  Optional<String> canonical(String value);

  /** The range in words: what comes after "must be". */
  String words();

  /**
   * @param form what a range line says after {@code range:}
   * @param defaultValue tells whole numbers from decimals: a decimal has a point
   * @throws IllegalArgumentException if the form is none of those listed at {@link Settings}
   */
  static SettingRange parse(String form, String defaultValue) {
    if (form.equals("text")) {
      return new Text();
    }
    if (form.equals("text or nothing")) {
      return new TextOrNothing();
    }
    if (form.equals("integer")) {
      return new Whole(Long.MIN_VALUE, Long.MAX_VALUE);
    }
    if (form.equals("ascending numbers")) {
      return new Ascending();
    }
    if (form.equals("words")) {
      return new Words();
    }
    if (form.equals("tree")) {
      return new Tree();
    }
    String[] bounds = form.split("\\.\\.", -1);
    int bar = form.indexOf('|');
    if (bounds.length == 2 && bar >= 0) {
      return new Either(
          parse(form.substring(0, bar).strip(), defaultValue),
          parse(form.substring(bar + 1).strip(), defaultValue));
    }
    if (bounds.length != 2) {
      return new Choice(Arrays.stream(form.split("\\|", -1)).map(String::strip).toList());
    }
    return defaultValue.contains(".")
        ? new Decimal(new BigDecimal(bounds[0]), new BigDecimal(bounds[1]))
        : new Whole(Long.parseLong(bounds[0]), Long.parseLong(bounds[1]));
  }

  /** Any text that is not blank. */
  record Text() implements SettingRange {
    @Override
    public Optional<String> canonical(String value) {
      return Optional.of(value).filter(text -> !text.isBlank());
    }

    @Override
    public String words() {
      return "text that is not blank";
    }
  }

  /** Any text, or none. */
  record TextOrNothing() implements SettingRange {
    @Override
    public Optional<String> canonical(String value) {
      return Optional.of(value.strip());
    }

    @Override
    public String words() {
      return "text, or nothing";
    }
  }

  /** One of a few words, or the only one. */
  record Choice(List<String> choices) implements SettingRange {
    public Choice {
      if (choices.contains("")) {
        throw new IllegalArgumentException("a choice of a range is empty: " + choices);
      }
    }

    @Override
    public Optional<String> canonical(String value) {
      return Optional.of(value).filter(choices::contains);
    }

    @Override
    public String words() {
      return String.join(" or ", choices);
    }
  }

  /** What either of two ranges accepts. */
  record Either(SettingRange one, SettingRange other) implements SettingRange {
    @Override
    public Optional<String> canonical(String value) {
      return one.canonical(value).or(() -> other.canonical(value));
    }

    @Override
    public String words() {
      return one.words() + ", or " + other.words();
    }
  }

  /** A whole number, the bounds included. */
  record Whole(long lowest, long highest) implements SettingRange {
    @Override
    public Optional<String> canonical(String value) {
      try {
        long number = Long.parseLong(value);
        return Optional.of(number)
            .filter(n -> n >= lowest && n <= highest)
            .map(n -> Long.toString(n));
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }

    @Override
    public String words() {
      return "a whole number from " + lowest + " to " + highest;
    }
  }

  /** A decimal number, the bounds included. */
  record Decimal(BigDecimal lowest, BigDecimal highest) implements SettingRange {
    @Override
    public Optional<String> canonical(String value) {
      try {
        BigDecimal number = new BigDecimal(value);
        return Optional.of(number)
            .filter(n -> n.compareTo(lowest) >= 0 && n.compareTo(highest) <= 0)
            .map(n -> Double.toString(n.doubleValue()));
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }

    @Override
    public String words() {
      return "a number from " + lowest.toPlainString() + " to " + highest.toPlainString();
    }
  }

  /** Ascending whole numbers from 1 on with commas between them, or nothing. */
  record Ascending() implements SettingRange {
    @Override
    public Optional<String> canonical(String value) {
      if (value.isBlank()) {
        return Optional.of("");
      }
      List<String> numbers = new ArrayList<>();
      int before = 0;
      for (String text : value.split(",", -1)) {
        Optional<String> number = new Whole(before + 1L, Integer.MAX_VALUE).canonical(text.strip());
        if (number.isEmpty()) {
          return number;
        }
        numbers.add(number.get());
        before = Integer.parseInt(number.get());
      }
      return Optional.of(String.join(",", numbers));
    }

    @Override
    public String words() {
      return "ascending whole numbers from 1 on with commas between them, or nothing";
    }
  }

  /** Words with commas between them, or nothing. */
  record Words() implements SettingRange {
    @Override
    public Optional<String> canonical(String value) {
      if (value.isBlank()) {
        return Optional.of("");
      }
      List<String> words = Arrays.stream(value.split(",", -1)).map(String::strip).toList();
      return words.contains("") ? Optional.empty() : Optional.of(String.join(",", words));
    }

    @Override
    public String words() {
      return "words with commas between them, or nothing";
    }
  }

  /** An object of JSON, of any keys; HOCON would include files that others name. */
  record Tree() implements SettingRange {
    private static final ConfigParseOptions JSON =
        ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON);

    @Override
    public Optional<String> canonical(String value) {
      try {
        return Optional.of(
            ConfigFactory.parseString(value, JSON).root().render(ConfigRenderOptions.concise()));
      } catch (ConfigException | StackOverflowError e) { // the parser calls itself for each level
        return Optional.empty();
      }
    }

    @Override
    public String words() {
      return "keys and values between braces, in JSON where it is not in a file, such as {\"model.hidden\": [128, 256]}";
    }
  }
}
