package storyloom.pipeline.batch;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Up to {@value #PAIRS} encoded pairs in a row, in a compact form: shards are filled, written and
 * read one block at a time, so that nobody but a training holds more of them. Immutable.
 *
 * <p>Prompt i is {@code ids} {@code offsets[2i]} to {@code offsets[2i+1]}, story i from there to
 * {@code offsets[2i+2]}.
 */
final class PairBlock implements Serializable {

  /** How many pairs each block of a shard has; its last one has fewer, maybe none. */
  static final int PAIRS = 1024;

  private final int[] offsets;
  private final int[] ids;

  /** Takes the arrays as they are: {@code offsets [2n+1]}, {@code ids [offsets[2n]]}. */
  PairBlock(int[] offsets, int[] ids) {
    this.offsets = offsets;
    this.ids = ids;
  }

  /** Gathers pairs, in order, into one block after another. */
  static final class Builder {
    private final int[] offsets = new int[2 * PAIRS + 1];
    private int[] ids = new int[4096];
    private int pairs;

    /**
     * Puts a pair behind those gathered so far.
     *
     * @throws IllegalStateException if the block is full
     */
    void add(EncodedPair pair) {
      if (isFull()) {
        throw new IllegalStateException("a block has room for " + PAIRS + " pairs");
      }
      int start = offsets[2 * pairs];
      int middle = start + pair.prompt().length;
      int end = Math.addExact(middle, pair.story().length);
      if (end > ids.length) {
        ids = Arrays.copyOf(ids, Math.max(end, Math.multiplyExact(2, ids.length)));
      }
      System.arraycopy(pair.prompt(), 0, ids, start, pair.prompt().length);
      System.arraycopy(pair.story(), 0, ids, middle, pair.story().length);
      offsets[2 * pairs + 1] = middle;
      offsets[2 * pairs + 2] = end;
      pairs++;
    }

    boolean isFull() {
      return pairs == PAIRS;
    }

    /** The block of all pairs gathered since the last one. */
    PairBlock next() {
      PairBlock block =
          new PairBlock(
              Arrays.copyOf(offsets, 2 * pairs + 1), Arrays.copyOf(ids, offsets[2 * pairs]));
      pairs = 0;
      return block;
    }
  }

  /** Number of pairs. */
  int size() {
    return offsets.length / 2;
  }

  /** Where the sides begin, {@code [2n+1]}; not copied. */
  int[] offsets() {
    return offsets;
  }

  /** All ids, one side after another; not copied. */
  int[] ids() {
    return ids;
  }

  /** A copy of the ids of prompt {@code pair}. */
  int[] prompt(int pair) {
    return Arrays.copyOfRange(ids, offsets[2 * pair], offsets[2 * pair + 1]);
  }

  /** A copy of the ids of story {@code pair}. */
  int[] story(int pair) {
    return Arrays.copyOfRange(ids, offsets[2 * pair + 1], offsets[2 * pair + 2]);
  }

  /** Number of ids of prompt {@code pair}. */
  int promptLength(int pair) {
    return offsets[2 * pair + 1] - offsets[2 * pair];
  }

  /** Number of ids of story {@code pair}. */
  int storyLength(int pair) {
    return offsets[2 * pair + 2] - offsets[2 * pair + 1];
  }
}
