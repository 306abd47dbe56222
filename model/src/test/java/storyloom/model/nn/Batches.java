package storyloom.model.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import storyloom.model.nn.layer.Minibatch;

/** Minibatches of random ids for tests. */
final class Batches {

  private Batches() {}

  /** Pairs with these lengths, ids from {@code <OOV>} up. */
  static Minibatch of(long seed, int vocabulary, int[] promptLengths, int[] storyLengths) {
    Random random = new Random(seed);
    return new Minibatch(
        sequences(random, vocabulary, promptLengths), sequences(random, vocabulary, storyLengths));
  }

  private static List<int[]> sequences(Random random, int vocabulary, int[] lengths) {
    List<int[]> sequences = new ArrayList<>();
    for (int length : lengths) {
      sequences.add(
          random.ints(length, 0, vocabulary).map(id -> id == 0 || id == 2 ? 1 : id).toArray());
    }
    return sequences;
  }
}
