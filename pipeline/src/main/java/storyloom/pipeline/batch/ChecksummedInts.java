package storyloom.pipeline.batch;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** Streams of little-endian ints with CRC32C checksums over all that came before. */
final class ChecksummedInts {

  private static final int BLOCK = 1 << 16;

  private ChecksummedInts() {}

  private static ByteBuffer block() {
    return ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Writes ints. */
  static final class Writer {
    private final OutputStream out;
    private final CRC32C checksum = new CRC32C();
    private final ByteBuffer block = block();

    Writer(OutputStream out) {
      this.out = out;
    }

    void put(int... values) throws IOException {
      for (int from = 0; from < values.length; ) {
        int count = Math.min(values.length - from, BLOCK / Integer.BYTES);
        block.clear().asIntBuffer().put(values, from, count);
        out.write(block.array(), 0, count * Integer.BYTES);
        checksum.update(block.array(), 0, count * Integer.BYTES);
        from += count;
      }
    }

    void putChecksum() throws IOException {
      put((int) checksum.getValue());
    }

    void flush() throws IOException {
      out.flush();
    }
  }

  /** Reads ints. */
  static final class Reader {
    private final InputStream in;
    private final CRC32C checksum = new CRC32C();
    private final ByteBuffer block = block();

    Reader(InputStream in) {
      this.in = in;
    }

    /**
     * @throws EOFException if the stream ends before
     */
    int[] take(int count) throws IOException {
      int[] values = new int[count];
      for (int from = 0; from < count; ) {
        int next = Math.min(count - from, BLOCK / Integer.BYTES);
        if (in.readNBytes(block.array(), 0, next * Integer.BYTES) < next * Integer.BYTES) {
          throw new EOFException();
        }
        checksum.update(block.array(), 0, next * Integer.BYTES);
        block.clear().asIntBuffer().get(values, from, next);
        from += next;
      }
      return values;
    }

    /** Reads a checksum and compares it with that of all that was read before it. */
    boolean checksumAgrees() throws IOException {
      int expected = (int) checksum.getValue();
      return take(1)[0] == expected;
    }
  }
}
