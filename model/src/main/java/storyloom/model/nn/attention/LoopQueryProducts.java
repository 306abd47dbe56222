package storyloom.model.nn.attention;

import java.util.Arrays;
import storyloom.model.nn.attention.QueryAttention.Head;

/** {@link QueryAttention.Products} by plain loops, for JVMs without jdk.incubator.vector. */
final class LoopQueryProducts implements QueryAttention.Products {

  private static final int TOKENS = KeyValueBlock.TOKENS;

  @Override
  public void compare(
      float[] query, Head head, KeyValueBlock block, int layer, float[] scores, int at) {
    float[] keys = block.keys();
    Arrays.fill(scores, at, at + TOKENS, 0f);
    for (int i = head.from(); i < head.from() + head.size(); i++) {
      float number = query[i];
      int row = block.start(layer) + i * TOKENS;
      for (int token = 0; token < TOKENS; token++) {
        scores[at + token] = Math.fma(number, keys[row + token], scores[at + token]);
      }
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
    float[] values = block.values();
    for (int token = 0; token < tokens; token++) {
      float weight = weights[at + token];
      int row = block.start(layer) + token * block.width();
      for (int i = head.from(); i < head.from() + head.size(); i++) {
        context[i] = Math.fma(weight, values[row + i], context[i]);
      }
    }
  }
}
