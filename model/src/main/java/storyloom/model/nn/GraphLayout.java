package storyloom.model.nn;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.IUpdater;
import storyloom.model.nn.config.AttentionKind;
import storyloom.model.nn.config.ModelKind;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.config.Seq2SeqTensors;
import storyloom.model.nn.layer.AttentionVertex;
import storyloom.model.nn.layer.BidirectionalVertex;
import storyloom.model.nn.layer.CopyVertex;
import storyloom.model.nn.layer.DropoutVertex;
import storyloom.model.nn.layer.DropoutVertex.Kind;
import storyloom.model.nn.layer.EmbeddingVertex;
import storyloom.model.nn.layer.LstmVertex;
import storyloom.model.nn.layer.Minibatch;
import storyloom.model.nn.layer.ReversalVertex;
import storyloom.model.nn.layer.VertexSpec;
import storyloom.model.nn.output.OutputSpec;

/**
 * Lays the vertices of a {@link Seq2SeqGraph} out, option by option. Each method adds a part and
 * returns the name of the vertex that the next part reads. {@link TransformerLayout} has the blocks
 * of a Transformer.
 */
final class GraphLayout {

  private static final String PROMPT = "prompt";
  private static final String STORY = "story";

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
    String prompt =
        embedding(Seq2SeqTensors.PROMPT_EMBEDDING, PROMPT, Minibatch.PROMPT_INPUT, false);
    String storyEmbedding =
        embedding(
            Seq2SeqTensors.STORY_EMBEDDING, STORY, Minibatch.STORY_INPUT, config.tiedEmbeddings());
    String features =
        config.kind() == ModelKind.TRANSFORMER
            ? new TransformerLayout(config, graph).features(prompt, storyEmbedding)
            : features(prompt, storyEmbedding);
    if (config.copy()) {
      add(Seq2SeqTensors.COPY, new CopyVertex.Options(config), storyEmbedding, features);
      features = Seq2SeqTensors.COPY;
    }
    graph
        .addLayer(Seq2SeqTensors.OUTPUT, new OutputSpec(config, labelSmoothing), features)
        .setOutputs(Seq2SeqTensors.OUTPUT);
  }

  /** What the output layer reads of LSTMs. */
  private String features(String prompt, String story) {
    String encoder = prompt;
    String decoder = story;
    for (int layer = 0; layer < config.layers(); layer++) {
      encoder = encoder(layer, encoder);
      decoder = decoder(layer, decoder, encoder);
    }
    return dropout("features", attention(decoder, encoder), Minibatch.STORY_INPUT);
  }

  private void add(String name, VertexSpec.Options options, String... below) {
    graph.addVertex(name, new VertexSpec(options), below);
  }

  private String embedding(String name, String ids, int sequence, boolean borrowing) {
    add(name, new EmbeddingVertex.Options(config, borrowing), ids);
    String words = name;
    if (config.embeddingDropout() > 0) {
      words = name + "_word_dropout";
      add(words, new DropoutVertex.Options(config.embeddingDropout(), Kind.WORDS, sequence), name);
    }
    return dropout(name, words, sequence);
  }

  private String encoder(int layer, String below) {
    String name = Seq2SeqTensors.encoder(layer);
    if (!config.bidirectional()) {
      add(name, encoderLstm(layer, config.hidden()), below);
      return name;
    }
    String reversal = name + ".reversal";
    String reverse = Seq2SeqTensors.reverseEncoder(layer);
    String both = name + ".both";
    add(name, encoderLstm(layer, config.hidden() / 2), below);
    add(reversal, new ReversalVertex.Options(Minibatch.PROMPT_INPUT), below);
    add(reverse, encoderLstm(layer, config.hidden() / 2), reversal);
    add(
        both,
        new BidirectionalVertex.Options(config.hidden(), Minibatch.PROMPT_INPUT),
        name,
        reverse);
    return both;
  }

  private LstmVertex.Options encoderLstm(int layer, int hidden) {
    return new LstmVertex.Options(
        inputs(layer), hidden, Minibatch.PROMPT_INPUT, true, config.recurrentDropout());
  }

  private String decoder(int layer, String below, String encoder) {
    String name = Seq2SeqTensors.decoder(layer);
    LstmVertex.Options lstm =
        new LstmVertex.Options(
            inputs(layer),
            config.hidden(),
            Minibatch.STORY_INPUT,
            false,
            config.recurrentDropout());
    add(name, lstm, below, encoder);
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
    add(
        Seq2SeqTensors.ATTENTION,
        new AttentionVertex.Options(config.hidden(), config.attention()),
        decoder,
        encoder);
    return Seq2SeqTensors.ATTENTION;
  }

  private String dropout(String what, String below, int sequence) {
    if (config.dropout() == 0) {
      return below;
    }
    String name = what + "_dropout";
    Kind kind = config.variationalDropout() ? Kind.VARIATIONAL : Kind.PLAIN;
    add(name, new DropoutVertex.Options(config.dropout(), kind, sequence), below);
    return name;
  }
}
