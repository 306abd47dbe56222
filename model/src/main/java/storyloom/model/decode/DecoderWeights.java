package storyloom.model.decode;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;

/** The weights of a bundle as matrices, by their names in the equations. */
record DecoderWeights(
    Matrix promptEmbedding,
    Lstm encoder,
    Matrix storyEmbedding,
    Lstm decoder,
    Matrix output,
    Matrix outputBias) {

  /** One LSTM: input [E,4H], recurrent [H,4H], bias [4H]. */
  record Lstm(Matrix input, Matrix recurrent, Matrix bias) {

    static Lstm of(Map<String, INDArray> tensors, String name) {
      return new Lstm(
          Matrix.of(tensors.get(name + ".input_weight")),
          Matrix.of(tensors.get(name + ".recurrent_weight")),
          Matrix.of(tensors.get(name + ".bias")));
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

  static DecoderWeights of(Map<String, INDArray> tensors) {
    return new DecoderWeights(
        Matrix.of(tensors.get("prompt_embedding.weight")),
        Lstm.of(tensors, "encoder"),
        Matrix.of(tensors.get("story_embedding.weight")),
        Lstm.of(tensors, "decoder"),
        Matrix.of(tensors.get("output.weight")),
        Matrix.of(tensors.get("output.bias")));
  }
}
