package storyloom.model.nn;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import storyloom.model.nn.attention.CrossAttentionVertex;
import storyloom.model.nn.attention.FeedForwardVertex;
import storyloom.model.nn.attention.NormVertex;
import storyloom.model.nn.attention.RowOrderVertex;
import storyloom.model.nn.attention.SelfAttentionVertex;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.config.TransformerTensors;
import storyloom.model.nn.layer.Minibatch;
import storyloom.model.nn.layer.VertexSpec;

/**
 * Lays the blocks of a Transformer out (Vaswani et al. 2017, with norms before the layers).
 *
 * <pre>
 *   prompt [M,W] → layers × (self-attention, feed-forward) → norm = memory
 *   story  [N,W] → layers × (causal self-attention, attention to memory, feed-forward) → norm
 * </pre>
 */
final class TransformerLayout {

  private final Seq2SeqConfig config;
  private final GraphBuilder graph;

  TransformerLayout(Seq2SeqConfig config, GraphBuilder graph) {
    this.config = config;
    this.graph = graph;
  }

  /**
   * @param prompt the vertex of the prompts' embeddings
   * @param story the vertex of the stories' embeddings
   * @return the vertex that the output layer reads
   */
  String features(String prompt, String story) {
    String memory = encoder(prompt);
    String decoder = order("decoder_rows", Minibatch.STORY_INPUT, true, story);
    for (int layer = 0; layer < config.layers(); layer++) {
      String block = TransformerTensors.decoder(layer);
      decoder = self(block, Minibatch.STORY_INPUT, true, decoder);
      decoder =
          add(
              TransformerTensors.crossAttention(block),
              new CrossAttentionVertex.Options(config),
              decoder,
              memory);
      decoder = feedForward(block, Minibatch.STORY_INPUT, decoder);
    }
    String normed = add(TransformerTensors.decoderNorm(), new NormVertex.Options(config), decoder);
    return order("decoder_steps", Minibatch.STORY_INPUT, false, normed);
  }

  private String encoder(String prompt) {
    String encoder = order("encoder_rows", Minibatch.PROMPT_INPUT, true, prompt);
    for (int layer = 0; layer < config.layers(); layer++) {
      String block = TransformerTensors.encoder(layer);
      encoder = self(block, Minibatch.PROMPT_INPUT, false, encoder);
      encoder = feedForward(block, Minibatch.PROMPT_INPUT, encoder);
    }
    return add(TransformerTensors.encoderNorm(), new NormVertex.Options(config), encoder);
  }

  private String order(String name, int sequence, boolean byRow, String below) {
    return add(name, new RowOrderVertex.Options(sequence, byRow), below);
  }

  private String self(String block, int sequence, boolean causal, String below) {
    SelfAttentionVertex.Options options = new SelfAttentionVertex.Options(config, sequence, causal);
    return add(TransformerTensors.selfAttention(block), options, below);
  }

  private String feedForward(String block, int sequence, String below) {
    return add(
        TransformerTensors.feedForward(block),
        new FeedForwardVertex.Options(config, sequence),
        below);
  }

  private String add(String name, VertexSpec.Options options, String... below) {
    graph.addVertex(name, new VertexSpec(options), below);
    return name;
  }
}
