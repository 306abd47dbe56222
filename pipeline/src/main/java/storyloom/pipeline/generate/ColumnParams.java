package storyloom.pipeline.generate;

import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/**
 * The columns that stories come from and that come with them, as parameters of Spark ML with their
 * setters and getters; the stories' own is the business of the class that has them.
 *
 * @param <T> the class that has them
 */
public interface ColumnParams<T extends ColumnParams<T>> extends Params {

  /** The parameter that names an added column. */
  Param<String> columnParam(StoryColumn column);

  /** Column of the prompts, strings; {@code prompt} by default. */
  Param<String> promptCol();

  /** Sets {@link #promptCol}. */
  default T setPromptCol(String column) {
    set(promptCol(), column);
    return self();
  }

  /** The value of {@link #promptCol}. */
  default String getPromptCol() {
    return getOrDefault(promptCol());
  }

  /** Column that tells rows of equal prompts apart, strings or whole numbers; none by default. */
  Param<String> keyCol();

  /** Sets {@link #keyCol}. */
  default T setKeyCol(String column) {
    set(keyCol(), column);
    return self();
  }

  /** The value of {@link #keyCol}. */
  default String getKeyCol() {
    return getOrDefault(keyCol());
  }

  /** Column of the stories' lengths in tokens. */
  default Param<String> storyTokensCol() {
    return columnParam(StoryColumn.STORY_TOKENS);
  }

  /** Sets {@link #storyTokensCol}. */
  default T setStoryTokensCol(String column) {
    set(storyTokensCol(), column);
    return self();
  }

  /** The value of {@link #storyTokensCol}. */
  default String getStoryTokensCol() {
    return getOrDefault(storyTokensCol());
  }

  /** Column of the stories' mean log probabilities per token. */
  default Param<String> logProbCol() {
    return columnParam(StoryColumn.LOG_PROB);
  }

  /** Sets {@link #logProbCol}. */
  default T setLogProbCol(String column) {
    set(logProbCol(), column);
    return self();
  }

  /** The value of {@link #logProbCol}. */
  default String getLogProbCol() {
    return getOrDefault(logProbCol());
  }

  /** Column that says how a story ended: end, length or rejected. */
  default Param<String> finishReasonCol() {
    return columnParam(StoryColumn.FINISH_REASON);
  }

  /** Sets {@link #finishReasonCol}. */
  default T setFinishReasonCol(String column) {
    set(finishReasonCol(), column);
    return self();
  }

  /** The value of {@link #finishReasonCol}. */
  default String getFinishReasonCol() {
    return getOrDefault(finishReasonCol());
  }

  /** Column that says why a prompt was rejected. */
  default Param<String> errorCol() {
    return columnParam(StoryColumn.ERROR);
  }

  /** Sets {@link #errorCol}. */
  default T setErrorCol(String column) {
    set(errorCol(), column);
    return self();
  }

  /** The value of {@link #errorCol}. */
  default String getErrorCol() {
    return getOrDefault(errorCol());
  }

  /** Column of the model's version. */
  default Param<String> modelCol() {
    return columnParam(StoryColumn.MODEL);
  }

  /** Sets {@link #modelCol}. */
  default T setModelCol(String column) {
    set(modelCol(), column);
    return self();
  }

  /** The value of {@link #modelCol}. */
  default String getModelCol() {
    return getOrDefault(modelCol());
  }

  @SuppressWarnings("unchecked")
  private T self() {
    return (T) this;
  }
}
