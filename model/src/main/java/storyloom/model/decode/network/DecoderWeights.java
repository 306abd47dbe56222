package storyloom.model.decode.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.config.Seq2SeqTensors;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.kernel.Precision;
import storyloom.model.nn.kernel.RowProduct;
import storyloom.model.nn.layer.CopyWords;
import storyloom.model.nn.layer.Minibatch;

/**
 * The weights of a bundle, by their names in the equations, as decoding wants them: the matrices of
 * all products but the embeddings are packed.
 *
 * @param encoder for each layer its LSTMs: the one that reads forwards and, where the encoder is
 *     bidirectional, the one that reads backwards
 * @param decoder for each layer its LSTM
 * @param copy where the model copies
 */
record DecoderWeights(
    Matrix promptEmbedding,
    List<List<Lstm>> encoder,
    Matrix storyEmbedding,
    List<Lstm> decoder,
    PromptAttention attention,
    OutputProjection output,
    Optional<CopyGate> copy)
    implements StepDecoder.Network {

  /** One LSTM: weights [E+H,4H], the input's above the recurrent ones, bias [4H]. */
  record Lstm(RowProduct weights, Matrix bias) {

    static Lstm of(Map<String, INDArray> tensors, String name, Precision precision) {
      return new Lstm(
          precision.product(
              Matrix.of(tensors.get(Seq2SeqTensors.name(name, Seq2SeqTensors.INPUT_WEIGHT))),
              Matrix.of(tensors.get(Seq2SeqTensors.name(name, Seq2SeqTensors.RECURRENT_WEIGHT)))),
          Matrix.of(tensors.get(Seq2SeqTensors.name(name, Seq2SeqTensors.BIAS))));
    }

    /** E, width of what it reads. */
    int inputs() {
      return weights.inner() - hidden();
    }

    /** H, width of its state. */
    int hidden() {
      return weights.columns() / GATES;
    }

    /**
     * One step of rows that all have a token.
     *
     * @param x [m,E]
     * @param state h and c [m,H], from before the step in, after it out
     * @param gates [m,4H], scratch
     */
    void step(Kernel kernel, Matrix x, State state, Matrix gates) {
      weights.multiply(gates, x, state.h());
      kernel.lstmForward(gates, bias, state.c(), state.c(), state.h());
    }
  }

  /** State of one layer: h and c, [m,H]. */
  record State(Matrix h, Matrix c) {

    /** Zeros. */
    static State of(int rows, int hidden, MatrixArena arena) {
      State state = new State(arena.floats(rows, hidden), arena.floats(rows, hidden));
      Kernel kernel = Kernel.of(state.h);
      kernel.clear(state.h);
      kernel.clear(state.c);
      return state;
    }

    /** Some of the rows. */
    State rows(int from, int to) {
      return new State(h.rows(from, to), c.rows(from, to));
    }

    /** Some of the columns. */
    State columns(int from, int to) {
      return new State(h.columns(from, to), c.columns(from, to));
    }
  }

  private static final int GATES = 4;

  static DecoderWeights of(
      Seq2SeqConfig config, Map<String, INDArray> tensors, Precision precision) {
    List<List<Lstm>> encoder = new ArrayList<>();
    List<Lstm> decoder = new ArrayList<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      Lstm forward = Lstm.of(tensors, Seq2SeqTensors.encoder(layer), precision);
      encoder.add(
          config.bidirectional()
              ? List.of(forward, Lstm.of(tensors, Seq2SeqTensors.reverseEncoder(layer), precision))
              : List.of(forward));
      decoder.add(Lstm.of(tensors, Seq2SeqTensors.decoder(layer), precision));
    }
    return new DecoderWeights(
        Matrix.of(
            tensors.get(
                Seq2SeqTensors.name(Seq2SeqTensors.PROMPT_EMBEDDING, Seq2SeqTensors.WEIGHT))),
        encoder,
        Matrix.of(
            tensors.get(
                Seq2SeqTensors.name(Seq2SeqTensors.STORY_EMBEDDING, Seq2SeqTensors.WEIGHT))),
        decoder,
        PromptAttention.of(config.attention(), tensors, precision),
        OutputProjection.of(config, tensors, precision),
        CopyGate.of(config, tensors));
  }

  @Override
  public StepDecoder decoder(int capacity, int longest) {
    return new IncrementalDecoder(this, capacity, longest);
  }

  @Override
  public void close() {
    encoder.forEach(layer -> layer.forEach(lstm -> lstm.weights().close()));
    decoder.forEach(lstm -> lstm.weights().close());
    attention.close();
    output.close();
  }

  /** V. */
  int vocabulary() {
    return output.vocabulary();
  }

  /** What a story may copy of a prompt. */
  CopyWords words(int[] prompt) {
    return CopyWords.of(copy.map(CopyGate::marks).orElse(List.of()), prompt);
  }

  /** Ids as the embeddings know them: those of copied words, from V on, are {@code <OOV>}. */
  int[] known(int[] ids) {
    return copy.isPresent() ? Minibatch.known(ids, vocabulary()) : ids;
  }

  /** H of the decoder, and of the encoder's directions together. */
  int hidden() {
    return decoder.get(0).hidden();
  }
}
