package storyloom.pipeline.generate;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/** A parameter in a line for people, as Spark ML explains its own, but with arrays spelled out. */
public final class ParamExplanation {

  private ParamExplanation() {}

  /**
   * The line of a parameter: name, what it does, default and value.
   *
   * @param owner that has it
   */
  public static String of(Params owner, Param<?> param) {
    Stream<String> byDefault =
        owner.hasDefault(param)
            ? Stream.of("default: " + text(owner.getDefault(param).get()))
            : Stream.of();
    Stream<String> current =
        owner.isSet(param) ? Stream.of("current: " + text(owner.get(param).get())) : Stream.of();
    String values = Stream.concat(byDefault, current).collect(Collectors.joining(", "));
    return "%s: %s (%s)"
        .formatted(param.name(), param.doc(), values.isEmpty() ? "not set" : values);
  }

  private static String text(Object value) {
    String text =
        value instanceof Object[] words
            ? String.join(", ", Arrays.asList(words).stream().map(Object::toString).toList())
            : value instanceof int[] numbers
                ? Arrays.stream(numbers)
                    .mapToObj(Integer::toString)
                    .collect(Collectors.joining(", "))
                : value.toString();
    return text.isEmpty() ? "none" : text;
  }
}
