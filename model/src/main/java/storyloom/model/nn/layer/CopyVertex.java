package storyloom.model.nn.layer;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.config.Seq2SeqTensors;
import storyloom.model.nn.config.Tensor;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Kernel.Side;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.layer.VertexSpec.Place;

/**
 * Weighs the vocabulary against the words of the prompt, for each story token, and remembers what
 * the attention makes of these words.
 *
 * <pre>
 *   gate z [N,1]  = [embedding ; features]·weight + bias
 *   share of word w = Σ attention over the places of the prompt where w stands
 *   p(w) = σ(z)·p_vocabulary(w) + (1 − σ(z))·(share of marks·p_vocabulary(w) + share(w))
 * </pre>
 *
 * <p>Inputs: embedding of the story's input, packed [N,E]; features, packed [N,I], which are the
 * output as well. The output layer, which is handed this vertex, makes the last line of it, and
 * gives its gradients to {@link #learn}; those by the attention's weights go on to the vertex that
 * it reads, whose backward pass comes later. Source: See, Liu and Manning 2017, §2.2.
 */
public final class CopyVertex extends ParameterVertex implements AttentionVertex.Reader {

  /**
   * How copying is set.
   *
   * @param model its sizes
   */
  public record Options(Seq2SeqConfig model) implements VertexSpec.Options {

    @Override
    public List<Tensor> tensors() {
      return Seq2SeqTensors.copy(model);
    }

    @Override
    public CopyVertex vertex(Place place) {
      return new CopyVertex(this, place);
    }
  }

  private final int embedding;
  private final List<Integer> marks;
  private Packing prompts;
  private Packing stories;
  private CopyWords[] words;
  private int[] rowsOfTokens;
  private double[][] shares;
  private double[] ofMarks;
  private double[] gates;
  private int[] targets;
  private double[] dGates;
  private double[] dShares;
  private double[] dMarks;

  CopyVertex(Options options, Place place) {
    super(place);
    this.embedding = options.model().embedding();
    this.marks = options.model().notCopied();
  }

  @Override
  public void start(Packing newPrompts, Packing newStories) {
    prompts = newPrompts;
    INDArray ids = graph.getInput(Minibatch.PROMPT_INPUT);
    int[] packed = prompts.pack(ids);
    words = new CopyWords[prompts.rows()];
    Arrays.setAll(
        words,
        row ->
            CopyWords.of(
                marks, Arrays.stream(prompts.tokensOf(row)).map(token -> packed[token]).toArray()));
    stories = newStories;
    rowsOfTokens = stories.rowsOfTokens();
    shares = new double[stories.tokens()][];
    ofMarks = new double[stories.tokens()];
  }

  @Override
  public void read(int row, Matrix weights) {
    int[] tokens = stories.tokensOf(row);
    for (int t = 0; t < tokens.length; t++) {
      shares[tokens[t]] = words[row].shares(weights, t);
      ofMarks[tokens[t]] = words[row].ofMarks(weights, t);
    }
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    Matrix features = input(1);
    INDArray output = array(workspaces, ArrayType.ACTIVATIONS, features.rows(), features.columns());
    Matrix out = Matrix.of(output);
    Kernel kernel = kernel(out);
    kernel.copy(features, out);

    Matrix weight = weight(Seq2SeqTensors.WEIGHT);
    Matrix z = Matrix.of(array(workspaces, ArrayType.FF_WORKING_MEM, features.rows(), 1));
    kernel.multiply(input(0), Side.PLAIN, weight.rows(0, embedding), Side.PLAIN, 0, z);
    kernel.multiply(features, Side.PLAIN, weight.rows(embedding, weight.rows()), Side.PLAIN, 1, z);
    double bias = weight(Seq2SeqTensors.BIAS).get(0, 0);
    gates = Arrays.stream(z.column(0)).map(number -> number + bias).toArray();
    return output;
  }

  /** S, tokens of the longest prompt. */
  public int longestPrompt() {
    return prompts.steps();
  }

  /** z of each packed token: from 0 on, the vocabulary weighs as much as the prompt. */
  public double[] gates() {
    return gates;
  }

  /** The words of the prompt that a packed token may copy. */
  public CopyWords words(int token) {
    return words[rowsOfTokens[token]];
  }

  /**
   * How much of the attention of a packed token is on each of its {@link #words}.
   *
   * @return not to be changed
   */
  public double[] shares(int token) {
    return shares[token];
  }

  /** How much of the attention of a packed token is on marks, which it does not copy. */
  public double ofMarks(int token) {
    return ofMarks[token];
  }

  /**
   * What the backward pass of this vertex is to go by.
   *
   * @param ofTargets N ids
   * @param byGates gradient by {@link #gates}
   * @param byShares gradient by the share of each target; ignored where its prompt lacks it
   * @param byMarks gradient by {@link #ofMarks}
   */
  public void learn(int[] ofTargets, double[] byGates, double[] byShares, double[] byMarks) {
    targets = ofTargets;
    dGates = byGates;
    dShares = byShares;
    dMarks = byMarks;
  }

  @Override
  public void addGradient(int row, Matrix dWeights) {
    int[] tokens = stories.tokensOf(row);
    for (int t = 0; t < tokens.length; t++) {
      int token = tokens[t];
      words[row].add(targets[token], dShares[token], dMarks[token], dWeights, t);
    }
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
    Matrix dOut = Matrix.of(epsilon);
    Kernel kernel = kernel(dOut);
    Matrix dz = scratch(workspaces, gates.length, 1);
    for (int token = 0; token < gates.length; token++) {
      dz.set(token, 0, dGates[token]);
    }
    INDArray dEmbedding =
        array(workspaces, ArrayType.ACTIVATION_GRAD, inputs[0].size(0), inputs[0].size(1));
    INDArray dFeatures =
        array(workspaces, ArrayType.ACTIVATION_GRAD, inputs[1].size(0), inputs[1].size(1));
    kernel.copy(dOut, Matrix.of(dFeatures));
    backward(kernel, input(0), dz, 0, embedding, 0, Matrix.of(dEmbedding));
    int width = weight(Seq2SeqTensors.WEIGHT).rows();
    backward(kernel, input(1), dz, embedding, width, 1, Matrix.of(dFeatures));
    Matrix dBias = gradient(Seq2SeqTensors.BIAS);
    kernel.clear(dBias);
    kernel.addColumnSums(dz, dBias);
    return result(dEmbedding, dFeatures);
  }

  /** The reverse of x · rows {@code from} to {@code to} of the weight. */
  private void backward(
      Kernel kernel, Matrix x, Matrix dz, int from, int to, double keep, Matrix dx) {
    Matrix weight = weight(Seq2SeqTensors.WEIGHT).rows(from, to);
    Matrix dWeight = gradient(Seq2SeqTensors.WEIGHT).rows(from, to);
    new LinearMap(new Parameter(weight, dWeight), Side.PLAIN).backward(kernel, x, dz, 0, dx, keep);
  }
}
