package storyloom.model.nn.attention;

/**
 * Keys and values of a few tokens in a row, in all layers: what a decoder remembers of them. Keys
 * stand number by number, those of all tokens side by side, so that a query is compared with as
 * many tokens at a time as a vector has numbers; values stand token by token.
 *
 * <p>Where blocks of tokens rather than rows of the batch are the unit of memory, hypotheses share
 * those of the tokens that they have in common ("PagedAttention", Kwon et al. 2023).
 */
public final class KeyValueBlock {

  /** Tokens of a block: one or two vectors, and a dozen stories' waste is no matter. */
  public static final int TOKENS = 32;

  private final int width;
  private final float[] keys;
  private final float[] values;

  /**
   * @param layers of the network
   * @param width W, of a token's key, and of its value
   */
  public KeyValueBlock(int layers, int width) {
    this.width = width;
    this.keys = new float[Math.multiplyExact(layers, width * TOKENS)];
    this.values = new float[keys.length];
  }

  /** W. */
  int width() {
    return width;
  }

  /** Where the numbers of a layer begin, in keys and in values alike. */
  int start(int layer) {
    return layer * width * TOKENS;
  }

  /** All keys: layer by layer, of each [W,{@link #TOKENS}]. */
  float[] keys() {
    return keys;
  }

  /** All values: layer by layer, of each [{@link #TOKENS},W]. */
  float[] values() {
    return values;
  }

  /**
   * Remembers a token in a layer.
   *
   * @param slot its place in the block, below {@link #TOKENS}
   * @param key at least W numbers
   * @param value at least W numbers
   */
  void put(int layer, int slot, float[] key, float[] value) {
    int start = start(layer);
    for (int i = 0; i < width; i++) {
      keys[start + i * TOKENS + slot] = key[i];
    }
    System.arraycopy(value, 0, values, start + slot * width, width);
  }

  /** Takes over all that another block of the same size remembers. */
  public void copyFrom(KeyValueBlock other) {
    System.arraycopy(other.keys, 0, keys, 0, keys.length);
    System.arraycopy(other.values, 0, values, 0, values.length);
  }
}
