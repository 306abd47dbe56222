package storyloom.pipeline.batch;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import storyloom.model.UserException;

/** Reads a shard file, as {@link ShardWriter} makes it, block by block. */
final class ShardReader {

  private static final String REMEDY = "; delete its folder and run again";

  private final InputStream in;
  private final ChecksummedInts.Reader ints;
  private final String name;

  private ShardReader(InputStream in, String name) {
    this.in = in;
    this.ints = new ChecksummedInts.Reader(in);
    this.name = name;
  }

  /**
   * Reads a file. What is wrong with it may show behind good blocks: nothing of it may be used
   * unless this returns.
   *
   * @param blocks is given each block in turn, full ones and a last one
   * @throws UserException if it cannot be read, is no shard, one of another version, or damaged
   */
  static void read(Path file, Configuration configuration, Consumer<PairBlock> blocks) {
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
  static void read(InputStream in, String name, Consumer<PairBlock> blocks) throws IOException {
    ShardReader reader = new ShardReader(in, name);
    try {
      reader.readHead();
      PairBlock block;
      do {
        block = reader.readBlock();
        blocks.accept(block);
      } while (block.size() == PairBlock.PAIRS);
      reader.requireEnd();
    } catch (EOFException truncated) {
      throw UserException.data(name + " is damaged: it ends too early" + REMEDY, truncated);
    }
  }

  private void readHead() throws IOException {
    require(ints.take(1)[0] == ShardWriter.MAGIC, "is no shard of pairs");
    int version = ints.take(1)[0];
    require(
        version == ShardWriter.VERSION,
        "has version " + version + ", this program reads version " + ShardWriter.VERSION);
  }

  private PairBlock readBlock() throws IOException {
    int pairs = ints.take(1)[0];
    require(pairs >= 0 && pairs <= PairBlock.PAIRS, "is damaged: it has a block of no such size");
    int[] offsets = ints.take(2 * pairs + 1);
    requireChecksum(); // before an offset is taken for a length
    int[] ids = ints.take(offsets[2 * pairs]);
    requireChecksum();
    return new PairBlock(offsets, ids);
  }

  private void requireEnd() throws IOException {
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
