package storyloom.model.registry;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElseGet;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import storyloom.model.UserException;
import storyloom.model.files.AtomicFile;

/**
 * What is known of a version besides its bundle, which never changes: {@code <version>.json} beside
 * the bundle, one line that is replaced whole.
 *
 * @param state what was decided
 * @param at when, as ISO 8601; null before
 * @param before the version that was current before it was promoted; null if there was none
 * @param reason why it was refused; null if it was not
 * @param figures name → value, as measured for the decision
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record VersionRecord(
    State state, String at, String before, String reason, SortedMap<String, Double> figures) {

  /** Of a version about which nothing was written down. */
  public static final VersionRecord NONE =
      new VersionRecord(State.CANDIDATE, null, null, null, null);

  /** What was decided of a model. */
  public enum State {
    /** Nothing yet. */
    CANDIDATE,
    /** It was made the current one. */
    PROMOTED,
    /** It is not to be used; its record says why. */
    REFUSED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final String ENDING = ".json";

  /** The figure by which models are compared. */
  public static final String PERPLEXITY = "perplexity_per_word";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
          .enable(DeserializationFeature.READ_ENUMS_USING_TO_STRING)
          .build();

  /** Copies the figures; none for null. */
  public VersionRecord {
    requireNonNull(state, "state");
    figures = Collections.unmodifiableSortedMap(new TreeMap<>(orNone(figures)));
  }

  private static SortedMap<String, Double> orNone(SortedMap<String, Double> figures) {
    return requireNonNullElseGet(figures, Collections::emptySortedMap);
  }

  /** The same with what was measured. */
  public VersionRecord with(SortedMap<String, Double> measured) {
    return new VersionRecord(state, at, before, reason, measured);
  }

  VersionRecord promoted(String currentBefore) {
    return new VersionRecord(State.PROMOTED, now(), currentBefore, null, figures);
  }

  VersionRecord refused(String why) {
    return new VersionRecord(State.REFUSED, now(), before, why, figures);
  }

  private static String now() {
    return Instant.now().toString();
  }

  /** The version that a file of this name is about; the name itself if it is no record. */
  static String versionOf(String file) {
    return file.endsWith(ENDING) ? file.substring(0, file.length() - ENDING.length()) : file;
  }

  /**
   * What is known of a version; {@link #NONE} if nothing is.
   *
   * @param models the folder of the bundles
   * @throws UserException of data if that cannot be read, or is damaged
   */
  static VersionRecord read(Path models, String version, Configuration configuration) {
    Path file = new Path(models, version + ENDING);
    try {
      Optional<String> line = new AtomicFile(file, configuration).read();
      if (line.isEmpty()) {
        return NONE;
      }
      VersionRecord record = JSON.readValue(line.get(), VersionRecord.class);
      if (record == null || record.figures.containsValue(null)) {
        throw damaged(file, null);
      }
      return record;
    } catch (JsonProcessingException e) {
      throw damaged(file, e);
    } catch (IOException e) {
      throw UserException.data("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static UserException damaged(Path file, Exception cause) {
    return UserException.data(
        "%s is damaged: delete it, and its model counts as one that was never judged"
            .formatted(file),
        cause);
  }

  /**
   * Replaces what is known of a version by this.
   *
   * @param models the folder of the bundles
   * @throws UserException of data if that cannot be written
   */
  void write(Path models, String version, Configuration configuration) {
    Path file = new Path(models, version + ENDING);
    try {
      new AtomicFile(file, configuration).replace(JSON.writeValueAsString(this));
    } catch (IOException e) {
      throw UserException.data("cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
