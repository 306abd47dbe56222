package storyloom.model.decode;

/**
 * Is told of each token of a story when it is written, by the thread that takes the steps, which it
 * must not hold up. A beam search is silent until it is over: no token is sure before.
 */
public interface TokenListener {

  /** Hears nothing. */
  TokenListener NONE =
      new TokenListener() {
        @Override
        public boolean wantsAttention() {
          return false;
        }

        @Override
        public void wrote(int token, float[] attention) {}
      };

  /** Whether attention is to be told. */
  boolean wantsAttention();

  /**
   * A token more, {@code <end>} excluded.
   *
   * @param attention how much the model looked at each token of the prompt when it wrote this one,
   *     1 in all; empty if it is not wanted or the model has no attention
   */
  void wrote(int token, float[] attention);
}
