package storyloom.pipeline.train.average;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Comparator;
import org.apache.spark.Partitioner;
import org.apache.spark.serializer.DeserializationStream;
import org.apache.spark.serializer.SerializationStream;
import org.apache.spark.serializer.SerializerInstance;
import org.apache.spark.unsafe.Platform;
import scala.reflect.ClassTag;

/**
 * What one worker puts into the reduction of one slice, and how it goes through Spark's shuffle.
 *
 * @param tokens its weight: target tokens it trained on in the round
 * @param bytes the slice's numbers, or a {@link WorkerRound.Report} in the slice behind the last
 */
record WorkerSlice(long tokens, byte[] bytes) implements Serializable {

  /**
   * Which worker's part of which slice; sorted by worker within a slice, so that sums are always
   * taken in the same order.
   *
   * @param slice counted from 0
   * @param worker counted from 0
   */
  record Key(int slice, int worker) implements Serializable, Comparable<Key> {

    private static final Comparator<Key> ORDER =
        Comparator.comparingInt(Key::slice).thenComparingInt(Key::worker);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  /** A partition for each slice. */
  static final class BySlice extends Partitioner {
    private final int slices;

    BySlice(int slices) {
      this.slices = slices;
    }

    @Override
    public int numPartitions() {
      return slices;
    }

    @Override
    public int getPartition(Object key) {
      return ((Key) key).slice();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof BySlice that && slices == that.slices;
    }

    @Override
    public int hashCode() {
      return slices;
    }
  }

  /**
   * Writes slices for the shuffle as plain bytes, and reads them: slice, worker, tokens, length,
   * bytes. Java's own serialisation would keep every slice that it has written on the heap, in case
   * it comes again, and with that a worker's whole state.
   */
  static final class Serializer extends org.apache.spark.serializer.Serializer
      implements Serializable {

    private static final long serialVersionUID = 1;

    @Override
    public SerializerInstance newInstance() {
      return new Instance();
    }

    /** Records are the same wherever they stand in a stream, so Spark may sort them as bytes. */
    @Override
    public boolean supportsRelocationOfSerializedObjects() {
      return true;
    }
  }

  private static final class Instance extends SerializerInstance {

    @Override
    public SerializationStream serializeStream(OutputStream out) {
      return new Writing(new DataOutputStream(out));
    }

    @Override
    public DeserializationStream deserializeStream(InputStream in) {
      return new Reading(new DataInputStream(in));
    }

    @Override
    public <T> ByteBuffer serialize(T object, ClassTag<T> tag) {
      throw onlyStreams();
    }

    @Override
    public <T> T deserialize(ByteBuffer bytes, ClassTag<T> tag) {
      throw onlyStreams();
    }

    @Override
    public <T> T deserialize(ByteBuffer bytes, ClassLoader loader, ClassTag<T> tag) {
      throw onlyStreams();
    }

    private static UnsupportedOperationException onlyStreams() {
      return new UnsupportedOperationException("slices are only written to streams");
    }
  }

  /** Something that may fail in the way streams do. */
  @FunctionalInterface
  private interface StreamUse<T> {
    T go() throws IOException;
  }

  /** Spark's streams declare no exceptions, but Spark knows them: a read ends by EOFException. */
  private static <T> T undeclared(StreamUse<T> use) {
    try {
      return use.go();
    } catch (IOException e) {
      Platform.throwException(e);
      throw new AssertionError("not reached", e);
    }
  }

  private static final class Writing extends SerializationStream {
    private final DataOutputStream out;

    Writing(DataOutputStream out) {
      this.out = out;
    }

    @Override
    public <T> SerializationStream writeObject(T object, ClassTag<T> tag) {
      return undeclared(
          () -> {
            if (object instanceof Key key) {
              out.writeInt(key.slice());
              out.writeInt(key.worker());
            } else if (object instanceof WorkerSlice slice) {
              out.writeLong(slice.tokens());
              out.writeInt(slice.bytes().length);
              out.write(slice.bytes());
            } else {
              throw new IllegalArgumentException("neither a key nor a slice: " + object);
            }
            return this;
          });
    }

    @Override
    public void flush() {
      undeclared(
          () -> {
            out.flush();
            return null;
          });
    }

    @Override
    public void close() {
      undeclared(
          () -> {
            out.close();
            return null;
          });
    }
  }

  /** Keys and slices in turns, as they were written. */
  private static final class Reading extends DeserializationStream {
    private final DataInputStream in;
    private boolean atSlice;

    Reading(DataInputStream in) {
      this.in = in;
    }

    @Override
    @SuppressWarnings("unchecked") // Spark asks for what was written
    public <T> T readObject(ClassTag<T> tag) {
      Object read = undeclared(() -> atSlice ? slice() : key());
      atSlice = !atSlice;
      return (T) read;
    }

    private Key key() throws IOException {
      return new Key(in.readInt(), in.readInt());
    }

    private WorkerSlice slice() throws IOException {
      long tokens = in.readLong();
      byte[] bytes = new byte[in.readInt()];
      in.readFully(bytes);
      return new WorkerSlice(tokens, bytes);
    }

    @Override
    public void close() {
      undeclared(
          () -> {
            in.close();
            return null;
          });
    }
  }
}
