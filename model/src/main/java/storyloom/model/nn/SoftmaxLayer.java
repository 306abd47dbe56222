package storyloom.model.nn;

import java.util.Arrays;
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
import storyloom.model.nn.kernel.Kernel.Side;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.kernel.TokenTally;

/**
 * Dense softmax over the vocabulary, and sparse cross-entropy over real tokens.
 *
 * <pre>
 *   logits [N,V] = x·weight + bias
 *   loss         = mean over the N tokens of −ln softmax(logits)[target]
 * </pre>
 *
 * <p>x packed [N,I]; labels [b,T] ids, {@code <pad>} (0) where a story has ended; weight [I,V],
 * bias [V]. The logits are never held all at once: they are made for {@value #CHUNK} tokens at a
 * time, and their gradient takes their place. Keras: {@code Dense(V, softmax)} with {@code
 * SparseCategoricalCrossentropy(ignore_class=0)}.
 */
final class SoftmaxLayer extends BaseOutputLayer<SoftmaxSpec> {

  /** Tokens whose logits stand in memory together; more gains no speed. */
  private static final int CHUNK = 512;

  private TokenTally tally = TokenTally.NONE;
  private boolean scored;

  SoftmaxLayer(NeuralNetConfiguration conf, DataType type) {
    super(conf, type);
  }

  /** What the last forward or backward pass over labels counted. */
  TokenTally tally() {
    return tally;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray none, LayerWorkspaceMgr workspaces) {
    int[] targets = targets();
    INDArray inputGradient =
        workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, input.shape(), 'c');
    Matrix x = Matrix.of(input);
    Matrix dx = Matrix.of(inputGradient);
    Matrix weight = Matrix.of(getParam(SoftmaxParameters.WEIGHT));
    Matrix bias = Matrix.of(getParam(SoftmaxParameters.BIAS));
    Matrix dWeight = Matrix.of(gradientViews.get(SoftmaxParameters.WEIGHT));
    Matrix dBias = Matrix.of(gradientViews.get(SoftmaxParameters.BIAS));
    Matrix chunk = chunk(targets.length, workspaces, ArrayType.BP_WORKING_MEM);
    Kernel kernel = Kernel.of(x);

    tally = TokenTally.NONE;
    kernel.clear(dBias);
    for (int from = 0; from < targets.length; from += CHUNK) {
      int to = Math.min(from + CHUNK, targets.length);
      Matrix logits = chunk.rows(0, to - from);
      kernel.multiply(x.rows(from, to), Side.PLAIN, weight, Side.PLAIN, 0, logits);
      tally =
          tally.plus(
              kernel.softmaxCrossEntropy(
                  logits, bias, Arrays.copyOfRange(targets, from, to), 1.0 / targets.length));
      kernel.multiply(
          x.rows(from, to), Side.TRANSPOSED, logits, Side.PLAIN, from == 0 ? 0 : 1, dWeight);
      kernel.addColumnSums(logits, dBias);
      kernel.multiply(logits, Side.PLAIN, weight, Side.TRANSPOSED, 0, dx.rows(from, to));
    }
    scored = true;
    Gradient gradient = new DefaultGradient();
    gradientViews.forEach(gradient::setGradientFor);
    return new Pair<>(gradient, inputGradient);
  }

  /** Mean loss per real token, plus the regularisation term; the backward pass has it already. */
  @Override
  public double computeScore(
      double regularisation, boolean training, LayerWorkspaceMgr workspaces) {
    if (!scored || !training) {
      tally = score(workspaces);
    }
    scored = false;
    score = tally.loss() + regularisation;
    return score;
  }

  private TokenTally score(LayerWorkspaceMgr workspaces) {
    int[] targets = targets();
    Matrix x = Matrix.of(input);
    Matrix weight = Matrix.of(getParam(SoftmaxParameters.WEIGHT));
    Matrix bias = Matrix.of(getParam(SoftmaxParameters.BIAS));
    Matrix chunk = chunk(targets.length, workspaces, ArrayType.FF_WORKING_MEM);
    Kernel kernel = Kernel.of(x);
    TokenTally sum = TokenTally.NONE;
    for (int from = 0; from < targets.length; from += CHUNK) {
      int to = Math.min(from + CHUNK, targets.length);
      Matrix logits = chunk.rows(0, to - from);
      kernel.multiply(x.rows(from, to), Side.PLAIN, weight, Side.PLAIN, 0, logits);
      sum =
          sum.plus(
              kernel.softmaxCrossEntropy(logits, bias, Arrays.copyOfRange(targets, from, to), 0));
    }
    return sum;
  }

  /** Probabilities, packed [N,V]: for a few tokens at a time, not for training. */
  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    INDArray output =
        workspaces.createUninitialized(
            ArrayType.ACTIVATIONS,
            dataType,
            new long[] {input.size(0), layerConf().getNOut()},
            'c');
    Matrix logits = Matrix.of(output);
    Matrix bias = Matrix.of(getParam(SoftmaxParameters.BIAS));
    Kernel kernel = Kernel.of(logits);
    kernel.gatherRows(bias, new int[logits.rows()], logits);
    kernel.multiply(
        Matrix.of(input),
        Side.PLAIN,
        Matrix.of(getParam(SoftmaxParameters.WEIGHT)),
        Side.PLAIN,
        1,
        logits);
    kernel.softmax(logits);
    return output;
  }

  private int[] targets() {
    return Packing.of(labels).pack(labels);
  }

  private Matrix chunk(int tokens, LayerWorkspaceMgr workspaces, ArrayType kind) {
    long[] shape = {Math.min(CHUNK, tokens), layerConf().getNOut()};
    return Matrix.of(workspaces.createUninitialized(kind, dataType, shape, 'c'));
  }

  @Override
  protected INDArray getLabels2d(LayerWorkspaceMgr workspaces, ArrayType kind) {
    return labels;
  }
}
