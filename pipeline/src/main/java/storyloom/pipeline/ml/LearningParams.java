package storyloom.pipeline.ml;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/**
 * How a network learns, as parameters of Spark ML with their setters and getters. Defaults and
 * ranges are those of the settings that {@link TrainingOption} names.
 *
 * @param <T> the class that has them
 */
public interface LearningParams<T extends LearningParams<T>> extends Params {

  /** The parameter of an option. */
  Param<?> trainingParam(TrainingOption option);

  /** Passes over the pairs to learn from. */
  default IntParam epochs() {
    return (IntParam) trainingParam(TrainingOption.EPOCHS);
  }

  /** Sets {@link #epochs}. */
  default T setEpochs(int value) {
    set(epochs(), value);
    return self();
  }

  /** The value of {@link #epochs}. */
  default int getEpochs() {
    return (int) getOrDefault(epochs());
  }

  /** Pairs of a minibatch, those of all workers together. */
  default IntParam batch() {
    return (IntParam) trainingParam(TrainingOption.BATCH);
  }

  /** Sets {@link #batch}. */
  default T setBatch(int value) {
    set(batch(), value);
    return self();
  }

  /** The value of {@link #batch}. */
  default int getBatch() {
    return (int) getOrDefault(batch());
  }

  /** Story tokens of a minibatch, in place of batch; 0 goes by batch. */
  default IntParam batchTokens() {
    return (IntParam) trainingParam(TrainingOption.BATCH_TOKENS);
  }

  /** Sets {@link #batchTokens}. */
  default T setBatchTokens(int value) {
    set(batchTokens(), value);
    return self();
  }

  /** The value of {@link #batchTokens}. */
  default int getBatchTokens() {
    return (int) getOrDefault(batchTokens());
  }

  /** Adam's largest learning rate. */
  default DoubleParam learningRate() {
    return (DoubleParam) trainingParam(TrainingOption.LEARNING_RATE);
  }

  /** Sets {@link #learningRate}. */
  default T setLearningRate(double value) {
    set(learningRate(), value);
    return self();
  }

  /** The value of {@link #learningRate}. */
  default double getLearningRate() {
    return (double) getOrDefault(learningRate());
  }

  /** How the rate goes on after warm-up: constant, inverse-sqrt or plateau. */
  @SuppressWarnings("unchecked")
  default Param<String> schedule() {
    return (Param<String>) trainingParam(TrainingOption.SCHEDULE);
  }

  /** Sets {@link #schedule}. */
  default T setSchedule(String value) {
    set(schedule(), value);
    return self();
  }

  /** The value of {@link #schedule}. */
  default String getSchedule() {
    return getOrDefault(schedule());
  }

  /** Updates over which the learning rate rises from 0. */
  default IntParam warmUp() {
    return (IntParam) trainingParam(TrainingOption.WARM_UP);
  }

  /** Sets {@link #warmUp}. */
  default T setWarmUp(int value) {
    set(warmUp(), value);
    return self();
  }

  /** The value of {@link #warmUp}. */
  default int getWarmUp() {
    return (int) getOrDefault(warmUp());
  }

  /** Share by which perplexity must fall to count as progress under plateau. */
  default DoubleParam plateauImprovement() {
    return (DoubleParam) trainingParam(TrainingOption.PLATEAU_IMPROVEMENT);
  }

  /** Sets {@link #plateauImprovement}. */
  default T setPlateauImprovement(double value) {
    set(plateauImprovement(), value);
    return self();
  }

  /** The value of {@link #plateauImprovement}. */
  default double getPlateauImprovement() {
    return (double) getOrDefault(plateauImprovement());
  }

  /** Largest norm of the gradient; a larger one is scaled down to it. */
  default DoubleParam clip() {
    return (DoubleParam) trainingParam(TrainingOption.CLIP);
  }

  /** Sets {@link #clip}. */
  default T setClip(double value) {
    set(clip(), value);
    return self();
  }

  /** The value of {@link #clip}. */
  default double getClip() {
    return (double) getOrDefault(clip());
  }

  /** Share of each target's probability that is spread over all tokens. */
  default DoubleParam labelSmoothing() {
    return (DoubleParam) trainingParam(TrainingOption.LABEL_SMOOTHING);
  }

  /** Sets {@link #labelSmoothing}. */
  default T setLabelSmoothing(double value) {
    set(labelSmoothing(), value);
    return self();
  }

  /** The value of {@link #labelSmoothing}. */
  default double getLabelSmoothing() {
    return (double) getOrDefault(labelSmoothing());
  }

  /** Whether factors of large products are rounded to bfloat16. */
  default BooleanParam bfloat16() {
    return (BooleanParam) trainingParam(TrainingOption.BFLOAT16);
  }

  /** Sets {@link #bfloat16}. */
  default T setBfloat16(boolean value) {
    set(bfloat16(), value);
    return self();
  }

  /** The value of {@link #bfloat16}. */
  default boolean getBfloat16() {
    return (boolean) getOrDefault(bfloat16());
  }

  /** Seed of the weights, of the order of minibatches, of dropout, and of the stories. */
  default LongParam seed() {
    return (LongParam) trainingParam(TrainingOption.SEED);
  }

  /** Sets {@link #seed}. */
  default T setSeed(long value) {
    set(seed(), value);
    return self();
  }

  /** The value of {@link #seed}. */
  default long getSeed() {
    return (long) getOrDefault(seed());
  }

  /** Minibatches between two averagings. */
  default IntParam averagingFrequency() {
    return (IntParam) trainingParam(TrainingOption.AVERAGING_FREQUENCY);
  }

  /** Sets {@link #averagingFrequency}. */
  default T setAveragingFrequency(int value) {
    set(averagingFrequency(), value);
    return self();
  }

  /** The value of {@link #averagingFrequency}. */
  default int getAveragingFrequency() {
    return (int) getOrDefault(averagingFrequency());
  }

  /** Parts of the pairs that are trained on side by side; 0: one for each task slot. */
  default IntParam workers() {
    return (IntParam) trainingParam(TrainingOption.WORKERS);
  }

  /** Sets {@link #workers}. */
  default T setWorkers(int value) {
    set(workers(), value);
    return self();
  }

  /** The value of {@link #workers}. */
  default int getWorkers() {
    return (int) getOrDefault(workers());
  }

  /** What becomes of the workers' mean: average, momentum or nesterov. */
  @SuppressWarnings("unchecked")
  default Param<String> outerStep() {
    return (Param<String>) trainingParam(TrainingOption.OUTER_STEP);
  }

  /** Sets {@link #outerStep}. */
  default T setOuterStep(String value) {
    set(outerStep(), value);
    return self();
  }

  /** The value of {@link #outerStep}. */
  default String getOuterStep() {
    return getOrDefault(outerStep());
  }

  /** Momentum of that mean; 0 takes 1 - 1/sqrt(workers). */
  default DoubleParam outerMomentum() {
    return (DoubleParam) trainingParam(TrainingOption.OUTER_MOMENTUM);
  }

  /** Sets {@link #outerMomentum}. */
  default T setOuterMomentum(double value) {
    set(outerMomentum(), value);
    return self();
  }

  /** The value of {@link #outerMomentum}. */
  default double getOuterMomentum() {
    return (double) getOrDefault(outerMomentum());
  }

  /** Factor of the way to the mean. */
  default DoubleParam outerRate() {
    return (DoubleParam) trainingParam(TrainingOption.OUTER_RATE);
  }

  /** Sets {@link #outerRate}. */
  default T setOuterRate(double value) {
    set(outerRate(), value);
    return self();
  }

  /** The value of {@link #outerRate}. */
  default double getOuterRate() {
    return (double) getOrDefault(outerRate());
  }

  /** Rounds over which momentum and rate come to their full size. */
  default IntParam outerWarmUp() {
    return (IntParam) trainingParam(TrainingOption.OUTER_WARM_UP);
  }

  /** Sets {@link #outerWarmUp}. */
  default T setOuterWarmUp(int value) {
    set(outerWarmUp(), value);
    return self();
  }

  /** The value of {@link #outerWarmUp}. */
  default int getOuterWarmUp() {
    return (int) getOrDefault(outerWarmUp());
  }

  /** Decay of the moving average of the weights that becomes the model; 0: the last weights do. */
  default DoubleParam weightAverage() {
    return (DoubleParam) trainingParam(TrainingOption.WEIGHT_AVERAGE);
  }

  /** Sets {@link #weightAverage}. */
  default T setWeightAverage(double value) {
    set(weightAverage(), value);
    return self();
  }

  /** The value of {@link #weightAverage}. */
  default double getWeightAverage() {
    return (double) getOrDefault(weightAverage());
  }

  /** Epochs without progress after which training ends; 0: all epochs. */
  default IntParam patience() {
    return (IntParam) trainingParam(TrainingOption.PATIENCE);
  }

  /** Sets {@link #patience}. */
  default T setPatience(int value) {
    set(patience(), value);
    return self();
  }

  /** The value of {@link #patience}. */
  default int getPatience() {
    return (int) getOrDefault(patience());
  }

  /** Minutes within which training ends; 0: no limit. */
  default DoubleParam maxMinutes() {
    return (DoubleParam) trainingParam(TrainingOption.MAX_MINUTES);
  }

  /** Sets {@link #maxMinutes}. */
  default T setMaxMinutes(double value) {
    set(maxMinutes(), value);
    return self();
  }

  /** The value of {@link #maxMinutes}. */
  default double getMaxMinutes() {
    return (double) getOrDefault(maxMinutes());
  }

  @SuppressWarnings("unchecked")
  private T self() {
    return (T) this;
  }
}
