package storyloom.model.decode.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import storyloom.model.decode.network.TransformerWeights.CrossAttention;
import storyloom.model.decode.network.TransformerWeights.EncoderBlock;
import storyloom.model.decode.network.TransformerWeights.SelfAttention;
import storyloom.model.nn.attention.BlockLoops;
import storyloom.model.nn.attention.KeyValueBlock;
import storyloom.model.nn.attention.QueryAttention;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.kernel.Parallel;
import storyloom.model.nn.layer.Packing;

/**
 * Runs a Transformer's encoder over prompts, and makes of what comes out the keys and values that
 * the decoder looks at. What is computed for one prompt never reaches another.
 */
final class TransformerEncoder {

  private final TransformerWeights weights;
  private final QueryAttention attention;
  private final KeyValuePool ownTokens;

  TransformerEncoder(TransformerWeights weights, QueryAttention attention) {
    this.weights = weights;
    this.attention = attention;
    this.ownTokens = new KeyValuePool(1, weights.width());
  }

  /**
   * @param prompts at least one token each
   * @param memory of the keys and values
   * @param arena scratch
   */
  List<RememberedPrompt> encode(List<int[]> prompts, KeyValuePool memory, MatrixArena arena) {
    Packing packing = Packing.of(prompts.stream().mapToInt(prompt -> prompt.length).toArray());
    int[] ids = prompts.stream().flatMapToInt(Arrays::stream).toArray();
    Matrix x = arena.floats(ids.length, weights.width());
    Kernel.of(x).gatherRows(weights.promptEmbedding(), weights.known(ids), x);
    TokenLayers layers = new TokenLayers(weights, ids.length, arena);
    List<List<KeyValueBlock>> blocks =
        prompts.stream().map(prompt -> ownTokens.take(prompt.length)).toList();
    for (EncoderBlock block : weights.encoder()) {
      attend(block.self(), packing, blocks, layers, x);
      layers.feedForward(block.feedForward(), x);
    }
    blocks.forEach(some -> some.forEach(ownTokens::giveBack));
    return remembered(prompts, packing, layers, layers.normed(weights.memoryNorm(), x), memory);
  }

  private void attend(
      SelfAttention self,
      Packing packing,
      List<List<KeyValueBlock>> blocks,
      TokenLayers layers,
      Matrix x) {
    Matrix all = layers.mapped(self.in().product(), layers.normed(self.norm(), x));
    Matrix context = layers.context(x.rows());
    Parallel.each(
        packing.rows(),
        row -> attend(packing.rows(all, row), blocks.get(row), packing.rows(context, row)));
    layers.add(self.out(), context, x);
  }

  /**
   * One prompt's tokens to each other.
   *
   * @param mapped queries, keys and values [S,3W]; turned by their positions
   * @param context [S,W], written
   */
  private void attend(Matrix mapped, List<KeyValueBlock> blocks, Matrix context) {
    int width = weights.width();
    int tokens = mapped.rows();
    BlockLoops loops = BlockLoops.of(mapped);
    Matrix queries = mapped.columns(0, width);
    Matrix keys = mapped.columns(width, 2 * width);
    loops.rotate(queries, weights.heads(), 0, false, weights.queryScale());
    loops.rotate(keys, weights.heads(), 0, false, 1);
    remember(blocks, 0, keys, mapped.columns(2 * width, 3 * width));
    float[] query = new float[width];
    float[] drawn = new float[width];
    float[] scratch = new float[attention.scratch(tokens)];
    for (int token = 0; token < tokens; token++) {
      queries.copyRow(token, query);
      attention.attend(query, blocks, 0, tokens, scratch, drawn);
      context.writeRow(token, drawn);
    }
  }

  private static void remember(List<KeyValueBlock> blocks, int layer, Matrix keys, Matrix values) {
    float[] key = new float[keys.columns()];
    float[] value = new float[values.columns()];
    for (int token = 0; token < keys.rows(); token++) {
      keys.copyRow(token, key);
      values.copyRow(token, value);
      QueryAttention.remember(blocks, layer, token, key, value);
    }
  }

  private List<RememberedPrompt> remembered(
      List<int[]> prompts,
      Packing packing,
      TokenLayers layers,
      Matrix encoded,
      KeyValuePool memory) {
    List<RememberedPrompt> remembered = new ArrayList<>();
    for (int[] ids : prompts) {
      remembered.add(new RememberedPrompt(weights.words(ids), ids.length, memory.take(ids.length)));
    }
    int width = weights.width();
    for (int layer = 0; layer < weights.decoder().size(); layer++) {
      CrossAttention cross = weights.decoder().get(layer).cross();
      Matrix all = layers.mapped(cross.memory().product(), encoded);
      Matrix keys = all.columns(0, width);
      Matrix values = all.columns(width, 2 * width);
      int number = layer;
      Parallel.each(
          packing.rows(),
          row ->
              remember(
                  remembered.get(row).blocks(),
                  number,
                  packing.rows(keys, row),
                  packing.rows(values, row)));
    }
    return remembered;
  }
}
