package storyloom.model.nn;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.IUpdater;
import storyloom.model.nn.config.AttentionKind;
import storyloom.model.nn.config.LayerNames;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.layer.AttentionSpec;
import storyloom.model.nn.layer.BidirectionalSpec;
import storyloom.model.nn.layer.DropoutSpec;
import storyloom.model.nn.layer.EmbeddingSpec;
import storyloom.model.nn.layer.LstmSpec;
import storyloom.model.nn.layer.Minibatch;
import storyloom.model.nn.layer.ReversalSpec;
import storyloom.model.nn.output.OutputSpec;

/**
 * Lays the vertices of a {@link Seq2SeqGraph} out, option by option. Each method adds a part and
 * returns the name of the vertex that the next part reads.
 */
final class GraphLayout {

  private static final String PROMPT = "prompt";
  private static final String STORY = "story";
  private static final String EMBEDDING = "_embedding";

  /** The vertex that embeds prompts; it owns the weight where embeddings are tied. */
  static final String PROMPT_EMBEDDING = PROMPT + EMBEDDING;

  /** The vertex that embeds stories. */
  static final String STORY_EMBEDDING = STORY + EMBEDDING;

  private final Seq2SeqConfig config;
  private final GraphBuilder graph;

  private GraphLayout(Seq2SeqConfig config, GraphBuilder graph) {
    this.config = config;
    this.graph = graph;
  }

  /**
   * @param config the sizes and options
   * @param labelSmoothing of the output layer, while training
   * @param seed of dropout
   * @param updater for all parameters
   * @param type of all numbers
   */
  static ComputationGraphConfiguration of(
      Seq2SeqConfig config, double labelSmoothing, long seed, IUpdater updater, DataType type) {
    GraphBuilder graph =
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .dataType(type)
            .updater(updater)
            .miniBatch(false) // the output layer divides by the number of tokens itself
            .graphBuilder();
    new GraphLayout(config, graph).layOut(labelSmoothing);
    return graph.build();
  }

  private void layOut(double labelSmoothing) {
    graph.addInputs(PROMPT, STORY);
    String encoder = embedding(PROMPT, Minibatch.PROMPT_INPUT, false);
    String decoder = embedding(STORY, Minibatch.STORY_INPUT, config.tiedEmbeddings());
    for (int layer = 0; layer < config.layers(); layer++) {
      encoder = encoder(layer, encoder);
      decoder = decoder(layer, decoder, encoder);
    }
    String features = dropout("features", attention(decoder, encoder), Minibatch.STORY_INPUT);
    graph
        .addLayer(Seq2SeqGraph.OUTPUT, OutputSpec.of(config, labelSmoothing), features)
        .setOutputs(Seq2SeqGraph.OUTPUT);
  }

  private String embedding(String ids, int sequence, boolean borrowing) {
    String name = ids + EMBEDDING;
    graph.addVertex(
        name, new EmbeddingSpec(config.vocabulary(), config.embedding(), borrowing), ids);
    return dropout(name, name, sequence);
  }

  private String encoder(int layer, String below) {
    String name = LayerNames.encoder(layer);
    if (!config.bidirectional()) {
      graph.addVertex(name, encoderLstm(layer, config.hidden()), below);
      return name;
    }
    String reversal = name + ".reversal";
    String reverse = LayerNames.reverseEncoder(layer);
    String both = name + ".both";
    graph
        .addVertex(name, encoderLstm(layer, config.hidden() / 2), below)
        .addVertex(reversal, new ReversalSpec(Minibatch.PROMPT_INPUT), below)
        .addVertex(reverse, encoderLstm(layer, config.hidden() / 2), reversal)
        .addVertex(
            both, new BidirectionalSpec(config.hidden(), Minibatch.PROMPT_INPUT), name, reverse);
    return both;
  }

  private LstmSpec encoderLstm(int layer, int hidden) {
    return new LstmSpec(inputs(layer), hidden, Minibatch.PROMPT_INPUT, true);
  }

  private String decoder(int layer, String below, String encoder) {
    String name = LayerNames.decoder(layer);
    LstmSpec lstm = new LstmSpec(inputs(layer), config.hidden(), Minibatch.STORY_INPUT, false);
    graph.addVertex(name, lstm, below, encoder);
    return name;
  }

  /** Width of what an LSTM of a layer reads. */
  private int inputs(int layer) {
    return layer == 0 ? config.embedding() : config.hidden();
  }

  private String attention(String decoder, String encoder) {
    if (config.attention() == AttentionKind.NONE) {
      return decoder;
    }
    String name = "attention";
    graph.addVertex(name, new AttentionSpec(config.hidden(), config.attention()), decoder, encoder);
    return name;
  }

  private String dropout(String what, String below, int sequence) {
    if (config.dropout() == 0) {
      return below;
    }
    String name = what + "_dropout";
    graph.addVertex(
        name, new DropoutSpec(config.dropout(), config.variationalDropout(), sequence), below);
    return name;
  }
}
