package storyloom.model.decode.search;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import storyloom.model.text.token.Vocabulary;

/**
 * Prompts that a story was not written for, to tell by how much likelier its own makes it. A bundle
 * holds none of those that it was trained on, so they are made up: as many words as the story's own
 * prompt has, drawn as often as the training split has them, so that what is said of anything comes
 * up, and of any one thing hardly. They hang on the vocabulary and on that length alone. Immutable.
 */
public final class OtherPrompts {

  /** Prompts that each draft is read after: the mean of two hangs less on the words of one. */
  private static final int COUNT = 2;

  private static final long SEED = 1;

  private final long[] countsUpTo;

  /**
   * Of a vocabulary.
   *
   * @param counts how often each id was seen
   */
  private OtherPrompts(int vocabulary, IntToLongFunction counts) {
    countsUpTo =
        IntStream.range(Vocabulary.FIRST_WORD, vocabulary)
            .mapToLong(id -> Math.max(1, counts.applyAsLong(id)))
            .toArray();
    Arrays.parallelPrefix(countsUpTo, Long::sum);
  }

  /** Of words as frequent as they are in a vocabulary. */
  public static OtherPrompts of(Vocabulary vocabulary) {
    return new OtherPrompts(vocabulary.size(), vocabulary::count);
  }

  /**
   * Of words that are all as frequent.
   *
   * @param vocabulary V, at least one word among them
   */
  public static OtherPrompts ofAnyWords(int vocabulary) {
    return new OtherPrompts(vocabulary, id -> 1);
  }

  /**
   * Some prompts.
   *
   * @param tokens of each, at least 1
   */
  public List<int[]> ofLength(int tokens) {
    SplittableRandom random = new SplittableRandom(SEED);
    return IntStream.range(0, COUNT)
        .mapToObj(i -> IntStream.range(0, tokens).map(unused -> draw(random)).toArray())
        .toList();
  }

  private int draw(SplittableRandom random) {
    long at = random.nextLong(countsUpTo[countsUpTo.length - 1]) + 1;
    int found = Arrays.binarySearch(countsUpTo, at);
    return Vocabulary.FIRST_WORD + (found < 0 ? -found - 1 : found);
  }
}
