package storyloom.pipeline.batch;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** Streams of little-endian ints with CRC32C checksums over all that came before but checksums. */
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
        write(values, from, count);
        checksum.update(block.array(), 0, count * Integer.BYTES);
        from += count;
      }
    }

    /** Does not count itself: after its own checksum a CRC is the same whatever came before. */
    void putChecksum() throws IOException {
      write(new int[] {(int) checksum.getValue()}, 0, 1);
    }

    private void write(int[] values, int from, int count) throws IOException {
      block.clear().asIntBuffer().put(values, from, count);
      out.write(block.array(), 0, count * Integer.BYTES);
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
        read(values, from, next);
        checksum.update(block.array(), 0, next * Integer.BYTES);
        from += next;
      }
      return values;
    }

    /** Reads a checksum and compares it with that of all that was read before it. */
    boolean checksumAgrees() throws IOException {
      int[] expected = new int[1];
      read(expected, 0, 1);
      return expected[0] == (int) checksum.getValue();
    }

    private void read(int[] values, int from, int count) throws IOException {
      if (in.readNBytes(block.array(), 0, count * Integer.BYTES) < count * Integer.BYTES) {
        throw new EOFException();
      }
      block.clear().asIntBuffer().get(values, from, count);
    }
  }
}
