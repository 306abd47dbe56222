package storyloom.pipeline.batch;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import storyloom.model.UserException;

/**
 * The file of a shard, written and read block by block. All numbers are 32 bits, little-endian:
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
final class ShardFile {

  private static final int MAGIC = 0x48534C53;
  private static final int VERSION = 2;
  private static final String REMEDY = "; delete its folder and run again";

  private ShardFile() {}

  /** Writes encoded pairs while they come, holding no more than a block of them. */
  static final class Writer {
    private final ChecksummedInts.Writer out;
    private final PairShard.Block.Builder block = new PairShard.Block.Builder();

    /** Writes to a stream, which it does not close. */
    Writer(OutputStream out) throws IOException {
      this.out = new ChecksummedInts.Writer(out);
      this.out.put(MAGIC, VERSION);
    }

    /** Appends a pair. */
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

    private void write(PairShard.Block full) throws IOException {
      out.put(full.size());
      out.put(full.offsets());
      out.putChecksum();
      out.put(full.ids());
      out.putChecksum();
    }
  }

  /**
   * Reads a file. What is wrong with it may show behind good blocks: nothing of it may be used
   * unless this returns.
   *
   * @param blocks is given each block in turn, full ones and a last one
   * @throws UserException if it cannot be read, is no shard, one of another version, or damaged
   */
  static void read(Path file, Configuration configuration, Consumer<PairShard.Block> blocks) {
    try (InputStream in = file.getFileSystem(configuration).open(file)) {
      read(in, file.toString(), blocks);
    } catch (IOException failure) {
      throw UserException.data("cannot read " + file + ": " + failure.getMessage(), failure);
    }
  }

  /**
   * Reads to the end of a stream, which it does not close.
   *
   * @param name the file's name, for messages
   */
  static void read(InputStream in, String name, Consumer<PairShard.Block> blocks)
      throws IOException {
    Reader reader = new Reader(in, name);
    try {
      reader.readHead();
      PairShard.Block block;
      do {
        block = reader.readBlock();
        blocks.accept(block);
      } while (block.size() == PairShard.Block.PAIRS);
      reader.requireEnd();
    } catch (EOFException truncated) {
      throw UserException.data(name + " is damaged: it ends too early" + REMEDY, truncated);
    }
  }

  /** Reads the parts of a file, one after another. */
  private static final class Reader {
    private final InputStream in;
    private final ChecksummedInts.Reader ints;
    private final String name;

    Reader(InputStream in, String name) {
      this.in = in;
      this.ints = new ChecksummedInts.Reader(in);
      this.name = name;
    }

    void readHead() throws IOException {
      require(ints.take(1)[0] == MAGIC, "is no shard of pairs");
      int version = ints.take(1)[0];
      require(
          version == VERSION, "has version " + version + ", this program reads version " + VERSION);
    }

    PairShard.Block readBlock() throws IOException {
      int pairs = ints.take(1)[0];
      require(
          pairs >= 0 && pairs <= PairShard.Block.PAIRS,
          "is damaged: it has a block of no such size");
      int[] offsets = ints.take(2 * pairs + 1);
      requireChecksum(); // before an offset is taken for a length
      int[] ids = ints.take(offsets[2 * pairs]);
      requireChecksum();
      return new PairShard.Block(offsets, ids);
    }

    void requireEnd() throws IOException {
      require(in.read() < 0, "is damaged: it goes on after its end");
    }

    private void requireChecksum() throws IOException {
      require(ints.checksumAgrees(), "is damaged: a checksum is wrong");
    }

    private void require(boolean holds, String complaint) {
      if (!holds) {
        throw UserException.data(name + " " + complaint + REMEDY);
      }
    }
  }
}
