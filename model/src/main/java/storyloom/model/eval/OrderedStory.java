package storyloom.model.eval;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A story and the same one with its sentences in another order: a model that knows how stories go
 * finds its own order likelier (Barzilay and Lapata 2008).
 *
 * @param prompt ids, at least one token
 * @param story ids, without markers
 * @param shuffled the same sentences in another order
 */
public record OrderedStory(int[] prompt, int[] story, int[] shuffled) implements Serializable {

  /** Draws before sentences are taken to be the same in any order. */
  private static final int PATIENCE = 100;

  /**
   * A story and another order of it.
   *
   * @param sentences ids of each
   * @param seed of the other order, which depends on it and on the sentences alone
   * @return empty if there is no other order
   */
  public static Optional<OrderedStory> draw(int[] prompt, List<int[]> sentences, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] story = joined(sentences);
    List<int[]> order = new ArrayList<>(sentences);
    for (int draw = 0; draw < PATIENCE; draw++) {
      for (int i = order.size() - 1; i > 0; i--) {
        int other = random.nextInt(i + 1);
        order.set(other, order.set(i, order.get(other)));
      }
      int[] shuffled = joined(order);
      if (!Arrays.equals(shuffled, story)) {
        return Optional.of(new OrderedStory(prompt, story, shuffled));
      }
    }
    return Optional.empty();
  }

  private static int[] joined(List<int[]> sentences) {
    return sentences.stream().flatMapToInt(Arrays::stream).toArray();
  }
}
