package storyloom.pipeline.generate;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.ml.param.Param;

/** The parameters of {@link StoryGenerator} that name its model and its columns. */
public abstract class StoryParams extends DecodeParams {

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
    super(uid);
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
