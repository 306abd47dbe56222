package storyloom.bench.peer;

import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.rnn.DuplicateToTimeSeriesVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.layer.Minibatch;
import storyloom.model.nn.loss.LossTally;

/**
 * The network as far as DL4J's own layers can express it, to compare with: all of the same shapes,
 * so that LSTMs and softmax do the same arithmetic.
 *
 * <pre>
 *   prompt [b,1,S] → EmbeddingSequenceLayer [b,E,S] → LSTM [b,H,S] → last step, at each step of the
 *   story [b,H,T]
 *   story  [b,1,T] → EmbeddingSequenceLayer [b,E,T] → LSTM [b,H,T]
 *   both   [b,2H,T] → RnnOutputLayer with LossSparseMCXENT [b,V,T]
 * </pre>
 *
 * <p>What they cannot express is left out: a decoder that starts at the encoder's state, and
 * attention, in whose place the encoder's last step stands. Gradients are averaged over pairs
 * rather than tokens, and clipped layer by layer.
 */
public final class StockNetwork implements AutoCloseable {

  private static final String PROMPT = "prompt";
  private static final String STORY = "story";

  private final ComputationGraph graph;

  /**
   * @param config V, E and H; its other options are not used
   * @param learningRate of ND4J's Adam
   * @param clip largest norm of a layer's gradient
   * @param seed of the initial weights
   */
  public StockNetwork(Seq2SeqConfig config, double learningRate, double clip, long seed) {
    graph = new ComputationGraph(configuration(config, learningRate, clip, seed));
    graph.init();
  }

  private static ComputationGraphConfiguration configuration(
      Seq2SeqConfig config, double learningRate, double clip, long seed) {
    int hidden = config.hidden();
    return new NeuralNetConfiguration.Builder()
        .seed(seed)
        .dataType(DataType.FLOAT)
        .updater(new Adam(learningRate))
        .gradientNormalization(GradientNormalization.ClipL2PerLayer)
        .gradientNormalizationThreshold(clip)
        .graphBuilder()
        .addInputs(PROMPT, STORY)
        .addLayer("promptEmbedding", embedding(config), PROMPT)
        .addLayer("encoder", lstm(config), "promptEmbedding")
        .addVertex("last", new LastTimeStepVertex(PROMPT), "encoder")
        .addVertex("everywhere", new DuplicateToTimeSeriesVertex(STORY), "last")
        .addLayer("storyEmbedding", embedding(config), STORY)
        .addLayer("decoder", lstm(config), "storyEmbedding")
        .addVertex("both", new MergeVertex(), "decoder", "everywhere")
        .addLayer(
            "output",
            new RnnOutputLayer.Builder(new LossSparseMCXENT())
                .activation(Activation.SOFTMAX)
                .dataFormat(RNNFormat.NCW)
                .nIn(2 * hidden)
                .nOut(config.vocabulary())
                .build(),
            "both")
        .setOutputs("output")
        .build();
  }

  private static EmbeddingSequenceLayer embedding(Seq2SeqConfig config) {
    return new EmbeddingSequenceLayer.Builder()
        .nIn(config.vocabulary())
        .nOut(config.embedding())
        .outputDataFormat(RNNFormat.NCW)
        .build();
  }

  private static LSTM lstm(Seq2SeqConfig config) {
    return new LSTM.Builder()
        .nIn(config.embedding())
        .nOut(config.hidden())
        .activation(Activation.TANH)
        .gateActivationFunction(Activation.SIGMOID)
        .dataFormat(RNNFormat.NCW)
        .build();
  }

  /** One update; gives the loss before it, without accuracy. */
  public LossTally fit(Minibatch minibatch) {
    try (Batch batch = Batch.of(minibatch)) {
      graph.fit(batch.data);
      return tally(graph.score(), minibatch);
    }
  }

  /** The loss without learning, and without accuracy. */
  public LossTally score(Minibatch minibatch) {
    try (Batch batch = Batch.of(minibatch)) {
      return tally(graph.score(batch.data, false), minibatch);
    }
  }

  /** DL4J's score is the loss of all tokens, divided by the number of pairs. */
  private static LossTally tally(double score, Minibatch minibatch) {
    return new LossTally(score * minibatch.rows(), minibatch.tokens(), 0);
  }

  @Override
  public void close() {
    graph.close();
  }

  /** A minibatch as these layers want it: ids [b,1,L], and masks [b,L] of the real tokens. */
  private record Batch(MultiDataSet ids, MultiDataSet data) implements AutoCloseable {

    static Batch of(Minibatch minibatch) {
      MultiDataSet ids = minibatch.toDataSet(DataType.FLOAT);
      INDArray prompt = ids.getFeatures(0);
      INDArray story = ids.getFeatures(1);
      INDArray target = ids.getLabels(0);
      INDArray storyMask = mask(story);
      return new Batch(
          ids,
          new MultiDataSet(
              new INDArray[] {series(prompt), series(story)},
              new INDArray[] {series(target)},
              new INDArray[] {mask(prompt), storyMask},
              new INDArray[] {storyMask}));
    }

    private static INDArray series(INDArray ids) {
      return ids.reshape('c', ids.size(0), 1, ids.size(1));
    }

    private static INDArray mask(INDArray ids) {
      try (INDArray real = ids.neq(Minibatch.PAD)) {
        return real.castTo(DataType.FLOAT);
      }
    }

    @Override
    public void close() {
      Stream.of(ids.getFeatures(), ids.getLabels(), data.getFeaturesMaskArrays())
          .flatMap(Stream::of)
          .forEach(INDArray::close);
    }
  }
}
