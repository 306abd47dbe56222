package storyloom.pipeline.generate;

import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.StringArrayParam;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.decode.DecodingOption;
import storyloom.model.settings.Settings;

/**
 * The parameters of {@link StoryGenerator}: those that name its model and its columns, and one for
 * each {@link DecodingOption}, under the option's name in camel case.
 */
public abstract class StoryParams extends Transformer {

  private final String uid;
  private final Map<DecodingOption, Param<Object>> decoding = new EnumMap<>(DecodingOption.class);
  private final Param<String> bundle;
  private final Param<String> promptCol;
  private final Param<String> keyCol;
  private final Param<String> storyCol;
  private final Param<String> storyTokensCol;
  private final Param<String> logProbCol;
  private final Param<String> finishReasonCol;
  private final Param<String> errorCol;
  private final Param<String> modelCol;

  StoryParams(String uid) {
    this.uid = uid;
    bundle = new Param<>(this, "bundle", "directory of the model, any Hadoop URI");
    promptCol = new Param<>(this, "promptCol", "column of the prompts, strings");
    keyCol = new Param<>(this, "keyCol", "column that tells rows of equal prompts apart");
    storyCol = output("storyCol", "column of the stories", StoryColumn.STORY);
    storyTokensCol =
        output("storyTokensCol", "column of their lengths in tokens", StoryColumn.STORY_TOKENS);
    logProbCol =
        output("logProbCol", "column of their mean log probabilities", StoryColumn.LOG_PROB);
    finishReasonCol =
        output("finishReasonCol", "column of end, length or rejected", StoryColumn.FINISH_REASON);
    errorCol = output("errorCol", "column of why a prompt was rejected", StoryColumn.ERROR);
    modelCol = output("modelCol", "column of the model's version", StoryColumn.MODEL);
    setDefault(promptCol, "prompt");
    DecodeSettings defaults = DecodeSettings.of(Settings.defaults());
    for (DecodingOption option : DecodingOption.values()) {
      Param<Object> param = param(option);
      decoding.put(option, param);
      setDefault(param, toParam(option.value(defaults)));
    }
  }

  /**
   * How Spark writes a value when it saves a parameter is the business of the parameter's class.
   */
  @SuppressWarnings("unchecked")
  private Param<Object> param(DecodingOption option) {
    String name = camelCase(option.label());
    String doc = option.doc();
    Param<?> param =
        switch (option.type()) {
          case CHOICE -> new Param<>(this, name, doc, option::accepts);
          case INTEGER -> new IntParam(this, name, doc, option::accepts);
          case WHOLE -> new LongParam(this, name, doc, option::accepts);
          case NUMBER -> new DoubleParam(this, name, doc, option::accepts);
          case WORDS ->
              new StringArrayParam(this, name, doc, words -> option.accepts(List.of(words)));
        };
    return (Param<Object>) param;
  }

  private static String camelCase(String label) {
    return Pattern.compile("-(.)")
        .matcher(label)
        .replaceAll(m -> m.group(1).toUpperCase(Locale.ROOT));
  }

  private static Object toParam(Object value) {
    return value instanceof List<?> words ? words.toArray(String[]::new) : value;
  }

  private static Object fromParam(Object value) {
    return value instanceof String[] words ? List.of(words) : value;
  }

  @Override
  public String uid() {
    return uid;
  }

  /** All parameters by their names, as Spark finds those that have a method of their own. */
  @Override
  public Param<?>[] params() {
    return Stream.concat(Arrays.stream(super.params()), decoding.values().stream())
        .sorted(Comparator.comparing(Param::name))
        .toArray(Param<?>[]::new);
  }

  /** The parameter of an option. */
  public Param<Object> decodingParam(DecodingOption option) {
    return decoding.get(option);
  }

  final void setDecodeParams(DecodeSettings settings) {
    decoding.forEach((option, param) -> set(param, toParam(option.value(settings))));
  }

  /**
   * How stories are written.
   *
   * @throws storyloom.model.UserException of usage if two parameters exclude each other
   */
  final DecodeSettings decodeSettings() {
    return DecodeSettings.of(option -> fromParam(getOrDefault(decoding.get(option))));
  }

  private Param<String> output(String name, String doc, StoryColumn column) {
    Param<String> param = new Param<>(this, name, doc);
    setDefault(param, column.label());
    return param;
  }

  /** Directory of the model, any Hadoop URI. */
  public Param<String> bundle() {
    return bundle;
  }

  /** Column of the prompts, strings; {@code prompt} by default. */
  public Param<String> promptCol() {
    return promptCol;
  }

  /** Column that tells rows of equal prompts apart, strings or whole numbers; none by default. */
  public Param<String> keyCol() {
    return keyCol;
  }

  /** Column of the stories. */
  public Param<String> storyCol() {
    return storyCol;
  }

  /** Column of the stories' lengths in tokens. */
  public Param<String> storyTokensCol() {
    return storyTokensCol;
  }

  /** Column of the stories' mean log probabilities per token. */
  public Param<String> logProbCol() {
    return logProbCol;
  }

  /** Column that says how a story ended. */
  public Param<String> finishReasonCol() {
    return finishReasonCol;
  }

  /** Column that says why a prompt was rejected. */
  public Param<String> errorCol() {
    return errorCol;
  }

  /** Column of the model's version. */
  public Param<String> modelCol() {
    return modelCol;
  }

  final Param<String> columnParam(StoryColumn column) {
    return switch (column) {
      case STORY -> storyCol;
      case STORY_TOKENS -> storyTokensCol;
      case LOG_PROB -> logProbCol;
      case FINISH_REASON -> finishReasonCol;
      case ERROR -> errorCol;
      case MODEL -> modelCol;
    };
  }

  final Map<StoryColumn, String> columnNames() {
    Map<StoryColumn, String> names = new EnumMap<>(StoryColumn.class);
    for (StoryColumn column : StoryColumn.values()) {
      names.put(column, getOrDefault(columnParam(column)));
    }
    return names;
  }

  final Optional<String> key() {
    return isSet(keyCol) ? Optional.of(getOrDefault(keyCol)) : Optional.empty();
  }
}
