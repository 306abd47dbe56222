package storyloom.pipeline.tune;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import storyloom.model.UserException;
import storyloom.model.settings.Settings;

/** What a search tries for one setting. */
public sealed interface Dimension {

  /** The setting, such as {@code model.hidden}. */
  String key();

  /** How many values there are; empty if they are too many to be counted. */
  OptionalLong size();

  /** A value by its place, counted from 0; only where they are counted. */
  String value(long place);

  /** A value at random, each as likely as any other on the scale. */
  String draw(SplittableRandom random);

  /**
   * One of a few values.
   *
   * @param key the setting
   * @param values as settings spell them, all different
   */
  record Choice(String key, List<String> values) implements Dimension {

    /**
     * @throws UserException of usage if there are no values, the setting does not take one, or one
     *     stands there twice
     */
    public Choice {
      if (values.isEmpty()) {
        throw UserException.usage("tune.space has no value for " + key + ": name one at least");
      }
      for (String value : values) {
        requireAccepted(key, value);
      }
      values =
          values.stream().map(value -> Settings.defaults().with(key, value).text(key)).toList();
      if (values.stream().distinct().count() < values.size()) {
        throw UserException.usage("tune.space has a value twice for " + key + ": " + values);
      }
    }

    @Override
    public OptionalLong size() {
      return OptionalLong.of(values.size());
    }

    @Override
    public String value(long place) {
      return values.get((int) place);
    }

    @Override
    public String draw(SplittableRandom random) {
      return values.get(random.nextInt(values.size()));
    }
  }

  /** How values are spread between two bounds. */
  enum Scale {
    /** Evenly. */
    LINEAR,
    /** Evenly by their logarithms: as many between 1 and 10 as between 10 and 100. */
    LOG;

    /** As the settings spell it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Numbers between two bounds, both included; decimals are rounded to four digits, which is more
   * than matters.
   *
   * @param key the setting
   * @param from the smallest
   * @param to the largest
   * @param scale how they are spread
   * @param whole whether the setting takes whole numbers only
   */
  record Range(String key, BigDecimal from, BigDecimal to, Scale scale, boolean whole)
      implements Dimension {

    private static final MathContext DIGITS = new MathContext(4);

    /**
     * @throws UserException of usage if the setting does not take a bound, the first is not below
     *     the second, or there is no logarithm of it
     */
    public Range {
      requireAccepted(key, from.toPlainString());
      requireAccepted(key, to.toPlainString());
      if (from.compareTo(to) >= 0) {
        throw UserException.usage(
            "tune.space: from must be below to for %s, not %s and %s".formatted(key, from, to));
      }
      if (scale == Scale.LOG && from.signum() <= 0) {
        throw UserException.usage(
            "tune.space: from must be above 0 for %s, not %s, with scale = log"
                .formatted(key, from));
      }
    }

    /** Between bounds of a setting, which knows whether it takes whole numbers only. */
    Range(String key, BigDecimal from, BigDecimal to, Scale scale) {
      this(key, from, to, scale, !Settings.defaults().text(key).contains("."));
    }

    @Override
    public OptionalLong size() {
      return whole
          ? OptionalLong.of(to.longValueExact() - from.longValueExact() + 1)
          : OptionalLong.empty();
    }

    @Override
    public String value(long place) {
      return Long.toString(from.longValueExact() + place);
    }

    @Override
    public String draw(SplittableRandom random) {
      double low = from.doubleValue();
      double high = to.doubleValue();
      if (whole) { // each number stands for the stretch up to the next one
        double drawn = Math.floor(between(low, high + 1, random.nextDouble()));
        return Long.toString((long) Math.min(high, Math.max(low, drawn)));
      }
      BigDecimal drawn = new BigDecimal(between(low, high, random.nextDouble())).round(DIGITS);
      return Double.toString(drawn.max(from).min(to).doubleValue());
    }

    private double between(double low, double high, double share) {
      return scale == Scale.LINEAR ? low + share * (high - low) : low * Math.pow(high / low, share);
    }
  }

  private static void requireAccepted(String key, String value) {
    if (!Settings.accepts(key, value)) {
      throw UserException.usage(
          "tune.space: %s must be %s, not \"%s\"".formatted(key, Settings.range(key), value));
    }
  }
}
