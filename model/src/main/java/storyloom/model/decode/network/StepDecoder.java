package storyloom.model.decode.network;

import java.io.Closeable;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.bundle.Bundle;
import storyloom.model.nn.config.ModelKind;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.kernel.Precision;
import storyloom.model.nn.output.StepLogits;

/**
 * The decoder of a network on a batch of rows, one token of each row at a time. What it remembers
 * of the tokens so far is its own business: beam search, sampling and batching know prompts, rows
 * and logits only. What a row gets depends on its prompt and its own tokens alone, to the last bit.
 * Of one thread at a time.
 */
public interface StepDecoder extends AutoCloseable {

  /** Weights that decoders share, made ready for decoding; safe to share between threads. */
  interface Network extends Closeable {

    /**
     * That of a bundle, shared by all who decode with it; it is closed with the bundle, by nobody
     * else.
     */
    static Network of(Bundle bundle, Precision precision) {
      return bundle.derived(BundleNetworks.class, BundleNetworks::new).of(precision);
    }

    /**
     * That of a model, with products of floats.
     *
     * @param tensors weights by the names of a bundle; must stay open as long as this
     */
    static Network of(Seq2SeqConfig config, Map<String, INDArray> tensors) {
      return of(config, tensors, Precision.FLOAT32);
    }

    /**
     * That of a model that looks back at whole stories.
     *
     * @param tensors weights by the names of a bundle; must stay open as long as this
     */
    static Network of(Seq2SeqConfig config, Map<String, INDArray> tensors, Precision precision) {
      return of(config, tensors, precision, Integer.MAX_VALUE);
    }

    /**
     * That of a model.
     *
     * @param tensors weights by the names of a bundle; must stay open as long as this
     * @param tokensAtOnce of a story that it learned from: a Transformer looks back no further than
     *     it has learned to
     */
    static Network of(
        Seq2SeqConfig config,
        Map<String, INDArray> tensors,
        Precision precision,
        int tokensAtOnce) {
      return config.kind() == ModelKind.TRANSFORMER
          ? TransformerWeights.of(config, tensors, precision, tokensAtOnce)
          : DecoderWeights.of(config, tensors, precision);
    }

    /**
     * A decoder without rows, to be closed before the network is.
     *
     * @param capacity most rows at a time
     * @param longest prompt, in tokens
     */
    StepDecoder decoder(int capacity, int longest);

    /** Frees what was made of the weights; the weights themselves stay. */
    @Override
    void close();
  }

  /**
   * Encodes prompts; each gets one row, behind the rows there are.
   *
   * @param prompts ids, at least one token each; from V on those of words that a prompt alone has
   */
  void start(List<int[]> prompts);

  /**
   * One step of all rows.
   *
   * @param tokens the token that each row wrote last, {@code <start>} at first
   * @return the logits of the next one, until the next step: V, and as many more as the longest
   *     prompt may have tokens where the model copies
   */
  StepLogits step(int[] tokens);

  /**
   * How much a row of the last step looked at each token of its prompt; to be asked for before
   * {@link #select}.
   *
   * @return [S], 1 in all; empty where the model has no attention
   */
  float[] attention(int row);

  /**
   * Puts other rows in the place of those there are: each continues one of them. Prompts that none
   * of the new rows has are forgotten.
   *
   * @param rows for each new row, the number of the one that it continues
   */
  void select(int[] rows);

  /** Frees the memory of all rows. */
  @Override
  void close();
}
