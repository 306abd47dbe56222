package storyloom.model.bundle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import storyloom.model.UserException;

/** Says what in a bundle.json does not fit a model, for people who know JSON and no Java. */
final class DescriptionMisfit {

  private DescriptionMisfit() {}

  /**
   * What is wrong, and where, such as {@code model.hidden must be a whole number, not "two"}.
   *
   * @param failure of making a description of the JSON
   * @param json all of it
   */
  static String of(IOException failure, JsonNode json) {
    if (failure.getCause() instanceof UserException refused) {
      return refused.getMessage();
    }
    if (!(failure instanceof JsonMappingException misfit) || misfit.getPath().isEmpty()) {
      return reason(failure);
    }
    JsonNode value = json;
    StringJoiner path = new StringJoiner(".");
    for (JsonMappingException.Reference step : misfit.getPath()) {
      boolean isName = step.getFieldName() != null;
      value = isName ? value.path(step.getFieldName()) : value.path(step.getIndex());
      path.add(isName ? step.getFieldName() : Integer.toString(step.getIndex()));
    }
    if (failure instanceof UnrecognizedPropertyException) {
      return path + " is nothing that a model has";
    }
    if (value.isMissingNode()) {
      return path + " is missing";
    }
    return failure instanceof MismatchedInputException mismatch
        ? "%s must be %s, not %s".formatted(path, kind(mismatch.getTargetType()), value)
        : "%s cannot be %s".formatted(path, value);
  }

  private static String kind(Class<?> type) {
    if (type == int.class || type == Integer.class || type == long.class) {
      return "a whole number that is not too large";
    }
    if (type == double.class || type == Double.class) {
      return "a number";
    }
    if (type == boolean.class) {
      return "true or false";
    }
    if (type.isEnum()) {
      return "one of " + Arrays.toString(type.getEnumConstants());
    }
    if (type == Instant.class) {
      return "a time such as 2026-11-22T15:50:09Z";
    }
    return type == String.class ? "a text" : type == List.class ? "a list" : "an object";
  }

  /** One line: Jackson's own message goes on with the place in the file. */
  static String reason(IOException failure) {
    return failure instanceof JsonProcessingException json
        ? json.getOriginalMessage()
        : failure.getMessage();
  }
}
