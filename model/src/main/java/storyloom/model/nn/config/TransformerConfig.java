package storyloom.model.nn.config;

import java.io.Serializable;
import storyloom.model.UserException;

/**
 * What a Transformer has besides what each model has; its width is the model's hidden size, which
 * is that of the embeddings as well.
 *
 * @param heads of each attention, side by side
 * @param feedForward F, width of the inner layer of the feed-forward networks
 */
public record TransformerConfig(int heads, int feedForward) implements Serializable {

  private static final int MOST_HEADS = 256;

  private static final int WIDEST = 1 << 20;

  /**
   * @throws UserException if a number is out of its range; the message names the key
   */
  public TransformerConfig {
    require(heads >= 1 && heads <= MOST_HEADS, "model.heads", "from 1 to " + MOST_HEADS, heads);
    require(
        feedForward >= 1 && feedForward <= WIDEST,
        "model.feed-forward",
        "from 1 to " + WIDEST,
        feedForward);
  }

  /**
   * Refuses what is no Transformer.
   *
   * @param width of the blocks, which is the model's hidden size
   * @throws UserException of usage if the heads do not divide the width, or there is something that
   *     only LSTMs have; the message names the key
   */
  void requireFit(
      int embedding,
      int width,
      boolean bidirectional,
      AttentionKind attention,
      double recurrentDropout) {
    require(
        width % (2 * heads) == 0, // rotary positions turn pairs of a head's numbers
        "model.heads",
        "a number that divides model.hidden, which is %d, into even parts".formatted(width),
        heads);
    requireOfTransformer(
        embedding == width,
        "model.embedding",
        "as large as model.hidden, which is " + width + ",",
        embedding);
    requireOfTransformer(!bidirectional, "model.bidirectional", "false", bidirectional);
    requireOfTransformer(attention == AttentionKind.DOT, "model.attention", "dot", attention);
    requireOfTransformer(recurrentDropout == 0, "model.recurrent-dropout", "0", recurrentDropout);
  }

  private static void requireOfTransformer(boolean holds, String key, String range, Object value) {
    require(holds, key, range + " where model.kind is transformer", value);
  }

  private static void require(boolean holds, String key, String range, Object value) {
    if (!holds) {
      throw UserException.usage(key + " must be " + range + ", not " + value);
    }
  }
}
