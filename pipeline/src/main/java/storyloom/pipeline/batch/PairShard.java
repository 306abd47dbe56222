package storyloom.pipeline.batch;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Encoded pairs in a compact form: the part of a split that one worker trains on, 4 bytes for each
 * id and 8 for each pair. Immutable. {@link ShardWriter} says how it looks as a file.
 */
public final class PairShard implements Serializable {

  private final PairBlock[] blocks;
  private transient EpochPlan.Memo memo;

  /** Of blocks of which all but the last are full. */
  PairShard(List<PairBlock> blocks) {
    this.blocks = blocks.toArray(PairBlock[]::new);
  }

  /** Gathers pairs, in order, into a shard. */
  public static final class Builder {
    private final List<PairBlock> blocks = new ArrayList<>();
    private final PairBlock.Builder block = new PairBlock.Builder();

    /** Puts a pair behind those gathered so far. */
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
    return (blocks.length - 1) * PairBlock.PAIRS + blocks[blocks.length - 1].size();
  }

  /** A copy of the ids of prompt {@code pair}, counted from 0. */
  public int[] prompt(int pair) {
    return block(pair).prompt(pair % PairBlock.PAIRS);
  }

  /** A copy of the ids of story {@code pair}, counted from 0. */
  public int[] story(int pair) {
    return block(pair).story(pair % PairBlock.PAIRS);
  }

  /** Number of ids of prompt {@code pair}. */
  public int promptLength(int pair) {
    return block(pair).promptLength(pair % PairBlock.PAIRS);
  }

  /** Number of ids of story {@code pair}. */
  public int storyLength(int pair) {
    return block(pair).storyLength(pair % PairBlock.PAIRS);
  }

  private PairBlock block(int pair) {
    return blocks[pair / PairBlock.PAIRS];
  }

  /** Where the order of this shard's pairs is remembered. */
  synchronized EpochPlan.Memo memo() {
    if (memo == null) { // read from a stream
      memo = new EpochPlan.Memo();
    }
    return memo;
  }
}
