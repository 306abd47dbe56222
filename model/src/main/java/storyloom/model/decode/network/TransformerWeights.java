package storyloom.model.decode.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.config.Seq2SeqTensors;
import storyloom.model.nn.config.TransformerTensors;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.kernel.Precision;
import storyloom.model.nn.kernel.RowProduct;
import storyloom.model.nn.layer.CopyWords;
import storyloom.model.nn.layer.Minibatch;

/**
 * The weights of a Transformer's bundle as decoding wants them.
 *
 * @param heads of each attention
 * @param promptEmbedding [V,W]
 * @param encoder its blocks
 * @param memoryNorm behind the encoder's last block
 * @param storyEmbedding [V,W]
 * @param decoder its blocks
 * @param norm behind the decoder's last block
 * @param copy where the model copies
 * @param tokensAtOnce of a window of the stories that it learned from; any number where these were
 *     never longer
 */
record TransformerWeights(
    int heads,
    Matrix promptEmbedding,
    List<EncoderBlock> encoder,
    Norm memoryNorm,
    Matrix storyEmbedding,
    List<DecoderBlock> decoder,
    Norm norm,
    OutputProjection output,
    Optional<CopyGate> copy,
    int tokensAtOnce)
    implements StepDecoder.Network {

  /** Gain and bias of a norm, [1,W]. */
  record Norm(Matrix gain, Matrix bias) {}

  /**
   * Attention to tokens of the same sequence.
   *
   * @param in from a normed token to query, key and value, [W,3W]
   * @param out [W,W]
   */
  record SelfAttention(Norm norm, JointProduct in, RowProduct out) {}

  /**
   * Attention to the prompt.
   *
   * @param query [W,W]
   * @param memory from the encoder's outputs to keys and values, [W,2W]
   * @param out [W,W]
   */
  record CrossAttention(Norm norm, RowProduct query, JointProduct memory, RowProduct out) {}

  /**
   * A feed-forward network.
   *
   * @param in [W,F]
   * @param out [F,W]
   */
  record FeedForward(Norm norm, RowProduct in, RowProduct out) {}

  /** A block of the encoder. */
  record EncoderBlock(SelfAttention self, FeedForward feedForward) {}

  /** A block of the decoder. */
  record DecoderBlock(SelfAttention self, CrossAttention cross, FeedForward feedForward) {}

  static TransformerWeights of(
      Seq2SeqConfig config, Map<String, INDArray> tensors, Precision precision, int tokensAtOnce) {
    Reader reader = new Reader(tensors, precision);
    List<EncoderBlock> encoder = new ArrayList<>();
    List<DecoderBlock> decoder = new ArrayList<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      encoder.add(reader.encoder(TransformerTensors.encoder(layer)));
      decoder.add(reader.decoder(TransformerTensors.decoder(layer)));
    }
    return new TransformerWeights(
        config.transformer().heads(),
        reader.matrix(Seq2SeqTensors.PROMPT_EMBEDDING, Seq2SeqTensors.WEIGHT),
        encoder,
        reader.norm(TransformerTensors.encoderNorm()),
        reader.matrix(Seq2SeqTensors.STORY_EMBEDDING, Seq2SeqTensors.WEIGHT),
        decoder,
        reader.norm(TransformerTensors.decoderNorm()),
        OutputProjection.of(config, tensors, precision),
        CopyGate.of(config, tensors),
        tokensAtOnce);
  }

  /** Makes the parts of a bundle's tensors. */
  private record Reader(Map<String, INDArray> tensors, Precision precision) {

    Matrix matrix(String layer, String tensor) {
      return Matrix.of(tensors.get(Seq2SeqTensors.name(layer, tensor)));
    }

    private RowProduct product(String layer, String tensor) {
      return precision.product(matrix(layer, tensor));
    }

    Norm norm(String layer) {
      return new Norm(
          matrix(layer, TransformerTensors.NORM_GAIN), matrix(layer, TransformerTensors.NORM_BIAS));
    }

    private SelfAttention self(String block) {
      String layer = TransformerTensors.selfAttention(block);
      JointProduct in =
          JointProduct.of(
              precision,
              matrix(layer, Seq2SeqTensors.QUERY_WEIGHT),
              matrix(layer, Seq2SeqTensors.KEY_WEIGHT),
              matrix(layer, TransformerTensors.VALUE_WEIGHT));
      return new SelfAttention(norm(layer), in, product(layer, TransformerTensors.OUTPUT_WEIGHT));
    }

    private FeedForward feedForward(String block) {
      String layer = TransformerTensors.feedForward(block);
      return new FeedForward(
          norm(layer),
          product(layer, Seq2SeqTensors.INPUT_WEIGHT),
          product(layer, TransformerTensors.OUTPUT_WEIGHT));
    }

    EncoderBlock encoder(String block) {
      return new EncoderBlock(self(block), feedForward(block));
    }

    DecoderBlock decoder(String block) {
      String layer = TransformerTensors.crossAttention(block);
      CrossAttention cross =
          new CrossAttention(
              norm(layer),
              product(layer, Seq2SeqTensors.QUERY_WEIGHT),
              JointProduct.of(
                  precision,
                  matrix(layer, Seq2SeqTensors.KEY_WEIGHT),
                  matrix(layer, TransformerTensors.VALUE_WEIGHT)),
              product(layer, TransformerTensors.OUTPUT_WEIGHT));
      return new DecoderBlock(self(block), cross, feedForward(block));
    }
  }

  @Override
  public StepDecoder decoder(int capacity, int longest) {
    return new TransformerDecoder(this, capacity, longest);
  }

  /**
   * The first token of a story that one of its tokens sees: that at which the window before its own
   * begins, as {@link Minibatch#windows} has them.
   *
   * @param position of the token, {@code <start>} being at 0
   */
  int firstSeen(int position) {
    int window = (position - 1) / tokensAtOnce;
    return window > 1 ? (window - 1) * tokensAtOnce + 1 : 0;
  }

  /** V. */
  int vocabulary() {
    return output.vocabulary();
  }

  /** W. */
  int width() {
    return storyEmbedding.columns();
  }

  /** 1/√d, by which queries are multiplied, d the width of a head. */
  double queryScale() {
    return 1 / Math.sqrt((double) width() / heads);
  }

  /** F. */
  int inner() {
    return decoder.get(0).feedForward().in().columns();
  }

  /** What a story may copy of a prompt. */
  CopyWords words(int[] prompt) {
    return CopyWords.of(copy.map(CopyGate::marks).orElse(List.of()), prompt);
  }

  /** Ids as the embeddings know them: those of copied words, from V on, are {@code <OOV>}. */
  int[] known(int[] ids) {
    return copy.isPresent() ? Minibatch.known(ids, vocabulary()) : ids;
  }

  @Override
  public void close() {
    for (EncoderBlock block : encoder) {
      close(block.self(), block.feedForward());
    }
    for (DecoderBlock block : decoder) {
      close(block.self(), block.feedForward());
      block.cross().query().close();
      block.cross().memory().close();
      block.cross().out().close();
    }
    output.close();
  }

  private static void close(SelfAttention self, FeedForward feedForward) {
    self.in().close();
    self.out().close();
    feedForward.in().close();
    feedForward.out().close();
  }
}
