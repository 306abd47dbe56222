package storyloom.model.nn.attention;

import java.util.Arrays;
import java.util.List;
import storyloom.model.nn.kernel.FloatLoops;
import storyloom.model.nn.kernel.Kernel;

/**
 * What one token at a time draws from remembered keys and values: the equations of {@link
 * MultiHeadAttention}. Each number is one chain of fused multiply-adds, in an order that neither
 * the processor's vectors nor anything beside the token changes.
 */
public final class QueryAttention {

  /** The numbers of a head: some that stand side by side among those of a token. */
  record Head(int from, int size) {}

  /** Products of a head's numbers with those of a block's tokens. */
  interface Products {

    /**
     * scores[at + token] = query · key of each token of a block, those not remembered included.
     *
     * @param query [W]
     */
    void compare(float[] query, Head head, KeyValueBlock block, int layer, float[] scores, int at);

    /**
     * context += Σ weights[at + token] · value of the first tokens of a block.
     *
     * @param context [W]
     */
    void draw(
        float[] weights,
        int at,
        int tokens,
        KeyValueBlock block,
        int layer,
        Head head,
        float[] context);
  }

  private static final Products PRODUCTS =
      Kernel.hasVectors() ? new VectorQueryProducts() : new LoopQueryProducts();

  private final int heads;
  private final int width;
  private final Products products;

  /**
   * @param heads side by side
   * @param width W, of all of them together
   */
  public QueryAttention(int heads, int width) {
    this(heads, width, PRODUCTS);
  }

  QueryAttention(int heads, int width, Products products) {
    this.heads = heads;
    this.width = width;
    this.products = products;
  }

  /**
   * Numbers of scratch that a query needs.
   *
   * @param tokens most that are remembered
   */
  public int scratch(int tokens) {
    return heads * room(tokens);
  }

  /** Numbers for the weights of one head: of whole blocks. */
  private static int room(int tokens) {
    int blocks = (tokens + KeyValueBlock.TOKENS - 1) / KeyValueBlock.TOKENS;
    return blocks * KeyValueBlock.TOKENS;
  }

  /** As {@link #attend(float[], List, int, int, int, float[], float[])}, to all tokens. */
  public void attend(
      float[] query,
      List<KeyValueBlock> blocks,
      int layer,
      int tokens,
      float[] weights,
      float[] context) {
    attend(query, blocks, layer, 0, tokens, weights, context);
  }

  /**
   * @param query [W], 1/√d in it already
   * @param blocks of the tokens that are remembered
   * @param first which of these is the first that is looked at
   * @param tokens how many are remembered, more than {@code first}
   * @param weights scratch of {@link #scratch} numbers; those of a head stand side by side
   * @param context [W], written
   */
  public void attend(
      float[] query,
      List<KeyValueBlock> blocks,
      int layer,
      int first,
      int tokens,
      float[] weights,
      float[] context) {
    int skipped = first / KeyValueBlock.TOKENS;
    int unseen = first - skipped * KeyValueBlock.TOKENS;
    int behind = tokens - skipped * KeyValueBlock.TOKENS;
    attendBehind(
        query, blocks.subList(skipped, blocks.size()), layer, unseen, behind, weights, context);
  }

  /**
   * @param unseen tokens of the first block that are not looked at
   */
  private void attendBehind(
      float[] query,
      List<KeyValueBlock> blocks,
      int layer,
      int unseen,
      int tokens,
      float[] weights,
      float[] context) {
    int room = room(tokens);
    int size = width / heads;
    float[] scores = new float[room];
    float[] exponents = new float[room];
    Arrays.fill(context, 0, width, 0f);
    for (int number = 0; number < heads; number++) {
      Head head = new Head(number * size, size);
      for (int at = 0; at < room; at += KeyValueBlock.TOKENS) {
        KeyValueBlock block = blocks.get(at / KeyValueBlock.TOKENS);
        products.compare(query, head, block, layer, scores, at);
      }
      softmax(scores, unseen, tokens, exponents);
      for (int at = 0; at < tokens; at += KeyValueBlock.TOKENS) {
        KeyValueBlock block = blocks.get(at / KeyValueBlock.TOKENS);
        int some = Math.min(KeyValueBlock.TOKENS, tokens - at);
        products.draw(scores, at, some, block, layer, head, context);
      }
      System.arraycopy(scores, 0, weights, number * room, room);
    }
  }

  /** Of the numbers from one place to another; those before become 0. */
  private static void softmax(float[] scores, int from, int to, float[] scratch) {
    if (from == 0) {
      FloatLoops.softmax(scores, to, scratch);
      return;
    }
    float[] seen = Arrays.copyOfRange(scores, from, to);
    FloatLoops.softmax(seen, seen.length, scratch);
    Arrays.fill(scores, 0, from, 0f);
    System.arraycopy(seen, 0, scores, from, seen.length);
  }

  /**
   * The mean of the heads' weights of the last {@link #attend} to all tokens.
   *
   * @param weights what it has written
   * @param tokens what it was told
   */
  public float[] mean(float[] weights, int tokens) {
    float[] mean = new float[tokens];
    for (int head = 0; head < heads; head++) {
      int from = head * room(tokens);
      for (int i = 0; i < tokens; i++) {
        mean[i] += weights[from + i] / heads;
      }
    }
    return mean;
  }

  /**
   * Remembers a token.
   *
   * @param position its place among the tokens of the blocks
   * @param key [W]
   * @param value [W]
   */
  public static void remember(
      List<KeyValueBlock> blocks, int layer, int position, float[] key, float[] value) {
    blocks
        .get(position / KeyValueBlock.TOKENS)
        .put(layer, position % KeyValueBlock.TOKENS, key, value);
  }
}
