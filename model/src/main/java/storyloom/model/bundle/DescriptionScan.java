package storyloom.model.bundle;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.zip.DataFormatException;

/**
 * Looks through bundle.json token by token before anything is made of it: whoever makes a tree of
 * JSON needs many times its size where it has nothing but brackets.
 */
final class DescriptionScan {

  private static final String FORMAT = "format";

  /** A map of the provenance is the third level. */
  private static final int DEEPEST = 3;

  /** Names and values, of which each file of the corpus has one; a million files. */
  private static final int MOST_TOKENS = 1 << 21;

  private static final Set<String> MAY_BE_NULL = Set.of("provenance.parent", "provenance.run");

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES) // made-up names would fill a cache
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private DescriptionScan() {}

  /**
   * The format that the description says it has, whatever else it holds.
   *
   * @throws DataFormatException if it says none, or another thing than a whole number
   */
  static int format(byte[] json) throws IOException, DataFormatException {
    try (JsonParser parser = JSON.createParser(json)) {
      requireObject(parser);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean isFormat = FORMAT.equals(parser.currentName());
        JsonToken value = parser.nextToken();
        if (isFormat && value != JsonToken.VALUE_NUMBER_INT) {
          throw new DataFormatException("format must be a whole number, without quotes");
        } else if (isFormat) {
          return parser.getIntValue();
        }
        parser.skipChildren();
      }
      throw new DataFormatException("format is missing");
    }
  }

  /**
   * Sees to it that a description is one JSON object of a size that can be, without null where a
   * model has something.
   *
   * @throws DataFormatException if it is not; the message says where
   */
  static void require(byte[] json) throws IOException, DataFormatException {
    try (JsonParser parser = JSON.createParser(json)) {
      requireObject(parser);
      int depth = 1;
      int tokens = 0;
      while (depth > 0) {
        JsonToken token = parser.nextToken();
        if (token == null) {
          throw new DataFormatException("it is cut short");
        }
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        tokens++;
        if (depth > DEEPEST) {
          throw new DataFormatException(path(parser) + " must not hold lists or objects");
        }
        if (tokens > MOST_TOKENS) {
          throw new DataFormatException(
              String.format(Locale.ROOT, "it has more than %,d names and values", MOST_TOKENS));
        }
        if (token == JsonToken.VALUE_NULL && !MAY_BE_NULL.contains(path(parser))) {
          throw new DataFormatException(path(parser) + " must not be null");
        }
      }
    }
  }

  private static void requireObject(JsonParser parser) throws IOException, DataFormatException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new DataFormatException("it is no JSON object");
    }
  }

  /** Where the parser stands, such as {@code model.hidden}. */
  private static String path(JsonParser parser) {
    JsonPointer pointer = parser.getParsingContext().pathAsPointer();
    StringBuilder path = new StringBuilder();
    for (JsonPointer each = pointer; !each.matches(); each = each.tail()) {
      path.append(path.isEmpty() ? "" : ".").append(each.getMatchingProperty());
    }
    return path.toString();
  }
}
