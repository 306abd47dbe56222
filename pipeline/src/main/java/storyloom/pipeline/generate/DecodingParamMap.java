package storyloom.pipeline.generate;

import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.decode.DecodingOption;

/** Decoding options as parameters of Spark ML, and their values as both have them. */
public final class DecodingParamMap {

  private final Map<DecodingOption, Param<Object>> params = new EnumMap<>(DecodingOption.class);

  /**
   * @param parent whose parameters they are
   * @param options that it has
   */
  public DecodingParamMap(Params parent, Collection<DecodingOption> options) {
    options.forEach(option -> params.put(option, param(parent, option)));
  }

  /**
   * How Spark writes a value when it saves a parameter is the business of the parameter's class.
   */
  @SuppressWarnings("unchecked")
  private static Param<Object> param(Params parent, DecodingOption option) {
    String name = Wording.paramName(option);
    String doc = "%s; %s".formatted(option.doc().replaceFirst("\\.$", ""), option.range());
    Param<?> param =
        switch (option.type()) {
          case CHOICE -> new Param<>(parent, name, doc, option::accepts);
          case INTEGER -> new IntParam(parent, name, doc, option::accepts);
          case WHOLE -> new LongParam(parent, name, doc, option::accepts);
          case NUMBER -> new DoubleParam(parent, name, doc, option::accepts);
          case WORDS ->
              new StringArrayParam(parent, name, doc, words -> option.accepts(List.of(words)));
        };
    return (Param<Object>) param;
  }

  /** The parameter of an option; null for one that is not among them. */
  public Param<Object> param(DecodingOption option) {
    return params.get(option);
  }

  /** Parameters with the values that some settings have for them. */
  public Map<Param<Object>, Object> values(DecodeSettings settings) {
    Map<Param<Object>, Object> values = new LinkedHashMap<>();
    params.forEach(
        (option, param) -> {
          Object value = option.value(settings);
          values.put(param, value instanceof List<?> words ? words.toArray(String[]::new) : value);
        });
    return values;
  }

  /** A parameter's value as settings have it. */
  static Object setting(Object value) {
    return value instanceof String[] words ? List.of(words) : value;
  }
}
