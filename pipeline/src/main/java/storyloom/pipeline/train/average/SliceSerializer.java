package storyloom.pipeline.train.average;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import org.apache.spark.serializer.DeserializationStream;
import org.apache.spark.serializer.SerializationStream;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.serializer.SerializerInstance;
import org.apache.spark.unsafe.Platform;
import scala.reflect.ClassTag;

/**
 * Writes shares for the shuffle as plain bytes, and reads them: slice, worker, tokens, length,
 * bytes. Java's own serialisation would keep every share that it has written on the heap, in case
 * it comes again, and with that a worker's whole state.
 */
final class SliceSerializer extends Serializer implements Serializable {

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
      return new UnsupportedOperationException("shares are only written to streams");
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
            if (object instanceof SliceKey key) {
              out.writeInt(key.slice());
              out.writeInt(key.worker());
            } else if (object instanceof WorkerSlice share) {
              out.writeLong(share.tokens());
              out.writeInt(share.bytes().length);
              out.write(share.bytes());
            } else {
              throw new IllegalArgumentException("neither a key nor a share: " + object);
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

  /** Keys and shares in turns, as they were written. */
  private static final class Reading extends DeserializationStream {
    private final DataInputStream in;
    private boolean atShare;

    Reading(DataInputStream in) {
      this.in = in;
    }

    @Override
    @SuppressWarnings("unchecked") // Spark asks for what was written
    public <T> T readObject(ClassTag<T> tag) {
      Object read = undeclared(() -> atShare ? share() : key());
      atShare = !atShare;
      return (T) read;
    }

    private SliceKey key() throws IOException {
      return new SliceKey(in.readInt(), in.readInt());
    }

    private WorkerSlice share() throws IOException {
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
