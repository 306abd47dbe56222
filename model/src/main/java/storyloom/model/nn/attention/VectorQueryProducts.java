package storyloom.model.nn.attention;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import storyloom.model.nn.attention.QueryAttention.Head;

/**
 * {@link QueryAttention.Products} by jdk.incubator.vector, to the same bits as by plain loops. Two
 * vectors at a time, as each product waits for the one before in its chain.
 */
final class VectorQueryProducts implements QueryAttention.Products {

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  private final LoopQueryProducts loops = new LoopQueryProducts();

  @Override
  public void compare(
      float[] query, Head head, KeyValueBlock block, int layer, float[] scores, int at) {
    int first = block.start(layer) + head.from() * KeyValueBlock.TOKENS;
    for (int token = 0; token < KeyValueBlock.TOKENS; token += 2 * LANES) {
      FloatVector one = FloatVector.zero(SPECIES);
      FloatVector other = FloatVector.zero(SPECIES);
      int row = first + token;
      for (int i = 0; i < head.size(); i++, row += KeyValueBlock.TOKENS) {
        FloatVector number = FloatVector.broadcast(SPECIES, query[head.from() + i]);
        one = number.fma(FloatVector.fromArray(SPECIES, block.keys(), row), one);
        other = number.fma(FloatVector.fromArray(SPECIES, block.keys(), row + LANES), other);
      }
      one.intoArray(scores, at + token);
      other.intoArray(scores, at + token + LANES);
    }
  }

  @Override
  public void draw(
      float[] weights,
      int at,
      int tokens,
      KeyValueBlock block,
      int layer,
      Head head,
      float[] context) {
    int end = head.from() + head.size();
    int i = head.from();
    for (; i + 2 * LANES <= end; i += 2 * LANES) {
      FloatVector one = FloatVector.fromArray(SPECIES, context, i);
      FloatVector other = FloatVector.fromArray(SPECIES, context, i + LANES);
      int row = block.start(layer) + i;
      for (int token = 0; token < tokens; token++, row += block.width()) {
        FloatVector weight = FloatVector.broadcast(SPECIES, weights[at + token]);
        one = weight.fma(FloatVector.fromArray(SPECIES, block.values(), row), one);
        other = weight.fma(FloatVector.fromArray(SPECIES, block.values(), row + LANES), other);
      }
      one.intoArray(context, i);
      other.intoArray(context, i + LANES);
    }
    if (i < end) {
      loops.draw(weights, at, tokens, block, layer, new Head(i, end - i), context);
    }
  }
}
