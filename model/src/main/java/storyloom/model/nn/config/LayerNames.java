package storyloom.model.nn.config;

/**
 * What the LSTMs are called in the graph and in a bundle: {@code encoder}, {@code encoder.1} and so
 * on; {@code .reverse} behind it for the LSTM of a bidirectional encoder that reads backwards.
 */
public final class LayerNames {

  private LayerNames() {}

  /**
   * An encoder's LSTM that reads forwards.
   *
   * @param layer 0 for the one that reads the embeddings
   */
  public static String encoder(int layer) {
    return numbered("encoder", layer);
  }

  /**
   * An encoder's LSTM that reads backwards.
   *
   * @param layer 0 for the one that reads the embeddings
   */
  public static String reverseEncoder(int layer) {
    return encoder(layer) + ".reverse";
  }

  /**
   * A decoder's LSTM.
   *
   * @param layer 0 for the one that reads the embeddings
   */
  public static String decoder(int layer) {
    return numbered("decoder", layer);
  }

  private static String numbered(String name, int layer) {
    return layer == 0 ? name : name + "." + layer;
  }
}
