package storyloom.model.nn.layer;

import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.kernel.DropoutStream;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.layer.VertexSpec.Place;

/**
 * Inverted dropout of packed tokens while training; otherwise they pass as they are.
 *
 * <pre>
 *   y[n,w] = x[n,w]·keep / (1 − rate),  keep = 0 with probability rate, else 1
 * </pre>
 *
 * <p>x and y packed [N,W], N real tokens. What shares a draw is a {@link Kind}'s business.
 */
public final class DropoutVertex extends ParameterVertex {

  /** Which numbers are dropped together. */
  public enum Kind {
    /** None: each is drawn by itself (Srivastava et al. 2014; PyTorch's {@code Dropout}). */
    PLAIN,
    /**
     * The same ones at all steps: each row of the batch draws one mask [W] for all of its tokens
     * (Gal and Ghahramani 2016; Keras: {@code noise_shape=(b, 1, W)}).
     */
    VARIATIONAL,
    /**
     * All W of a word, wherever it stands in the minibatch (Gal and Ghahramani 2016; "embedding
     * dropout" of AWD-LSTM, Merity et al. 2018).
     */
    WORDS
  }

  /**
   * How dropout is set.
   *
   * @param rate share of the numbers that is zeroed
   * @param kind which of them are dropped together
   * @param sequence which of the graph's inputs holds the ids
   */
  public record Options(double rate, Kind kind, int sequence) implements VertexSpec.Options {

    @Override
    public DropoutVertex vertex(Place place) {
      return new DropoutVertex(this, place);
    }
  }

  private final Options options;

  DropoutVertex(Options options, Place place) {
    super(place);
    this.options = options;
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    INDArray output =
        array(workspaces, ArrayType.ACTIVATIONS, inputs[0].size(0), inputs[0].size(1));
    Matrix y = Matrix.of(output);
    kernel(y).copy(input(0), y);
    if (training) {
      drop(y);
    }
    return output;
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
    INDArray inputGradient =
        array(workspaces, ArrayType.ACTIVATION_GRAD, epsilon.size(0), epsilon.size(1));
    Matrix dx = Matrix.of(inputGradient);
    kernel(dx).copy(Matrix.of(epsilon), dx);
    drop(dx);
    return result(inputGradient);
  }

  private void drop(Matrix packed) {
    Kernel kernel = kernel(packed);
    DropoutStream stream = dropout(options.rate());
    INDArray sequence = graph.getInput(options.sequence());
    switch (options.kind()) {
      case PLAIN -> kernel.dropout(packed, stream);
      case VARIATIONAL -> kernel.dropout(packed, Packing.of(sequence).rowsOfTokens(), stream);
      case WORDS -> kernel.dropoutRows(packed, Packing.of(sequence).pack(sequence), stream);
    }
  }
}
