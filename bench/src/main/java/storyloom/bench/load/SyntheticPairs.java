package storyloom.bench.load;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import storyloom.model.text.token.Vocabulary;
import storyloom.pipeline.batch.EncodedPair;

/**
 * Pairs of ids drawn evenly from a vocabulary, all of the same lengths; the same ones each time.
 */
public final class SyntheticPairs {

  private static final long SEED = 1;

  private SyntheticPairs() {}

  /**
   * @param count number of pairs
   * @param vocabulary V; special tokens are not drawn
   * @param promptTokens length of each prompt
   * @param storyTokens length of each story, {@code <end>} not counted
   */
  public static List<EncodedPair> of(int count, int vocabulary, int promptTokens, int storyTokens) {
    Random random = new Random(SEED);
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new EncodedPair(
                    ids(random, promptTokens, vocabulary), ids(random, storyTokens, vocabulary)))
        .toList();
  }

  private static int[] ids(Random random, int length, int vocabulary) {
    return random.ints(length, Vocabulary.FIRST_WORD, vocabulary).toArray();
  }
}
