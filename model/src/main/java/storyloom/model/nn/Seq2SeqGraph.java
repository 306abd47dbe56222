package storyloom.model.nn;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import storyloom.model.UserException;
import storyloom.model.nn.attention.CrossAttentionVertex;
import storyloom.model.nn.config.LearningRate;
import storyloom.model.nn.config.ModelKind;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.config.Seq2SeqTensors;
import storyloom.model.nn.config.Tensor;
import storyloom.model.nn.config.TransformerTensors;
import storyloom.model.nn.layer.AttentionVertex;
import storyloom.model.nn.layer.CopyVertex;
import storyloom.model.nn.layer.EmbeddingVertex;
import storyloom.model.nn.layer.Minibatch;
import storyloom.model.nn.layer.Packing;
import storyloom.model.nn.layer.ParameterVertex;
import storyloom.model.nn.layer.StoryWindow;
import storyloom.model.nn.loss.LossTally;
import storyloom.model.nn.loss.TokenLosses;
import storyloom.model.nn.output.OutputLayer;

/**
 * An attention seq2seq as a DL4J {@link ComputationGraph}.
 *
 * <pre>
 *   prompt [b,S] → prompt_embedding [M,E] → encoder [M+2b,H]
 *   story  [b,T] → story_embedding  [N,E] → decoder [N,H], started at the encoder's final (h, c)
 *   decoder, encoder → attention [N,2H] → output: softmax over V, loss over the N story tokens
 * </pre>
 *
 * <p>b pairs, S and T the longest prompt and story, M and N the real tokens of all prompts and
 * stories, E embedding, H hidden, V vocabulary. That is the default; {@link GraphLayout} lays out
 * the options of {@link Seq2SeqConfig} as well, and {@link TransformerLayout} a Transformer between
 * the same embeddings and output. Not for use by several threads at once.
 */
public final class Seq2SeqGraph implements AutoCloseable {

  /** DL4J counts the numbers of Adam's state, two for each parameter, in 32 bits. */
  private static final long MOST_PARAMETERS = Integer.MAX_VALUE / 2;

  private final Seq2SeqConfig config;
  private final ComputationGraph graph;
  private final GraphPasses passes;

  private Seq2SeqGraph(Seq2SeqConfig config, double clip, ComputationGraph graph) {
    this.config = config;
    this.graph = graph;
    this.passes = new GraphPasses(graph, clip);
    if (config.tiedEmbeddings()) {
      tie();
    }
    if (config.copy()) {
      copy();
    }
  }

  /** The prompt embedding's weight becomes that of the story embedding and of the output too. */
  private void tie() {
    EmbeddingVertex owner = (EmbeddingVertex) graph.getVertex(Seq2SeqTensors.PROMPT_EMBEDDING);
    owner.tie(owner);
    ((EmbeddingVertex) graph.getVertex(Seq2SeqTensors.STORY_EMBEDDING)).tie(owner);
    output().tie(owner);
  }

  /** What the attention looks at becomes part of the output. */
  private void copy() {
    CopyVertex copy = (CopyVertex) graph.getVertex(Seq2SeqTensors.COPY);
    if (config.kind() == ModelKind.TRANSFORMER) {
      String last = TransformerTensors.decoder(config.layers() - 1);
      ((CrossAttentionVertex) graph.getVertex(TransformerTensors.crossAttention(last)))
          .readBy(copy);
    } else {
      ((AttentionVertex) graph.getVertex(Seq2SeqTensors.ATTENTION)).readBy(copy);
    }
    output().copyFrom(copy);
  }

  /**
   * A graph in float with Adam, its weights drawn by the seed.
   *
   * @param config the sizes
   * @param optimisation learning rate, clipping, label smoothing and seed
   * @throws UserException if the two exclude each other, or there would be more parameters than
   *     DL4J can train
   */
  public static Seq2SeqGraph create(Seq2SeqConfig config, Optimisation optimisation) {
    return create(
        config, optimisation, new AdamUpdater.Spec(optimisation.learningRate()), DataType.FLOAT);
  }

  static Seq2SeqGraph create(
      Seq2SeqConfig config, Optimisation optimisation, IUpdater updater, DataType type) {
    optimisation.requireFit(config);
    ComputationGraphConfiguration configuration =
        GraphLayout.of(config, optimisation.labelSmoothing(), optimisation.seed(), updater, type);
    requireCountable(configuration);
    ComputationGraph graph = new ComputationGraph(configuration);
    graph.init();
    Seq2SeqGraph created = new Seq2SeqGraph(config, optimisation.clip(), graph);
    InitialWeights.fill(created.weights(), config, optimisation.seed());
    if (optimisation.bfloat16()) {
      created.roundLargeProducts();
    }
    return created;
  }

  private void roundLargeProducts() {
    output().roundLargeProducts();
    for (GraphVertex vertex : graph.getVertices()) {
      if (vertex instanceof ParameterVertex own) {
        own.roundLargeProducts();
      }
    }
  }

  /**
   * A graph in float that has learned already; {@link #fit} would change nothing about it.
   *
   * @param config the sizes
   * @param weights by the names of a bundle; they are copied
   */
  public static Seq2SeqGraph of(Seq2SeqConfig config, Map<String, INDArray> weights) {
    ComputationGraph graph =
        new ComputationGraph(GraphLayout.of(config, 0, 0, new NoOp(), DataType.FLOAT));
    graph.init();
    Seq2SeqGraph learned = new Seq2SeqGraph(config, Double.MAX_VALUE, graph);
    learned.weights().forEach((name, tensor) -> tensor.assign(weights.get(name)));
    return learned;
  }

  private static void requireCountable(ComputationGraphConfiguration configuration) {
    long parameters =
        configuration.getVertices().values().stream()
            .mapToLong(vertex -> vertex.numParams(true))
            .sum();
    if (parameters > MOST_PARAMETERS) {
      throw UserException.usage(
          ("the model would have %d parameters, DL4J trains at most %d: set model.embedding,"
                  + " model.hidden or text.vocabulary lower")
              .formatted(parameters, MOST_PARAMETERS));
    }
  }

  /** The sizes. */
  public Seq2SeqConfig config() {
    return config;
  }

  /** DL4J's graph; its flat parameters and updater state are what averaging works on. */
  public ComputationGraph graph() {
    return graph;
  }

  /**
   * All weights by the names of a bundle: views, so that writing to them changes the graph. Tied
   * embeddings are one array under both names.
   */
  public SortedMap<String, INDArray> weights() {
    return named((parameter, weight) -> weight);
  }

  /** The last gradients by the same names as {@link #weights}: views, before the next update. */
  SortedMap<String, INDArray> gradients() {
    return named((parameter, weight) -> graph.gradient().getGradientFor(parameter));
  }

  /** Something for each parameter, by its bundle name; it is given DL4J's name and the weight. */
  private SortedMap<String, INDArray> named(BiFunction<String, INDArray, INDArray> pick) {
    SortedMap<String, INDArray> picked = new TreeMap<>();
    for (GraphVertex vertex : graph.getVertices()) {
      String layer = vertex.getVertexName();
      Map<String, INDArray> table =
          vertex.hasLayer() ? vertex.getLayer().paramTable() : vertex.paramTable(false);
      table.forEach(
          (key, weight) ->
              picked.put(Tensor.ofKey(layer, key), pick.apply(layer + "_" + key, weight)));
    }
    if (config.tiedEmbeddings()) {
      picked.put(
          Seq2SeqTensors.name(Seq2SeqTensors.STORY_EMBEDDING, Seq2SeqTensors.WEIGHT),
          picked.get(Seq2SeqTensors.name(Seq2SeqTensors.PROMPT_EMBEDDING, Seq2SeqTensors.WEIGHT)));
    }
    return Collections.unmodifiableSortedMap(picked);
  }

  /**
   * Names this copy of the graph among others that train beside it, so that each draws dropout of
   * its own.
   *
   * @param stream any number, such as the worker's
   */
  public void setStream(long stream) {
    for (GraphVertex vertex : graph.getVertices()) {
      if (vertex instanceof ParameterVertex own) {
        own.setStream(stream);
      }
    }
  }

  /** One update by whole stories; see {@link #fit(StoryWindow)}. */
  public LossTally fit(Minibatch minibatch) {
    return fit(minibatch.whole());
  }

  /**
   * One update: {@link #gradient}, then {@link #update}. Where the window continues stories, the
   * decoder goes on with the state of the last pass, which must have been the window before it.
   *
   * @return loss and accuracy of the window, before the update, with dropout
   */
  public LossTally fit(StoryWindow window) {
    LossTally tally = gradient(window);
    update();
    return tally;
  }

  /** Updates one after another, sooner than by {@link #fit} alone; to be closed. */
  public UpdateSeries series() {
    return new UpdateSeries(this, passes);
  }

  /** As {@link #gradient(StoryWindow)}, by whole stories. */
  public LossTally gradient(Minibatch minibatch) {
    return gradient(minibatch.whole());
  }

  /**
   * Forward and backward: afterwards the graph's flat gradient is that of the window's mean loss
   * per token, times its share. Nothing is learned yet.
   *
   * @return loss and accuracy of the window, with dropout
   */
  public LossTally gradient(StoryWindow window) {
    passes.gradient(window);
    return output().tally();
  }

  /** Clips the graph's flat gradient, and lets Adam learn by it. */
  public void update() {
    passes.update();
  }

  /** Loss and accuracy of a minibatch, without dropout; nothing is learned. */
  public LossTally score(Minibatch minibatch) {
    return score(minibatch.whole());
  }

  /** As {@link #score(Minibatch)}, of a window; the state goes on as for {@link #fit}. */
  public LossTally score(StoryWindow window) {
    passes.score(window);
    return output().tally();
  }

  /**
   * Loss and accuracy of the stories of all windows of a minibatch, without dropout; nothing is
   * learned.
   *
   * @param windows of {@link Minibatch#windows}
   */
  public LossTally score(List<StoryWindow> windows) {
    return windows.stream().map(this::score).reduce(LossTally.NONE, LossTally::plus);
  }

  /**
   * How unlikely each story of a minibatch is after its prompt, without dropout; nothing is
   * learned.
   *
   * @param windows of {@link Minibatch#windows}
   * @return [b]: −ln p of a story, summed over its tokens and {@code <end>}; all words outside of
   *     the vocabulary count as one
   */
  public double[] storyNll(List<StoryWindow> windows) {
    return scoreEach(windows).stream().mapToDouble(LossTally::nll).toArray();
  }

  /** As {@link #score(List)}, of each pair by itself, in the order of the minibatch. */
  public List<LossTally> scoreEach(List<StoryWindow> windows) {
    int[] pairs = IntStream.range(0, windows.get(0).rows()).toArray();
    LossTally[] tallies = new LossTally[pairs.length];
    Arrays.fill(tallies, LossTally.NONE);
    for (StoryWindow window : windows) {
      passes.score(window);
      TokenLosses losses = output().losses();
      Packing packing = window.packing();
      for (int row = 0; row < pairs.length; row++) {
        LossTally here = losses.tally(packing.tokensOf(row));
        tallies[pairs[row]] = tallies[pairs[row]].plus(here);
      }
      int[] read = pairs;
      pairs = Arrays.stream(window.goingOn()).map(row -> read[row]).toArray();
    }
    return List.of(tallies);
  }

  /**
   * Sets how often the learning rate has been halved: what {@link LearningRate#halvings} says of
   * the epochs so far.
   */
  public void setHalvings(int halvings) {
    for (UpdaterBlock block : graph.getUpdater(true).getUpdaterBlocks()) {
      if (block.getGradientUpdater() instanceof AdamUpdater adam) {
        adam.setHalvings(halvings);
      }
    }
  }

  /** Norm of the last gradient, before clipping; NaN before the first {@link #update}. */
  public double gradientNorm() {
    return passes.norm();
  }

  OutputLayer output() {
    return passes.output();
  }

  @Override
  public void close() {
    passes.forget();
    graph.close();
  }
}
