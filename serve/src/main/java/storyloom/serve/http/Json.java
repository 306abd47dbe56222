package storyloom.serve.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import storyloom.model.decode.DecodingOption;
import storyloom.serve.http.Problem.ProblemException;

/** JSON as the service writes it and, strictly, as it reads it. */
final class Json {

  static final String MEDIA_TYPE = "application/json";

  private static final int DEEPEST = 16;
  private static final int LONGEST_NUMBER = 100;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  // which would keep the names of fields, though clients make them up
                  .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
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

  /** Reads an object of the program's own. */
  static ObjectNode object(InputStream in) throws IOException {
    return (ObjectNode) MAPPER.readTree(in);
  }

  /**
   * Reads an object.
   *
   * @throws ProblemException if the bytes are anything else
   */
  static Fields fields(byte[] utf8) {
    try {
      JsonNode read = MAPPER.readTree(text(utf8));
      if (read instanceof ObjectNode object) {
        return new Fields(object);
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

  /**
   * The fields of a JSON object, of exactly the type that is asked for: nothing is converted. A
   * field that is null counts as left out.
   *
   * <p>All methods throw a {@link ProblemException} that names the field and what it must be.
   */
  static final class Fields {

    private static final int LONGEST_NAME = 40;

    private final ObjectNode object;
    private final List<String> known = new ArrayList<>();

    private Fields(ObjectNode object) {
      this.object = object;
    }

    private JsonNode field(String name) {
      known.add(name);
      JsonNode value = object.get(name);
      return value == null || value.isNull() ? null : value;
    }

    /** Text; null if left out. */
    String text(String name) {
      JsonNode value = field(name);
      if (value != null && !value.isTextual()) {
        throw wrong(name, "text");
      }
      return value == null ? null : value.textValue();
    }

    /**
     * A value of an option, within its range.
     *
     * @return of the class that the option's type says
     */
    Object option(String name, DecodingOption option, Object otherwise) {
      JsonNode value = field(name);
      if (value == null) {
        return otherwise;
      }
      Object read =
          switch (option.type()) {
            case CHOICE -> value.isTextual() ? value.textValue() : null;
            case INTEGER ->
                value.canConvertToInt() ? integral(value).map(Long::intValue).orElse(null) : null;
            case WHOLE -> integral(value).orElse(null);
            case NUMBER -> value.isNumber() ? value.doubleValue() : null;
            case WORDS -> null;
          };
      if (read == null || !option.accepts(read)) {
        throw wrong(name, option.range());
      }
      return read;
    }

    /** A whole number within bounds, both included. */
    int integer(String name, int lowest, int highest, int otherwise) {
      JsonNode value = field(name);
      if (value == null) {
        return otherwise;
      }
      return integral(value)
          .filter(number -> number >= lowest && number <= highest)
          .map(Long::intValue)
          .orElseThrow(
              () -> wrong(name, "a whole number from %d to %d".formatted(lowest, highest)));
    }

    /** A whole number of 64 bits; as JSON Schema has it, 5.0 and 5e0 are one. */
    private static Optional<Long> integral(JsonNode value) {
      if (!value.isNumber() || !value.canConvertToExactIntegral()) {
        return Optional.empty();
      }
      try {
        return Optional.of(value.decimalValue().longValueExact());
      } catch (ArithmeticException tooGreat) {
        return Optional.empty();
      }
    }

    /** A truth value; false if left out. */
    boolean flag(String name) {
      JsonNode value = field(name);
      if (value != null && !value.isBoolean()) {
        throw wrong(name, "true or false");
      }
      return value != null && value.booleanValue();
    }

    /** Refuses fields that nobody has asked for, which are mistakes. */
    void refuseOthers() {
      for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
        String name = names.next();
        if (!known.contains(name)) {
          String shown =
              name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) + "…" : name;
          throw new ProblemException(
              Problem.invalid(
                  "there is no field \"%s\": there are %s"
                      .formatted(shown, String.join(", ", known))));
        }
      }
    }

    private static ProblemException wrong(String name, String must) {
      return new ProblemException(Problem.invalid("%s must be %s".formatted(name, must)));
    }
  }
}
