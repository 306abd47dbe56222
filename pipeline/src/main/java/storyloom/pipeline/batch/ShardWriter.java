package storyloom.pipeline.batch;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes encoded pairs as a shard file while they come, holding no more than a block of them. All
 * numbers are 32 bits, little-endian:
 *
 * <pre>
 *   0x48534C53 ("SLSH")   what this file is
 *   2                     version of the format
 *   blocks of 1024 pairs, and a last one of fewer, maybe none:
 *     n                   number of pairs
 *     offset × (2n + 1)   prompt i is ids offset[2i] to offset[2i+1], story i from there to offset[2i+2]
 *     CRC32C              of all that stands before it but checksums
 *     id × offset[2n]
 *     CRC32C              of all that stands before it but checksums
 * </pre>
 */
final class ShardWriter {

  static final int MAGIC = 0x48534C53;
  static final int VERSION = 2;

  private final ChecksummedInts.Writer out;
  private final PairBlock.Builder block = new PairBlock.Builder();

  /** Writes to a stream, which it does not close. */
  ShardWriter(OutputStream out) throws IOException {
    this.out = new ChecksummedInts.Writer(out);
    this.out.put(MAGIC, VERSION);
  }

  /** Puts a pair behind those written so far. */
  void add(EncodedPair pair) throws IOException {
    block.add(pair);
    if (block.isFull()) {
      write(block.next());
    }
  }

  /** Ends the file: without this it is no shard. */
  void end() throws IOException {
    write(block.next());
    out.flush();
  }

  private void write(PairBlock full) throws IOException {
    out.put(full.size());
    out.put(full.offsets());
    out.putChecksum();
    out.put(full.ids());
    out.putChecksum();
  }
}
