package storyloom.model.nn.output;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseOutputLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.config.AdaptiveClusters;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.config.Seq2SeqTensors;
import storyloom.model.nn.config.Tensor;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Kernel.Side;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.layer.CopyVertex;
import storyloom.model.nn.layer.EmbeddingVertex;
import storyloom.model.nn.layer.LinearMap;
import storyloom.model.nn.layer.Packing;
import storyloom.model.nn.layer.Parameter;
import storyloom.model.nn.layer.StoryWindow;
import storyloom.model.nn.loss.LossTally;
import storyloom.model.nn.loss.TokenLosses;
import storyloom.model.nn.output.TokenDistribution.Scratch;

/**
 * A distribution over the vocabulary for each of N real tokens, and their mean cross-entropy.
 *
 * <pre>
 *   full:     logits [N,V] = x·weight + bias
 *   tied:     logits [N,V] = (x·projection)·embeddingᵀ + bias; a Transformer's x·embeddingᵀ + bias
 *   adaptive: see {@link AdaptiveSoftmax}
 *   copying:  full or tied, mixed with the words of the prompt by {@link CopyingLoss}
 *   loss      = mean over the N tokens of −ln softmax(logits)[target]
 * </pre>
 *
 * <p>x packed [N,I]; weight [I,V], bias [V], projection [I,E], embedding [V,E]; labels [b,T] ids,
 * {@code <pad>} (0) where a story has ended. Forward and backward are one pass, because the logits
 * are never held all at once. Tied: the backward pass overwrites the gradient of the embedding; the
 * embedding vertices, whose backward passes come later, add theirs. Keras: {@code Dense(V,
 * softmax)}, {@code SparseCategoricalCrossentropy(ignore_class=0)}; tied: Press and Wolf 2017;
 * Inan, Khosravi and Socher 2017.
 */
public final class OutputLayer extends BaseOutputLayer<OutputSpec> {

  /** Tokens whose logits stand in memory together; more gains no speed. */
  private static final int CHUNK = 512;

  private int chunk = CHUNK;
  private double share = 1;
  private TokenLosses losses = TokenLosses.of(0);
  private double loss;
  private boolean scored;
  private boolean bfloat16;
  private EmbeddingVertex embedding;
  private CopyVertex copy; // null where the model does not copy

  OutputLayer(NeuralNetConfiguration conf, DataType type) {
    super(conf, type);
  }

  /** Shares the weight of a vertex of the same graph: what a tied softmax needs. */
  public void tie(EmbeddingVertex owner) {
    embedding = owner;
  }

  /** Mixes in what a vertex of the same graph copies. */
  public void copyFrom(CopyVertex vertex) {
    copy = vertex;
  }

  /** The distribution by the parameters as they are now. */
  private TokenDistribution distribution(Scratch scratch) {
    Seq2SeqConfig model = layerConf().model();
    if (!model.adaptiveSoftmax().isEmpty()) {
      return new AdaptiveSoftmax(AdaptiveClusters.of(model), scratch, this::parameter);
    }
    return new ChunkedSoftmax(
        scratch,
        scratch.matrix(scratch.chunk(), model.vocabulary()),
        maps(model),
        parameter(Seq2SeqTensors.BIAS),
        copy == null ? ChunkLoss.smoothed(layerConf().labelSmoothing()) : new CopyingLoss(copy));
  }

  /** From x to the logits of a full or tied softmax. */
  private List<LinearMap> maps(Seq2SeqConfig model) {
    if (!model.tiedEmbeddings()) {
      return List.of(new LinearMap(parameter(Seq2SeqTensors.WEIGHT), Side.PLAIN));
    }
    LinearMap tied = new LinearMap(embedding.parameter(), Side.TRANSPOSED);
    return Seq2SeqTensors.hasProjection(model)
        ? List.of(new LinearMap(parameter(Seq2SeqTensors.PROJECTION), Side.PLAIN), tied)
        : List.of(tied);
  }

  /**
   * What the last forward or backward pass over labels found, in packed order; label smoothing left
   * out.
   */
  public TokenLosses losses() {
    return losses;
  }

  /** What {@link #losses} add up to. */
  public LossTally tally() {
    return losses.tally();
  }

  /** Sets how many tokens' logits stand in memory together. */
  public void setChunk(int tokens) {
    chunk = tokens;
  }

  /** Sets by how much gradients are multiplied: {@link StoryWindow#share}. */
  public void setShare(double ofTokens) {
    share = ofTokens;
  }

  /** From now on the factors of products are rounded to bfloat16 while learning. */
  public void roundLargeProducts() {
    bfloat16 = true;
  }

  /** A parameter of this layer with the place of its gradient, if there is one. */
  private Parameter parameter(String tensor) {
    String key = Tensor.key(tensor);
    return new Parameter(
        Matrix.of(getParam(key)), gradientViews == null ? null : Matrix.of(gradientViews.get(key)));
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray none, LayerWorkspaceMgr workspaces) {
    int[] targets = targets();
    INDArray inputGradient =
        workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, input.shape(), 'c');
    Scratch scratch = scratch(workspaces, ArrayType.BP_WORKING_MEM, bfloat16);
    double scale = share / targets.length;
    count(
        distribution(scratch).learn(Matrix.of(input), targets, scale, Matrix.of(inputGradient)),
        layerConf().labelSmoothing());
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
  public double computeScore(
      double regularisation, boolean training, LayerWorkspaceMgr workspaces) {
    if (!scored || !training) {
      Scratch scratch = scratch(workspaces, ArrayType.FF_WORKING_MEM, false);
      count(
          distribution(scratch).score(Matrix.of(input), targets()),
          training ? layerConf().labelSmoothing() : 0);
    }
    scored = false;
    score = loss + regularisation;
    return score;
  }

  private void count(TokenLosses found, double smoothing) {
    losses = found;
    loss = found.smoothed(smoothing) / found.tokens();
  }

  /**
   * Probabilities, packed [N,V], or [N,V+S] where the model copies: for a few tokens at a time, not
   * for training.
   */
  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    int vocabulary = layerConf().model().vocabulary();
    long[] shape = {input.size(0), copy == null ? vocabulary : vocabulary + copy.longestPrompt()};
    INDArray output = workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, shape, 'c');
    Matrix all = Matrix.of(output);
    Matrix probabilities = all.columns(0, vocabulary);
    Scratch scratch = scratch(workspaces, ArrayType.FF_WORKING_MEM, false);
    distribution(scratch).logits(Matrix.of(input), probabilities);
    Kernel.of(probabilities).softmax(probabilities);
    if (copy != null) {
      new CopyingLoss(copy).mix(all, vocabulary);
    }
    return output;
  }

  private int[] targets() {
    return Packing.of(labels).pack(labels);
  }

  private Scratch scratch(LayerWorkspaceMgr workspaces, ArrayType kind, boolean rounding) {
    int tokens = Math.toIntExact(input.size(0));
    return new Scratch(workspaces, kind, dataType, Math.min(chunk, tokens), rounding);
  }

  @Override
  protected INDArray getLabels2d(LayerWorkspaceMgr workspaces, ArrayType kind) {
    return labels;
  }
}
