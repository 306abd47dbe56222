package storyloom.pipeline.tune;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import storyloom.model.OneLine;
import storyloom.model.UserException;
import storyloom.model.settings.Settings;

/**
 * The settings that a search tries: one {@link Dimension} for each key, in the order of the keys.
 *
 * @param dimensions at least one
 */
public record SearchSpace(List<Dimension> dimensions) {

  private static final String KEY = "tune.space";
  private static final String FROM = "from";
  private static final String TO = "to";
  private static final String SCALE = "scale";
  private static final String VALUE = "value";
  private static final Set<String> OF_RANGE = Set.of(FROM, TO, SCALE);

  /** Combinations that are put in an order rather than drawn one after another. */
  private static final long LISTED = 100_000;

  /** Draws in vain, for each that is wanted, before the space counts as exhausted. */
  private static final int PATIENCE = 1000;

  private static final Set<String> OTHER_TEXT = Set.of("text.vocabulary", "text.tokenizer");

  /** Decide what else but the model: who trains, when it ends, what is kept and who is told. */
  private static final List<String> NOT_OF_A_MODEL =
      List.of(
          "train.workers",
          "train.start",
          "train.unfinished",
          "train.checkpoint",
          "train.max-minutes",
          "train.mlflow",
          "train.prepared-kept");

  /**
   * Combinations that were drawn.
   *
   * @param trials one for each trial: the space's keys with their values
   * @param excluded combinations that came up and were passed over, because their settings exclude
   *     each other or make a model that another makes
   */
  public record Draws(List<SortedMap<String, String>> trials, long excluded) {}

  /** Copies the list. */
  public SearchSpace {
    dimensions = List.copyOf(dimensions);
  }

  /**
   * The space that {@code tune.space} says.
   *
   * @throws UserException of usage if it is empty, or a key or a value in it cannot be used; the
   *     message names the key
   */
  public static SearchSpace of(Settings settings) {
    try {
      SortedMap<String, Dimension> found = new TreeMap<>();
      collect(List.of(), ConfigFactory.parseString(settings.text(KEY)).root(), found);
      if (found.isEmpty()) {
        throw UserException.usage(
            KEY + " is empty: name what to try, such as tune.space { model.hidden = [128, 256] }");
      }
      return new SearchSpace(List.copyOf(found.values()));
    } catch (ConfigException e) {
      throw UserException.usage(KEY + ": " + OneLine.of(e.getMessage()), e);
    }
  }

  private static void collect(
      List<String> parents, ConfigObject group, SortedMap<String, Dimension> found) {
    for (Map.Entry<String, ConfigValue> entry : group.entrySet()) {
      List<String> path = new ArrayList<>(parents);
      path.add(entry.getKey());
      ConfigValue value = entry.getValue();
      if (value instanceof ConfigObject inner && !inner.containsKey(FROM)) {
        collect(path, inner, found);
      } else {
        String key = String.join(".", path);
        requireTunable(key);
        found.put(key, dimension(key, value));
      }
    }
  }

  /**
   * Sees to it that a key may be searched over.
   *
   * @throws UserException of usage if there is no such key, or it decides no model
   */
  static void requireTunable(String key) {
    Settings.range(key); // there is such a key
    boolean ofModel =
        key.startsWith("model.")
            || OTHER_TEXT.contains(key)
            || (key.startsWith("train.") && NOT_OF_A_MODEL.stream().noneMatch(key::startsWith));
    if (!ofModel) {
      throw UserException.usage(
          "%s cannot be tuned, for it decides no model: set it for all trials, beside tune.space"
              .formatted(key));
    }
    if (key.equals("train.epochs")) {
      throw UserException.usage(
          "train.epochs cannot be tuned: tune.epochs says how long a trial is trained");
    }
  }

  private static Dimension dimension(String key, ConfigValue value) {
    if (value instanceof ConfigList list) {
      return new Dimension.Choice(key, list.stream().map(each -> text(key, each)).toList());
    }
    if (!(value instanceof ConfigObject range)) {
      throw UserException.usage(
          "tune.space: %s takes a list of values, [a, b], or { from = a, to = b, scale = log }"
              .formatted(key));
    }
    range.keySet().stream()
        .filter(name -> !OF_RANGE.contains(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw UserException.usage(
                  "tune.space: %s has no %s, only from, to and scale"
                      .formatted(key, OneLine.of(name)));
            });
    return new Dimension.Range(
        key,
        number(key, FROM, range.get(FROM)),
        number(key, TO, range.get(TO)),
        scale(key, range.get(SCALE)));
  }

  private static BigDecimal number(String key, String bound, ConfigValue value) {
    String text = value == null ? "nothing" : text(key, value);
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw UserException.usage(
          "tune.space: %s of %s must be a number, not %s".formatted(bound, key, OneLine.of(text)));
    }
  }

  private static Dimension.Scale scale(String key, ConfigValue value) {
    String text = value == null ? "linear" : text(key, value);
    return Arrays.stream(Dimension.Scale.values())
        .filter(scale -> scale.toString().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                UserException.usage(
                    "tune.space: scale of %s must be linear or log, not %s"
                        .formatted(key, OneLine.of(text))));
  }

  private static String text(String key, ConfigValue value) {
    if (value.valueType() == ConfigValueType.LIST
        || value.valueType() == ConfigValueType.OBJECT
        || value.valueType() == ConfigValueType.NULL) {
      throw UserException.usage(
          "tune.space: %s takes numbers, words and truth values, not %s"
              .formatted(key, OneLine.of(value.render(ConfigRenderOptions.concise()))));
    }
    return value.atKey(VALUE).getString(VALUE);
  }

  /** The keys, in order. */
  public List<String> keys() {
    return dimensions.stream().map(Dimension::key).toList();
  }

  /** How many combinations there are; empty if they cannot be counted. */
  public OptionalLong size() {
    long product = 1;
    for (Dimension dimension : dimensions) {
      if (dimension.size().isEmpty()) {
        return OptionalLong.empty();
      }
      product = saturated(product, dimension.size().getAsLong());
    }
    return OptionalLong.of(product);
  }

  private static long saturated(long a, long b) {
    return b != 0 && a > Long.MAX_VALUE / b ? Long.MAX_VALUE : a * b;
  }

  /**
   * Every combination, in order.
   *
   * @param fits whether the settings of a combination go together
   * @throws UserException of usage if they cannot be counted, or none fits
   */
  public Draws all(Predicate<SortedMap<String, String>> fits) {
    long size = size().orElse(Long.MAX_VALUE);
    if (size > LISTED) {
      throw UserException.usage(
          "tune.search=grid needs a list of values for each key of tune.space, and at most %,d combinations: give lists, or take tune.search=random"
              .formatted(LISTED));
    }
    Map<Boolean, List<SortedMap<String, String>>> parted =
        LongStream.range(0, size)
            .mapToObj(this::combination)
            .collect(Collectors.partitioningBy(fits));
    List<SortedMap<String, String>> fitting = parted.get(true);
    requireEnough(1, fitting.size(), size);
    return new Draws(fitting, size - fitting.size());
  }

  /**
   * Different combinations at random: which ones, and in which order, depends on the space, the
   * seed and what fits alone, and fewer trials are the first ones of more.
   *
   * @param trials how many
   * @param fits whether the settings of a combination go together
   * @throws UserException of usage if there are not so many
   */
  public Draws draw(int trials, long seed, Predicate<SortedMap<String, String>> fits) {
    OptionalLong size = size();
    if (size.isPresent()) {
      requireEnough(trials, size.getAsLong(), size.getAsLong());
    }
    Stream<SortedMap<String, String>> source;
    if (size.isPresent() && size.getAsLong() <= LISTED) {
      List<Long> places =
          LongStream.range(0, size.getAsLong()).boxed().collect(Collectors.toList());
      Collections.shuffle(places, new Random(seed));
      source = places.stream().map(this::combination);
    } else {
      SplittableRandom random = new SplittableRandom(seed);
      source = Stream.generate(() -> drawn(random)).limit((long) PATIENCE * trials).distinct();
    }
    List<SortedMap<String, String>> fitting = new ArrayList<>();
    long[] excluded = {0};
    source
        .takeWhile(each -> fitting.size() < trials)
        .forEach(
            each -> {
              if (fits.test(each)) {
                fitting.add(each);
              } else {
                excluded[0]++;
              }
            });
    requireEnough(trials, fitting.size(), fitting.size() + excluded[0]);
    return new Draws(List.copyOf(fitting), excluded[0]);
  }

  private static void requireEnough(int trials, long fitting, long all) {
    if (fitting < trials) {
      throw UserException.usage(
          "tune.trials=%d is more than the %,d combinations of tune.space%s: set it lower, or let the space be larger"
              .formatted(
                  trials,
                  fitting,
                  fitting < all
                      ? ", without %,d whose settings exclude each other or make a model that another makes"
                          .formatted(all - fitting)
                      : ""));
    }
  }

  /** The combination at a place, the last key's values following each other. */
  private SortedMap<String, String> combination(long place) {
    SortedMap<String, String> values = new TreeMap<>();
    long rest = place;
    for (int i = dimensions.size() - 1; i >= 0; i--) {
      Dimension dimension = dimensions.get(i);
      long size = dimension.size().getAsLong();
      values.put(dimension.key(), dimension.value(rest % size));
      rest /= size;
    }
    return Collections.unmodifiableSortedMap(values);
  }

  private SortedMap<String, String> drawn(SplittableRandom random) {
    SortedMap<String, String> values = new TreeMap<>();
    dimensions.forEach(dimension -> values.put(dimension.key(), dimension.draw(random)));
    return Collections.unmodifiableSortedMap(values);
  }
}
