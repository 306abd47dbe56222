package storyloom.model.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.LayerNames;
import storyloom.model.nn.Seq2SeqConfig;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;

/**
 * The weights of a bundle as matrices, by their names in the equations.
 *
 * @param encoder for each layer its LSTMs: the one that reads forwards and, where the encoder is
 *     bidirectional, the one that reads backwards
 * @param decoder for each layer its LSTM
 */
record DecoderWeights(
    Matrix promptEmbedding,
    List<List<Lstm>> encoder,
    Matrix storyEmbedding,
    List<Lstm> decoder,
    PromptAttention attention,
    OutputProjection output) {

  /** One LSTM: input [E,4H], recurrent [H,4H], bias [4H]. */
  record Lstm(Matrix input, Matrix recurrent, Matrix bias) {

    static Lstm of(Map<String, INDArray> tensors, String name) {
      return new Lstm(
          Matrix.of(tensors.get(name + ".input_weight")),
          Matrix.of(tensors.get(name + ".recurrent_weight")),
          Matrix.of(tensors.get(name + ".bias")));
    }

    /** E, width of what it reads. */
    int inputs() {
      return input.rows();
    }

    /** H, width of its state. */
    int hidden() {
      return recurrent.rows();
    }

    /**
     * One step of rows that all have a token.
     *
     * @param x [m,E]
     * @param h [m,H], from before the step in, after it out
     * @param c [m,H], likewise
     * @param gates [m,4H], scratch
     */
    void step(Kernel kernel, Matrix x, Matrix h, Matrix c, Matrix gates) {
      kernel.multiplyInBlocks(x, input, 0, gates);
      kernel.multiplyInBlocks(h, recurrent, 1, gates);
      kernel.lstmForward(gates, bias, c, c, h);
    }
  }

  static DecoderWeights of(Seq2SeqConfig config, Map<String, INDArray> tensors) {
    List<List<Lstm>> encoder = new ArrayList<>();
    List<Lstm> decoder = new ArrayList<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      Lstm forward = Lstm.of(tensors, LayerNames.encoder(layer));
      encoder.add(
          config.bidirectional()
              ? List.of(forward, Lstm.of(tensors, LayerNames.reverseEncoder(layer)))
              : List.of(forward));
      decoder.add(Lstm.of(tensors, LayerNames.decoder(layer)));
    }
    return new DecoderWeights(
        Matrix.of(tensors.get("prompt_embedding.weight")),
        encoder,
        Matrix.of(tensors.get("story_embedding.weight")),
        decoder,
        PromptAttention.of(config.attention(), tensors),
        OutputProjection.of(config, tensors));
  }

  /** H of the decoder, and of the encoder's directions together. */
  int hidden() {
    return decoder.get(0).hidden();
  }
}
