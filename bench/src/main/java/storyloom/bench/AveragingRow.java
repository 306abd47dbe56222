package storyloom.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import storyloom.model.UserException;
import storyloom.model.settings.Settings;

/**
 * A training and what it ended in, as a line of JSON of {@code bin/bench averaging --out}.
 *
 * @param settings that differ from the defaults or were varied, by key
 * @param pairs trained on; 0 for all of the corpus
 * @param perplexities of the validation split, an epoch each
 * @param tokensPerCpuSecond target tokens trained on, in all rounds but the first; 0 if there was
 *     no other, or an older row does not say
 */
record AveragingRow(
    SortedMap<String, String> settings,
    int pairs,
    List<Double> perplexities,
    double tokensPerCpuSecond) {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** What two trainings have in common if they differ in nothing but their seed. */
  record Kind(SortedMap<String, String> settings, int pairs) {

    static final String SEED = "train.seed";

    Kind {
      SortedMap<String, String> others = new TreeMap<>(settings);
      others.remove(SEED);
      settings = others;
    }
  }

  Kind kind() {
    return new Kind(settings, pairs);
  }

  /** After the last epoch. */
  double perplexity() {
    return perplexities.get(perplexities.size() - 1);
  }

  /** Whether this is the training that such settings ask for. */
  boolean isOf(SortedMap<String, String> wanted, int wantedPairs) {
    return settings.equals(wanted) && pairs == wantedPairs;
  }

  /** What decides a training: all that differs from the defaults, and what is varied. */
  static SortedMap<String, String> deciding(Settings settings, List<String> varied) {
    SortedMap<String, String> deciding = new TreeMap<>(settings.changed());
    varied.forEach(key -> deciding.put(key, settings.text(key)));
    return deciding;
  }

  /**
   * The rows of a file; none if there is no such file.
   *
   * @throws UserException of data if a line is no row
   */
  static List<AveragingRow> read(Path file) {
    List<AveragingRow> rows = new ArrayList<>();
    try {
      if (Files.exists(file)) {
        for (String line : Files.readAllLines(file)) {
          rows.add(JSON.readValue(line, AveragingRow.class));
        }
      }
      return rows;
    } catch (IOException e) {
      throw UserException.data(
          "%s holds something else than rows of bin/bench averaging: %s"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  void append(Path file) {
    try {
      Files.writeString(
          file,
          JSON.writeValueAsString(this) + System.lineSeparator(),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
