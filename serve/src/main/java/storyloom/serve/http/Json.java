package storyloom.serve.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** JSON as the service writes it and, strictly, as it reads it. */
final class Json {

  static final String MEDIA_TYPE = "application/json";

  private static final int DEEPEST = 16;
  private static final int LONGEST_NUMBER = 100;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxNumberLength(LONGEST_NUMBER)
                          .build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  /** One line of UTF-8. */
  static byte[] bytes(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON: " + value.getClass(), e);
    }
  }

  /**
   * Reads an object.
   *
   * @throws ProblemException if the bytes are anything else
   */
  static ObjectNode object(byte[] utf8) {
    try {
      JsonNode read = MAPPER.readTree(text(utf8));
      if (read instanceof ObjectNode object) {
        return object;
      }
      throw invalid("it is not an object");
    } catch (CharacterCodingException e) {
      throw invalid("it is not UTF-8");
    } catch (JsonProcessingException e) {
      throw invalid(
          e.getLocation() == null
              ? "it is no JSON"
              : "it is no JSON, at line %d, column %d"
                  .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
    }
  }

  private static String text(byte[] utf8) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
  }

  private static ProblemException invalid(String why) {
    return new ProblemException(
        Problem.invalid("the body must be a JSON object such as {\"prompt\": \"…\"}: " + why));
  }
}
