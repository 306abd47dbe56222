package storyloom.model.nn.layer;

import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.layer.VertexSpec.Place;

/**
 * Joins an LSTM that read forwards and one that read the same rows through a {@link
 * ReversalVertex}, token by token and state by state.
 *
 * <pre>
 *   output[t]    = [forward[t] ; reverse[length − 1 − t]]  for each row
 *   final (h, c) = [forward's ; reverse's]
 * </pre>
 *
 * <p>Inputs: forward and reverse, packed [N,H/2] with 2b rows of final states behind. Output:
 * packed [N,H] with 2b rows of final states behind. N real tokens, b rows of the batch. Source:
 * Schuster and Paliwal 1997; Keras: {@code Bidirectional(merge_mode="concat")}.
 */
public final class BidirectionalVertex extends ParameterVertex {

  /**
   * How the joining is set.
   *
   * @param hidden H, width of both LSTMs together
   * @param sequence which of the graph's inputs holds the ids whose lengths count
   */
  public record Options(int hidden, int sequence) implements VertexSpec.Options {

    @Override
    public BidirectionalVertex vertex(Place place) {
      return new BidirectionalVertex(this, place);
    }
  }

  private final Options options;
  private final int half;
  private int[] reversal;

  BidirectionalVertex(Options options, Place place) {
    super(place);
    this.options = options;
    this.half = options.hidden() / 2;
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    reversal = Packing.of(graph.getInput(options.sequence())).reversal();
    INDArray output = array(workspaces, ArrayType.ACTIVATIONS, inputs[0].size(0), options.hidden());
    Matrix joined = Matrix.of(output);
    Matrix reverse = input(1);
    Kernel kernel = kernel(joined);

    kernel.copy(input(0), joined.columns(0, half));
    kernel.gatherRows(tokens(reverse), reversal, tokens(joined.columns(half, 2 * half)));
    kernel.copy(states(reverse), states(joined.columns(half, 2 * half)));
    return output;
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
    INDArray forwardGradient =
        array(workspaces, ArrayType.ACTIVATION_GRAD, inputs[0].size(0), half);
    INDArray reverseGradient =
        array(workspaces, ArrayType.ACTIVATION_GRAD, inputs[1].size(0), half);
    Matrix dJoined = Matrix.of(epsilon);
    Matrix dReverse = Matrix.of(reverseGradient);
    Kernel kernel = kernel(dJoined);

    kernel.copy(dJoined.columns(0, half), Matrix.of(forwardGradient));
    kernel.scatterRows(tokens(dJoined.columns(half, 2 * half)), reversal, tokens(dReverse));
    kernel.copy(states(dJoined.columns(half, 2 * half)), states(dReverse));
    return result(forwardGradient, reverseGradient);
  }

  private Matrix tokens(Matrix packed) {
    return packed.rows(0, reversal.length);
  }

  private Matrix states(Matrix packed) {
    return packed.rows(reversal.length, packed.rows());
  }
}
