package storyloom.pipeline.ml;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;

/**
 * What becomes of the texts of a corpus, as parameters of Spark ML with their setters and getters.
 * Defaults and ranges are those of the settings that {@link TrainingOption} names.
 *
 * @param <T> the class that has them
 */
public interface TextParams<T extends TextParams<T>> extends Params {

  /** The parameter of an option. */
  Param<?> trainingParam(TrainingOption option);

  /** Share of the pairs that is taken for validation where no validationIndicatorCol is set. */
  default DoubleParam validShare() {
    return (DoubleParam) trainingParam(TrainingOption.VALID_SHARE);
  }

  /** Sets {@link #validShare}. */
  default T setValidShare(double value) {
    set(validShare(), value);
    return self();
  }

  /** The value of {@link #validShare}. */
  default double getValidShare() {
    return (double) getOrDefault(validShare());
  }

  /** Longest raw prompt or story that is looked into; pairs with a longer one are dropped. */
  default IntParam maxCharacters() {
    return (IntParam) trainingParam(TrainingOption.MAX_CHARACTERS);
  }

  /** Sets {@link #maxCharacters}. */
  default T setMaxCharacters(int value) {
    set(maxCharacters(), value);
    return self();
  }

  /** The value of {@link #maxCharacters}. */
  default int getMaxCharacters() {
    return (int) getOrDefault(maxCharacters());
  }

  /** Rules that drop pairs of train for the company they are in. */
  default StringArrayParam pairRules() {
    return (StringArrayParam) trainingParam(TrainingOption.PAIR_RULES);
  }

  /** Sets {@link #pairRules}. */
  default T setPairRules(String... value) {
    set(pairRules(), value);
    return self();
  }

  /** The value of {@link #pairRules}. */
  default String[] getPairRules() {
    return getOrDefault(pairRules());
  }

  /** What a token is: words or bpe. */
  @SuppressWarnings("unchecked")
  default Param<String> tokenizer() {
    return (Param<String>) trainingParam(TrainingOption.TOKENIZER);
  }

  /** Sets {@link #tokenizer}. */
  default T setTokenizer(String value) {
    set(tokenizer(), value);
    return self();
  }

  /** The value of {@link #tokenizer}. */
  default String getTokenizer() {
    return getOrDefault(tokenizer());
  }

  /** Whether case is folded; sentence case is restored in stories. */
  default BooleanParam lowercase() {
    return (BooleanParam) trainingParam(TrainingOption.LOWERCASE);
  }

  /** Sets {@link #lowercase}. */
  default T setLowercase(boolean value) {
    set(lowercase(), value);
    return self();
  }

  /** The value of {@link #lowercase}. */
  default boolean getLowercase() {
    return (boolean) getOrDefault(lowercase());
  }

  /** A word seen fewer times than this becomes unknown. */
  default IntParam minCount() {
    return (IntParam) trainingParam(TrainingOption.MIN_COUNT);
  }

  /** Sets {@link #minCount}. */
  default T setMinCount(int value) {
    set(minCount(), value);
    return self();
  }

  /** The value of {@link #minCount}. */
  default int getMinCount() {
    return (int) getOrDefault(minCount());
  }

  /** Tokens of the vocabulary at most, the four special ones included. */
  default IntParam vocabulary() {
    return (IntParam) trainingParam(TrainingOption.VOCABULARY);
  }

  /** Sets {@link #vocabulary}. */
  default T setVocabulary(int value) {
    set(vocabulary(), value);
    return self();
  }

  /** The value of {@link #vocabulary}. */
  default int getVocabulary() {
    return (int) getOrDefault(vocabulary());
  }

  /** Tokens of the longest prompt; the rest is cut off. */
  default IntParam maxPromptTokens() {
    return (IntParam) trainingParam(TrainingOption.MAX_PROMPT_TOKENS);
  }

  /** Sets {@link #maxPromptTokens}. */
  default T setMaxPromptTokens(int value) {
    set(maxPromptTokens(), value);
    return self();
  }

  /** The value of {@link #maxPromptTokens}. */
  default int getMaxPromptTokens() {
    return (int) getOrDefault(maxPromptTokens());
  }

  /** Tokens of the longest story, or of a window of longer ones. */
  default IntParam maxStoryTokens() {
    return (IntParam) trainingParam(TrainingOption.MAX_STORY_TOKENS);
  }

  /** Sets {@link #maxStoryTokens}. */
  default T setMaxStoryTokens(int value) {
    set(maxStoryTokens(), value);
    return self();
  }

  /** The value of {@link #maxStoryTokens}. */
  default int getMaxStoryTokens() {
    return (int) getOrDefault(maxStoryTokens());
  }

  /** What becomes of longer stories: cut at a sentence end, or windows in which all is learned. */
  @SuppressWarnings("unchecked")
  default Param<String> longStories() {
    return (Param<String>) trainingParam(TrainingOption.LONG_STORIES);
  }

  /** Sets {@link #longStories}. */
  default T setLongStories(String value) {
    set(longStories(), value);
    return self();
  }

  /** The value of {@link #longStories}. */
  default String getLongStories() {
    return getOrDefault(longStories());
  }

  /** Rules that clean texts. */
  default StringArrayParam cleaningRules() {
    return (StringArrayParam) trainingParam(TrainingOption.CLEANING_RULES);
  }

  /** Sets {@link #cleaningRules}. */
  default T setCleaningRules(String... value) {
    set(cleaningRules(), value);
    return self();
  }

  /** The value of {@link #cleaningRules}. */
  default String[] getCleaningRules() {
    return getOrDefault(cleaningRules());
  }

  /** Rules that drop pairs of which a text is none. */
  default StringArrayParam textRules() {
    return (StringArrayParam) trainingParam(TrainingOption.TEXT_RULES);
  }

  /** Sets {@link #textRules}. */
  default T setTextRules(String... value) {
    set(textRules(), value);
    return self();
  }

  /** The value of {@link #textRules}. */
  default String[] getTextRules() {
    return getOrDefault(textRules());
  }

  /** Words of the shortest prompt that is learned from; 0: no bound. */
  default IntParam minPromptWords() {
    return (IntParam) trainingParam(TrainingOption.MIN_PROMPT_WORDS);
  }

  /** Sets {@link #minPromptWords}. */
  default T setMinPromptWords(int value) {
    set(minPromptWords(), value);
    return self();
  }

  /** The value of {@link #minPromptWords}. */
  default int getMinPromptWords() {
    return (int) getOrDefault(minPromptWords());
  }

  /** Words of the longest prompt that is learned from; 0: no bound. */
  default IntParam maxPromptWords() {
    return (IntParam) trainingParam(TrainingOption.MAX_PROMPT_WORDS);
  }

  /** Sets {@link #maxPromptWords}. */
  default T setMaxPromptWords(int value) {
    set(maxPromptWords(), value);
    return self();
  }

  /** The value of {@link #maxPromptWords}. */
  default int getMaxPromptWords() {
    return (int) getOrDefault(maxPromptWords());
  }

  /** Words of the shortest story that is learned from; 0: no bound. */
  default IntParam minStoryWords() {
    return (IntParam) trainingParam(TrainingOption.MIN_STORY_WORDS);
  }

  /** Sets {@link #minStoryWords}. */
  default T setMinStoryWords(int value) {
    set(minStoryWords(), value);
    return self();
  }

  /** The value of {@link #minStoryWords}. */
  default int getMinStoryWords() {
    return (int) getOrDefault(minStoryWords());
  }

  /** Words of the longest story that is learned from; 0: no bound. */
  default IntParam maxStoryWords() {
    return (IntParam) trainingParam(TrainingOption.MAX_STORY_WORDS);
  }

  /** Sets {@link #maxStoryWords}. */
  default T setMaxStoryWords(int value) {
    set(maxStoryWords(), value);
    return self();
  }

  /** The value of {@link #maxStoryWords}. */
  default int getMaxStoryWords() {
    return (int) getOrDefault(maxStoryWords());
  }

  @SuppressWarnings("unchecked")
  private T self() {
    return (T) this;
  }
}
