package storyloom.pipeline.ml;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/**
 * The shape of the network, as parameters of Spark ML with their setters and getters. Defaults and
 * ranges are those of the settings that {@link TrainingOption} names.
 *
 * @param <T> the class that has them
 */
public interface ModelParams<T extends ModelParams<T>> extends Params {

  /** The parameter of an option. */
  Param<?> trainingParam(TrainingOption option);

  /** What encoder and decoder are made of: lstm or transformer. */
  @SuppressWarnings("unchecked")
  default Param<String> kind() {
    return (Param<String>) trainingParam(TrainingOption.KIND);
  }

  /** Sets {@link #kind}. */
  default T setKind(String value) {
    set(kind(), value);
    return self();
  }

  /** The value of {@link #kind}. */
  default String getKind() {
    return getOrDefault(kind());
  }

  /** Numbers of a token's embedding. */
  default IntParam embedding() {
    return (IntParam) trainingParam(TrainingOption.EMBEDDING);
  }

  /** Sets {@link #embedding}. */
  default T setEmbedding(int value) {
    set(embedding(), value);
    return self();
  }

  /** The value of {@link #embedding}. */
  default int getEmbedding() {
    return (int) getOrDefault(embedding());
  }

  /** Numbers of the encoder's and the decoder's state. */
  default IntParam hidden() {
    return (IntParam) trainingParam(TrainingOption.HIDDEN);
  }

  /** Sets {@link #hidden}. */
  default T setHidden(int value) {
    set(hidden(), value);
    return self();
  }

  /** The value of {@link #hidden}. */
  default int getHidden() {
    return (int) getOrDefault(hidden());
  }

  /** LSTMs or blocks on top of each other, in the encoder and in the decoder alike. */
  default IntParam layers() {
    return (IntParam) trainingParam(TrainingOption.LAYERS);
  }

  /** Sets {@link #layers}. */
  default T setLayers(int value) {
    set(layers(), value);
    return self();
  }

  /** The value of {@link #layers}. */
  default int getLayers() {
    return (int) getOrDefault(layers());
  }

  /** Heads of each attention of a Transformer. */
  default IntParam heads() {
    return (IntParam) trainingParam(TrainingOption.HEADS);
  }

  /** Sets {@link #heads}. */
  default T setHeads(int value) {
    set(heads(), value);
    return self();
  }

  /** The value of {@link #heads}. */
  default int getHeads() {
    return (int) getOrDefault(heads());
  }

  /** Width of a Transformer's feed-forward networks. */
  default IntParam feedForward() {
    return (IntParam) trainingParam(TrainingOption.FEED_FORWARD);
  }

  /** Sets {@link #feedForward}. */
  default T setFeedForward(int value) {
    set(feedForward(), value);
    return self();
  }

  /** The value of {@link #feedForward}. */
  default int getFeedForward() {
    return (int) getOrDefault(feedForward());
  }

  /** Whether the encoder reads prompts both ways. */
  default BooleanParam bidirectional() {
    return (BooleanParam) trainingParam(TrainingOption.BIDIRECTIONAL);
  }

  /** Sets {@link #bidirectional}. */
  default T setBidirectional(boolean value) {
    set(bidirectional(), value);
    return self();
  }

  /** The value of {@link #bidirectional}. */
  default boolean getBidirectional() {
    return (boolean) getOrDefault(bidirectional());
  }

  /** How the decoder looks at the prompt: none, dot, general or additive. */
  @SuppressWarnings("unchecked")
  default Param<String> attention() {
    return (Param<String>) trainingParam(TrainingOption.ATTENTION);
  }

  /** Sets {@link #attention}. */
  default T setAttention(String value) {
    set(attention(), value);
    return self();
  }

  /** The value of {@link #attention}. */
  default String getAttention() {
    return getOrDefault(attention());
  }

  /** Whether prompts, stories and the output layer share one matrix. */
  default BooleanParam tiedEmbeddings() {
    return (BooleanParam) trainingParam(TrainingOption.TIED_EMBEDDINGS);
  }

  /** Sets {@link #tiedEmbeddings}. */
  default T setTiedEmbeddings(boolean value) {
    set(tiedEmbeddings(), value);
    return self();
  }

  /** The value of {@link #tiedEmbeddings}. */
  default boolean getTiedEmbeddings() {
    return (boolean) getOrDefault(tiedEmbeddings());
  }

  /** Token ids at which the output layer's clusters begin; none: the full softmax. */
  default IntArrayParam adaptiveSoftmax() {
    return (IntArrayParam) trainingParam(TrainingOption.ADAPTIVE_SOFTMAX);
  }

  /** Sets {@link #adaptiveSoftmax}. */
  default T setAdaptiveSoftmax(int... value) {
    set(adaptiveSoftmax(), value);
    return self();
  }

  /** The value of {@link #adaptiveSoftmax}. */
  default int[] getAdaptiveSoftmax() {
    return getOrDefault(adaptiveSoftmax());
  }

  /** Whether stories may copy words of their prompts. */
  default BooleanParam copy() {
    return (BooleanParam) trainingParam(TrainingOption.COPY);
  }

  /** Sets {@link #copy}. */
  default T setCopy(boolean value) {
    set(copy(), value);
    return self();
  }

  /** The value of {@link #copy}. */
  default boolean getCopy() {
    return (boolean) getOrDefault(copy());
  }

  /** Share of numbers that is zeroed while training. */
  default DoubleParam dropout() {
    return (DoubleParam) trainingParam(TrainingOption.DROPOUT);
  }

  /** Sets {@link #dropout}. */
  default T setDropout(double value) {
    set(dropout(), value);
    return self();
  }

  /** The value of {@link #dropout}. */
  default double getDropout() {
    return (double) getOrDefault(dropout());
  }

  /**
   * Whether each number is zeroed by itself or the same ones at all steps: plain or variational.
   */
  @SuppressWarnings("unchecked")
  default Param<String> dropoutKind() {
    return (Param<String>) trainingParam(TrainingOption.DROPOUT_KIND);
  }

  /** Sets {@link #dropoutKind}. */
  default T setDropoutKind(String value) {
    set(dropoutKind(), value);
    return self();
  }

  /** The value of {@link #dropoutKind}. */
  default String getDropoutKind() {
    return getOrDefault(dropoutKind());
  }

  /** Share of the recurrent weights that is zeroed in a minibatch. */
  default DoubleParam recurrentDropout() {
    return (DoubleParam) trainingParam(TrainingOption.RECURRENT_DROPOUT);
  }

  /** Sets {@link #recurrentDropout}. */
  default T setRecurrentDropout(double value) {
    set(recurrentDropout(), value);
    return self();
  }

  /** The value of {@link #recurrentDropout}. */
  default double getRecurrentDropout() {
    return (double) getOrDefault(recurrentDropout());
  }

  /** Share of the words whose embeddings are zeroed in a minibatch. */
  default DoubleParam embeddingDropout() {
    return (DoubleParam) trainingParam(TrainingOption.EMBEDDING_DROPOUT);
  }

  /** Sets {@link #embeddingDropout}. */
  default T setEmbeddingDropout(double value) {
    set(embeddingDropout(), value);
    return self();
  }

  /** The value of {@link #embeddingDropout}. */
  default double getEmbeddingDropout() {
    return (double) getOrDefault(embeddingDropout());
  }

  @SuppressWarnings("unchecked")
  private T self() {
    return (T) this;
  }
}
