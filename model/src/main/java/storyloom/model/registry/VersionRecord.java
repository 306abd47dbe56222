package storyloom.model.registry;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElseGet;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import storyloom.model.UserException;

/**
 * What is known of a version besides its bundle, which never changes.
 *
 * @param state what was decided
 * @param at when, as ISO 8601; null before
 * @param before the version that was current before it was promoted; null if there was none
 * @param reason why it was refused; null if it was not
 * @param figures name → value, as measured for the decision
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record VersionRecord(
    VersionState state,
    String at,
    String before,
    String reason,
    SortedMap<String, Double> figures) {

  /** Of a version about which nothing was written down. */
  public static final VersionRecord NONE =
      new VersionRecord(VersionState.CANDIDATE, null, null, null, null);

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
    return new VersionRecord(VersionState.PROMOTED, now(), currentBefore, null, figures);
  }

  VersionRecord refused(String why) {
    return new VersionRecord(VersionState.REFUSED, now(), before, why, figures);
  }

  private static String now() {
    return Instant.now().toString();
  }

  /** One line of JSON. */
  String line() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON: " + this, e);
    }
  }

  /**
   * Reads what {@link #line} gave.
   *
   * @param file for messages
   * @throws UserException of data if it is damaged
   */
  static VersionRecord read(String line, String file) {
    try {
      return JSON.readValue(line, VersionRecord.class);
    } catch (JsonProcessingException e) {
      throw UserException.data(
          "%s is damaged: delete it, and its model counts as one that was never judged"
              .formatted(file),
          e);
    }
  }
}
