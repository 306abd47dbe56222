package storyloom.model.nn;

import java.io.Serializable;
import storyloom.model.UserException;

/**
 * The shape of an attention seq2seq: all that is needed to build its graph, and all that a bundle
 * must say about it.
 *
 * @param vocabulary V, number of token ids, the four special ones included
 * @param embedding E, size of a token's embedding
 * @param hidden H, size of the encoder's and the decoder's state
 * @param dropout share of the embeddings and of the concatenation that is zeroed while training; 0
 *     for none
 */
public record Seq2SeqConfig(int vocabulary, int embedding, int hidden, double dropout)
    implements Serializable {

  /** Smallest V: {@code <pad>}, {@code <OOV>}, {@code <start>}, {@code <end>} and one word. */
  private static final int SMALLEST_VOCABULARY = 5;

  /**
   * @throws UserException if a size is below its minimum; the message names the key
   */
  public Seq2SeqConfig {
    require(vocabulary >= SMALLEST_VOCABULARY, "the vocabulary", "at least 5 tokens", vocabulary);
    require(embedding >= 1, "model.embedding", "at least 1", embedding);
    require(hidden >= 1, "model.hidden", "at least 1", hidden);
    require(dropout >= 0 && dropout < 1, "model.dropout", "at least 0 and below 1", dropout);
  }

  private static void require(boolean holds, String key, String range, Number value) {
    if (!holds) {
      throw UserException.usage(key + " must be " + range + ", not " + value);
    }
  }
}
