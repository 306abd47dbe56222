package storyloom.pipeline.generate;

import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import storyloom.model.decode.DecodingOption;

/**
 * How stories are written, as parameters of Spark ML: one for each {@link DecodingOption} but batch
 * and seed, under the option's name in camel case, each with its setter and getter. Defaults and
 * ranges are those of the settings below {@code decode.}.
 *
 * @param <T> the class that has them
 */
public interface DecodingParams<T extends DecodingParams<T>> extends Params {

  /** The parameter of an option. */
  Param<?> decodingParam(DecodingOption option);

  /** How the next token is chosen: greedy, beam or sample. */
  @SuppressWarnings("unchecked")
  default Param<String> strategy() {
    return (Param<String>) decodingParam(DecodingOption.STRATEGY);
  }

  /** Sets {@link #strategy}. */
  default T setStrategy(String value) {
    set(strategy(), value);
    return self();
  }

  /** The value of {@link #strategy}. */
  default String getStrategy() {
    return getOrDefault(strategy());
  }

  /** Of sampling: below 1 plays safe, above 1 dares. */
  default DoubleParam temperature() {
    return (DoubleParam) decodingParam(DecodingOption.TEMPERATURE);
  }

  /** Sets {@link #temperature}. */
  default T setTemperature(double value) {
    set(temperature(), value);
    return self();
  }

  /** The value of {@link #temperature}. */
  default double getTemperature() {
    return (double) getOrDefault(temperature());
  }

  /** Sampling draws from so many of the likeliest tokens; 0: from all. */
  default IntParam topK() {
    return (IntParam) decodingParam(DecodingOption.TOP_K);
  }

  /** Sets {@link #topK}. */
  default T setTopK(int value) {
    set(topK(), value);
    return self();
  }

  /** The value of {@link #topK}. */
  default int getTopK() {
    return (int) getOrDefault(topK());
  }

  /** Of those, sampling draws from the likeliest that hold this share; 1: from all. */
  default DoubleParam topP() {
    return (DoubleParam) decodingParam(DecodingOption.TOP_P);
  }

  /** Sets {@link #topP}. */
  default T setTopP(double value) {
    set(topP(), value);
    return self();
  }

  /** The value of {@link #topP}. */
  default double getTopP() {
    return (double) getOrDefault(topP());
  }

  /** Sampling draws from tokens with this share of the likeliest one's probability; 0: from all. */
  default DoubleParam minP() {
    return (DoubleParam) decodingParam(DecodingOption.MIN_P);
  }

  /** Sets {@link #minP}. */
  default T setMinP(double value) {
    set(minP(), value);
    return self();
  }

  /** The value of {@link #minP}. */
  default double getMinP() {
    return (double) getOrDefault(minP());
  }

  /** Stories drafted for each prompt, of which the one is kept that has most to do with it. */
  default IntParam candidates() {
    return (IntParam) decodingParam(DecodingOption.CANDIDATES);
  }

  /** Sets {@link #candidates}. */
  default T setCandidates(int value) {
    set(candidates(), value);
    return self();
  }

  /** The value of {@link #candidates}. */
  default int getCandidates() {
    return (int) getOrDefault(candidates());
  }

  /** Of candidates: 0 keeps the likeliest; 1 the one that its prompt makes likelier by most. */
  default DoubleParam priorWeight() {
    return (DoubleParam) decodingParam(DecodingOption.PRIOR_WEIGHT);
  }

  /** Sets {@link #priorWeight}. */
  default T setPriorWeight(double value) {
    set(priorWeight(), value);
    return self();
  }

  /** The value of {@link #priorWeight}. */
  default double getPriorWeight() {
    return (double) getOrDefault(priorWeight());
  }

  /** Hypotheses that beam search keeps at a time. */
  default IntParam beamSize() {
    return (IntParam) decodingParam(DecodingOption.BEAM_SIZE);
  }

  /** Sets {@link #beamSize}. */
  default T setBeamSize(int value) {
    set(beamSize(), value);
    return self();
  }

  /** The value of {@link #beamSize}. */
  default int getBeamSize() {
    return (int) getOrDefault(beamSize());
  }

  /** Of beam search: 0 prefers short stories, more makes long ones worth more. */
  default DoubleParam lengthPenalty() {
    return (DoubleParam) decodingParam(DecodingOption.LENGTH_PENALTY);
  }

  /** Sets {@link #lengthPenalty}. */
  default T setLengthPenalty(double value) {
    set(lengthPenalty(), value);
    return self();
  }

  /** The value of {@link #lengthPenalty}. */
  default double getLengthPenalty() {
    return (double) getOrDefault(lengthPenalty());
  }

  /** No sequence of so many tokens stands in a story twice; 0: no such rule. */
  default IntParam noRepeatNgram() {
    return (IntParam) decodingParam(DecodingOption.NO_REPEAT_NGRAM);
  }

  /** Sets {@link #noRepeatNgram}. */
  default T setNoRepeatNgram(int value) {
    set(noRepeatNgram(), value);
    return self();
  }

  /** The value of {@link #noRepeatNgram}. */
  default int getNoRepeatNgram() {
    return (int) getOrDefault(noRepeatNgram());
  }

  /** 1 changes nothing, 1.2 makes repetition rarer. */
  default DoubleParam repetitionPenalty() {
    return (DoubleParam) decodingParam(DecodingOption.REPETITION_PENALTY);
  }

  /** Sets {@link #repetitionPenalty}. */
  default T setRepetitionPenalty(double value) {
    set(repetitionPenalty(), value);
    return self();
  }

  /** The value of {@link #repetitionPenalty}. */
  default double getRepetitionPenalty() {
    return (double) getOrDefault(repetitionPenalty());
  }

  /** Words and phrases that no story holds, in whatever case. */
  default StringArrayParam bannedWords() {
    return (StringArrayParam) decodingParam(DecodingOption.BANNED_WORDS);
  }

  /** Sets {@link #bannedWords}. */
  default T setBannedWords(String... value) {
    set(bannedWords(), value);
    return self();
  }

  /** The value of {@link #bannedWords}. */
  default String[] getBannedWords() {
    return getOrDefault(bannedWords());
  }

  /** Tokens of the shortest story. */
  default IntParam minTokens() {
    return (IntParam) decodingParam(DecodingOption.MIN_TOKENS);
  }

  /** Sets {@link #minTokens}. */
  default T setMinTokens(int value) {
    set(minTokens(), value);
    return self();
  }

  /** The value of {@link #minTokens}. */
  default int getMinTokens() {
    return (int) getOrDefault(minTokens());
  }

  /** Tokens of the longest story. */
  default IntParam maxTokens() {
    return (IntParam) decodingParam(DecodingOption.MAX_TOKENS);
  }

  /** Sets {@link #maxTokens}. */
  default T setMaxTokens(int value) {
    set(maxTokens(), value);
    return self();
  }

  /** The value of {@link #maxTokens}. */
  default int getMaxTokens() {
    return (int) getOrDefault(maxTokens());
  }

  /** float32, or int8: some times as fast, with stories that may be others. */
  @SuppressWarnings("unchecked")
  default Param<String> precision() {
    return (Param<String>) decodingParam(DecodingOption.PRECISION);
  }

  /** Sets {@link #precision}. */
  default T setPrecision(String value) {
    set(precision(), value);
    return self();
  }

  /** The value of {@link #precision}. */
  default String getPrecision() {
    return getOrDefault(precision());
  }

  @SuppressWarnings("unchecked")
  private T self() {
    return (T) this;
  }
}
