package storyloom.model.nn.output;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseOutputLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.layer.Packing;
import storyloom.model.nn.layer.Parameter;
import storyloom.model.nn.loss.LossTally;
import storyloom.model.nn.loss.TokenLosses;

/**
 * The running half of our output layers: mean cross-entropy over the N real tokens.
 *
 * <p>x packed [N,I]; labels [b,T] ids, {@code <pad>} (0) where a story has ended. Forward and
 * backward are one pass, because the logits are never held all at once. Keras: {@code
 * SparseCategoricalCrossentropy(ignore_class=0)}.
 *
 * @param <S> its configuration
 */
public abstract class OutputLayer<S extends OutputSpec> extends BaseOutputLayer<S> {

  /** Tokens whose logits stand in memory together; more gains no speed. */
  private static final int CHUNK = 512;

  private int chunk = CHUNK;
  private TokenLosses losses = TokenLosses.of(0);
  private double loss;
  private boolean scored;
  private boolean bfloat16;

  OutputLayer(NeuralNetConfiguration conf, DataType type) {
    super(conf, type);
  }

  /** The distribution by the parameters as they are now. */
  abstract TokenDistribution distribution(ScratchMemory scratch);

  /**
   * What the last forward or backward pass over labels found, in packed order; label smoothing left
   * out.
   */
  public final TokenLosses losses() {
    return losses;
  }

  /** What {@link #losses} add up to. */
  public final LossTally tally() {
    return losses.tally();
  }

  /** Sets how many tokens' logits stand in memory together. */
  public final void setChunk(int tokens) {
    chunk = tokens;
  }

  /** From now on the factors of products are rounded to bfloat16 while learning. */
  public final void roundLargeProducts() {
    bfloat16 = true;
  }

  /** A parameter of this layer with the place of its gradient, if there is one. */
  final Parameter parameter(String name) {
    return new Parameter(
        Matrix.of(getParam(name)),
        gradientViews == null ? null : Matrix.of(gradientViews.get(name)));
  }

  @Override
  public final Pair<Gradient, INDArray> backpropGradient(
      INDArray none, LayerWorkspaceMgr workspaces) {
    int[] targets = targets();
    INDArray inputGradient =
        workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, input.shape(), 'c');
    ScratchMemory scratch = scratch(workspaces, ArrayType.BP_WORKING_MEM, bfloat16);
    double scale = 1.0 / targets.length;
    count(
        distribution(scratch).learn(Matrix.of(input), targets, scale, Matrix.of(inputGradient)),
        layerConf().getLabelSmoothing());
    scored = true;
    Gradient gradient = new DefaultGradient();
    gradientViews.forEach(gradient::setGradientFor);
    return new Pair<>(gradient, inputGradient);
  }

  /**
   * Mean loss per real token, smoothed while training, plus the regularisation term; the backward
   * pass has it already.
   */
  @Override
  public final double computeScore(
      double regularisation, boolean training, LayerWorkspaceMgr workspaces) {
    if (!scored || !training) {
      ScratchMemory scratch = scratch(workspaces, ArrayType.FF_WORKING_MEM, false);
      count(
          distribution(scratch).score(Matrix.of(input), targets()),
          training ? layerConf().getLabelSmoothing() : 0);
    }
    scored = false;
    score = loss + regularisation;
    return score;
  }

  private void count(TokenLosses found, double smoothing) {
    losses = found;
    loss = found.smoothed(smoothing) / found.tokens();
  }

  /** Probabilities, packed [N,V]: for a few tokens at a time, not for training. */
  @Override
  public final INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    long[] shape = {input.size(0), layerConf().getNOut()};
    INDArray output = workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, shape, 'c');
    Matrix probabilities = Matrix.of(output);
    ScratchMemory scratch = scratch(workspaces, ArrayType.FF_WORKING_MEM, false);
    distribution(scratch).logits(Matrix.of(input), probabilities);
    Kernel.of(probabilities).softmax(probabilities);
    return output;
  }

  private int[] targets() {
    return Packing.of(labels).pack(labels);
  }

  private ScratchMemory scratch(LayerWorkspaceMgr workspaces, ArrayType kind, boolean rounding) {
    int tokens = Math.toIntExact(input.size(0));
    return new ScratchMemory(workspaces, kind, dataType, Math.min(chunk, tokens), rounding);
  }

  @Override
  protected final INDArray getLabels2d(LayerWorkspaceMgr workspaces, ArrayType kind) {
    return labels;
  }
}
