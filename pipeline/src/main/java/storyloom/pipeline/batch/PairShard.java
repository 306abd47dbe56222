package storyloom.pipeline.batch;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.Arrays;
import storyloom.model.UserException;

/**
 * Encoded pairs in a compact form: the part of a split that one worker trains on. Immutable.
 *
 * <p>As a file, all numbers 32 bits, little-endian:
 *
 * <pre>
 *   0x48534C53 ("SLSH")   what this file is
 *   1                     version of the format
 *   n                     number of pairs
 *   m                     number of ids
 *   CRC32C                of the 16 bytes so far
 *   offset × (2n + 1)     prompt i is ids offset[2i] to offset[2i+1], story i from there to offset[2i+2]
 *   id × m
 *   CRC32C                of all bytes so far
 * </pre>
 */
public final class PairShard implements Serializable {

  private static final int MAGIC = 0x48534C53;
  private static final int VERSION = 1;

  private static final String REMEDY = "; delete its folder and run again";

  private final int[] offsets;
  private final int[] ids;
  private transient EpochPlan.Memo memo;

  private PairShard(int[] offsets, int[] ids) {
    this.offsets = offsets;
    this.ids = ids;
  }

  /** Gathers pairs, in order, into a shard. */
  public static final class Builder {
    private int[] offsets = new int[129];
    private int[] ids = new int[4096];
    private int pairs;

    /** Puts a pair behind those gathered so far. */
    public Builder add(EncodedPair pair) {
      int start = offsets[2 * pairs];
      int middle = start + pair.prompt().length;
      int end = Math.addExact(middle, pair.story().length);
      ids = roomFor(ids, end);
      offsets = roomFor(offsets, 2 * pairs + 3);
      System.arraycopy(pair.prompt(), 0, ids, start, pair.prompt().length);
      System.arraycopy(pair.story(), 0, ids, middle, pair.story().length);
      offsets[2 * pairs + 1] = middle;
      offsets[2 * pairs + 2] = end;
      pairs++;
      return this;
    }

    /** The shard of all pairs gathered. */
    public PairShard build() {
      return new PairShard(
          Arrays.copyOf(offsets, 2 * pairs + 1), Arrays.copyOf(ids, offsets[2 * pairs]));
    }

    private static int[] roomFor(int[] array, int length) {
      return length <= array.length
          ? array
          : Arrays.copyOf(
              array, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(length, 2L * array.length)));
    }
  }

  /** Number of pairs. */
  public int size() {
    return offsets.length / 2;
  }

  /** A copy of the ids of prompt {@code pair}, counted from 0. */
  public int[] prompt(int pair) {
    return Arrays.copyOfRange(ids, offsets[2 * pair], offsets[2 * pair + 1]);
  }

  /** A copy of the ids of story {@code pair}, counted from 0. */
  public int[] story(int pair) {
    return Arrays.copyOfRange(ids, offsets[2 * pair + 1], offsets[2 * pair + 2]);
  }

  /** Number of ids of prompt {@code pair}. */
  public int promptLength(int pair) {
    return offsets[2 * pair + 1] - offsets[2 * pair];
  }

  /** Number of ids of story {@code pair}. */
  public int storyLength(int pair) {
    return offsets[2 * pair + 2] - offsets[2 * pair + 1];
  }

  /** Number of ids of all prompts and stories. */
  public int ids() {
    return ids.length;
  }

  /** Where the order of this shard's pairs is remembered. */
  synchronized EpochPlan.Memo memo() {
    if (memo == null) { // read from a stream
      memo = new EpochPlan.Memo();
    }
    return memo;
  }

  /** Writes the shard; does not close the stream. */
  public void write(OutputStream out) throws IOException {
    ChecksummedInts.Writer writer = new ChecksummedInts.Writer(out);
    writer.put(MAGIC, VERSION, size(), ids.length);
    writer.putChecksum();
    writer.put(offsets);
    writer.put(ids);
    writer.putChecksum();
    writer.flush();
  }

  /**
   * Reads a shard to the end of the stream; does not close it.
   *
   * @param name the file's name, for messages
   * @throws UserException if this is no shard, one of another version, or a damaged one
   */
  public static PairShard read(InputStream in, String name) throws IOException {
    ChecksummedInts.Reader reader = new ChecksummedInts.Reader(in);
    try {
      int[] header = reader.take(4);
      require(header[0] == MAGIC, name, "is no shard of pairs");
      require(reader.checksumAgrees(), name, "is damaged: the checksum of its head is wrong");
      require(
          header[1] == VERSION,
          name,
          "has version " + header[1] + ", this program reads version " + VERSION);
      int[] offsets = reader.take(Math.addExact(Math.multiplyExact(2, header[2]), 1));
      int[] ids = reader.take(header[3]);
      require(reader.checksumAgrees(), name, "is damaged: its checksum is wrong");
      require(in.read() < 0, name, "is damaged: it goes on after its end");
      return new PairShard(offsets, ids);
    } catch (EOFException truncated) {
      throw UserException.data(name + " is damaged: it ends too early" + REMEDY, truncated);
    }
  }

  private static void require(boolean holds, String name, String complaint) {
    if (!holds) {
      throw UserException.data(name + " " + complaint + REMEDY);
    }
  }
}
