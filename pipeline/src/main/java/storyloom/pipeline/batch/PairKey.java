package storyloom.pipeline.batch;

import java.io.Serializable;
import java.nio.ByteBuffer;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The place of a pair in an order that has nothing to do with how pairs came: the first 16 bytes of
 * the SHA-256 of its ids, as an unsigned number. Only equal pairs share a place.
 */
record PairKey(long high, long low) implements Comparable<PairKey>, Serializable {

  static PairKey of(EncodedPair pair) {
    ByteBuffer ids =
        ByteBuffer.allocate(Integer.BYTES * (1 + pair.prompt().length + pair.story().length));
    ids.putInt(pair.prompt().length);
    ids.asIntBuffer().put(pair.prompt()).put(pair.story());
    ByteBuffer digest = ByteBuffer.wrap(DigestUtils.sha256(ids.array()));
    return new PairKey(digest.getLong(), digest.getLong());
  }

  /** Which of {@code ranges} equal ranges of all keys this one falls in. */
  int range(int ranges) {
    return (int) (((high >>> 33) * ranges) >>> 31);
  }

  @Override
  public int compareTo(PairKey other) {
    int order = Long.compareUnsigned(high, other.high);
    return order != 0 ? order : Long.compareUnsigned(low, other.low);
  }
}
