package storyloom.pipeline.batch;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Encoded pairs in a compact form: the share of a split that one worker trains on, 4 bytes for each
 * id and 8 for each pair. Immutable. {@link ShardFile} says how it looks as a file.
 */
public final class PairShard implements Serializable {

  private final Block[] blocks;
  private transient EpochPlan.Memo memo;

  /**
   * Up to {@value #PAIRS} encoded pairs in a row, in a compact form: shards are filled, written and
   * read one block at a time, so that nobody but a training holds more of them. Immutable.
   *
   * <p>Prompt i is {@code ids} {@code offsets[2i]} to {@code offsets[2i+1]}, story i from there to
   * {@code offsets[2i+2]}.
   */
  static final class Block implements Serializable {

    /** How many pairs each block of a shard has; its last one has fewer, maybe none. */
    static final int PAIRS = 1024;

    private final int[] offsets;
    private final int[] ids;

    /** Takes the arrays as they are: {@code offsets [2n+1]}, {@code ids [offsets[2n]]}. */
    Block(int[] offsets, int[] ids) {
      this.offsets = offsets;
      this.ids = ids;
    }

    /** Gathers pairs, in order, into one block after another. */
    static final class Builder {
      private final int[] offsets = new int[2 * PAIRS + 1];
      private int[] ids = new int[4096];
      private int pairs;

      /**
       * Appends a pair.
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
      Block next() {
        Block block =
            new Block(
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

  /** Of blocks of which all but the last are full. */
  PairShard(List<Block> blocks) {
    this.blocks = blocks.toArray(Block[]::new);
  }

  /** Gathers pairs, in order, into a shard. */
  public static final class Builder {
    private final List<Block> blocks = new ArrayList<>();
    private final Block.Builder block = new Block.Builder();

    /** Appends a pair. */
    public Builder add(EncodedPair pair) {
      block.add(pair);
      if (block.isFull()) {
        blocks.add(block.next());
      }
      return this;
    }

    /** The shard of all pairs gathered; ends the gathering. */
    public PairShard build() {
      blocks.add(block.next());
      return new PairShard(blocks);
    }
  }

  /** Number of pairs. */
  public int size() {
    return (blocks.length - 1) * Block.PAIRS + blocks[blocks.length - 1].size();
  }

  /** A copy of the ids of prompt {@code pair}, counted from 0. */
  public int[] prompt(int pair) {
    return block(pair).prompt(pair % Block.PAIRS);
  }

  /** A copy of the ids of story {@code pair}, counted from 0. */
  public int[] story(int pair) {
    return block(pair).story(pair % Block.PAIRS);
  }

  /** Number of ids of prompt {@code pair}. */
  public int promptLength(int pair) {
    return block(pair).promptLength(pair % Block.PAIRS);
  }

  /** Number of ids of story {@code pair}. */
  public int storyLength(int pair) {
    return block(pair).storyLength(pair % Block.PAIRS);
  }

  private Block block(int pair) {
    return blocks[pair / Block.PAIRS];
  }

  /** Where the order of this shard's pairs is remembered. */
  synchronized EpochPlan.Memo memo() {
    if (memo == null) { // read from a stream
      memo = new EpochPlan.Memo();
    }
    return memo;
  }
}
