package storyloom.model.nn.attention;

import java.util.List;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.attention.MultiHeadAttention.Past;
import storyloom.model.nn.attention.MultiHeadAttention.Roles;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.config.Seq2SeqTensors;
import storyloom.model.nn.config.Tensor;
import storyloom.model.nn.config.TransformerTensors;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Kernel.Side;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.kernel.Parallel;
import storyloom.model.nn.layer.KeptRows;
import storyloom.model.nn.layer.LinearMap;
import storyloom.model.nn.layer.Packing;
import storyloom.model.nn.layer.StoryWindow;
import storyloom.model.nn.layer.VertexSpec;
import storyloom.model.nn.layer.VertexSpec.Place;
import storyloom.model.nn.layer.WindowedVertex;

/**
 * Attention of the tokens of a sequence to each other (Vaswani et al. 2017, §3.2.3).
 *
 * <pre>
 *   query, key, value [N,W] = norm(x)·queryWeight, ·keyWeight, ·valueWeight
 *   output = x + dropout(attention(turned query/√d, turned key, value)·outputWeight)
 * </pre>
 *
 * <p>x and output [N,W], all weights [W,W], d = W/heads. Queries and keys are turned by their
 * positions ({@link BlockLoops#rotate}), so that only how far apart two tokens are counts. Learned
 * positions would have a longest sequence, beyond which a model that was trained on short stories
 * could write none; these have none, and learn nothing.
 *
 * <p>Of stories that are read in windows ({@link StoryWindow}), a token sees those before it in its
 * own window and all of the window before, whose keys and values are kept and get no gradient
 * (Transformer-XL: Dai et al. 2019, which keeps what keys are made of).
 */
public final class SelfAttentionVertex extends ResidualVertex implements WindowedVertex {

  /**
   * How an attention is set.
   *
   * @param model its sizes
   * @param sequence which of the graph's inputs holds the ids of x
   * @param causal whether a token sees itself and those before it alone
   */
  public record Options(Seq2SeqConfig model, int sequence, boolean causal)
      implements VertexSpec.Options {

    @Override
    public List<Tensor> tensors() {
      return TransformerTensors.attention(model);
    }

    @Override
    public SelfAttentionVertex vertex(Place place) {
      return new SelfAttentionVertex(this, place);
    }
  }

  private final int heads;
  private final boolean causal;
  private final KeptRows kept;
  private int keptTokens; // of each row
  private StoryWindow window; // null for whole stories, and for prompts
  private MultiHeadAttention attention;
  private Matrix mapped;
  private Matrix context;

  SelfAttentionVertex(Options options, Place place) {
    super(options.model(), options.sequence(), place);
    this.heads = options.model().transformer().heads();
    this.causal = options.causal();
    this.kept = new KeptRows(place.type());
  }

  @Override
  public void read(StoryWindow next) {
    window = causal ? next : null;
  }

  @Override
  public void readWhole() {
    window = null;
  }

  @Override
  public void forget() {
    kept.close();
  }

  /** The window before, if there is one. */
  private Past past() {
    if (window == null || !window.continues()) {
      return Past.NONE;
    }
    Matrix all = kept.rows();
    return new Past(keptTokens, all.columns(0, width()), all.columns(width(), 2 * width()));
  }

  /**
   * Keeps keys and values of the rows that the next window goes on with, in the place of those of
   * the window before: nobody needs them any more.
   */
  private void keep(Packing packing, Kernel kernel) {
    if (window == null || window.goingOn().length == 0) {
      return;
    }
    int[] rows = window.goingOn();
    keptTokens = packing.length(rows[0]);
    Matrix all = kept.replace(rows.length * keptTokens, 2 * width());
    Matrix keysAndValues = mapped.columns(width(), 3 * width());
    for (int i = 0; i < rows.length; i++) {
      Matrix place = all.rows(i * keptTokens, (i + 1) * keptTokens);
      kernel.copy(packing.rows(keysAndValues, rows[i]), place);
    }
  }

  private JointMap in() {
    return new JointMap(
        List.of(
            parameter(Seq2SeqTensors.QUERY_WEIGHT),
            parameter(Seq2SeqTensors.KEY_WEIGHT),
            parameter(TransformerTensors.VALUE_WEIGHT)));
  }

  private LinearMap out() {
    return new LinearMap(parameter(TransformerTensors.OUTPUT_WEIGHT), Side.PLAIN);
  }

  /** Three matrices that stand side by side. */
  private Roles roles(Matrix all) {
    int width = width();
    return new Roles(
        all.columns(0, width), all.columns(width, 2 * width), all.columns(2 * width, 3 * width));
  }

  @Override
  void forward(Matrix y, Matrix out, boolean training, LayerWorkspaceMgr workspaces) {
    Packing packing = packing();
    attention = new MultiHeadAttention(heads, causal, packing, packing, past());
    mapped = kept(workspaces, training, y.rows(), 3L * width());
    context = kept(workspaces, training, y.rows(), width());
    Kernel products = largeProducts(out, training);
    Matrix joint = Matrix.of(array(workspaces, ArrayType.FF_WORKING_MEM, width(), 3L * width()));
    Matrix scratch =
        Matrix.of(
            array(workspaces, ArrayType.FF_WORKING_MEM, packing.rows(), attention.weightsOfRow()));

    in().forward(products, y, joint, mapped);
    turn(packing, roles(mapped), false);
    attention.forward(roles(mapped), scratch, context, null);
    out().forward(products, context, out);
    if (!training) {
      keep(packing, kernel(mapped));
    }
  }

  @Override
  INDArray[] backward(Matrix y, Matrix dOut, Matrix dy, LayerWorkspaceMgr workspaces) {
    Packing packing = attention.queries();
    Kernel products = largeProducts(dy, true);
    Matrix dContext = scratch(workspaces, y.rows(), width());
    Matrix dMapped = scratch(workspaces, y.rows(), 3L * width());
    Matrix scratch = scratch(workspaces, 2L * packing.rows(), attention.weightsOfRow());
    Matrix joint = scratch(workspaces, width(), 3L * width());
    Matrix dJoint = scratch(workspaces, width(), 3L * width());

    out().backward(products, context, dOut, 0, dContext, 0);
    attention.backward(roles(mapped), dContext, scratch, roles(dMapped), null);
    turn(packing, roles(dMapped), true);
    in().backward(products, y, dMapped, joint, dJoint, dy);
    keep(packing, kernel(mapped));
    return new INDArray[0];
  }

  private void turn(Packing packing, Roles roles, boolean backwards) {
    BlockLoops loops = BlockLoops.of(roles.query());
    double scale = 1 / Math.sqrt((double) width() / heads);
    int first = window == null ? 0 : window.first();
    Parallel.each(
        packing.rows(),
        row -> {
          loops.rotate(packing.rows(roles.query(), row), heads, first, backwards, scale);
          loops.rotate(packing.rows(roles.key(), row), heads, first, backwards, 1);
        });
  }
}
