package storyloom.pipeline.train.average;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.apache.spark.serializer.DeserializationStream;
import org.apache.spark.serializer.SerializationStream;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.api.Test;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

class WorkerSliceTest {

  private static final ClassTag<Object> ANY = ClassTag$.MODULE$.apply(Object.class);

  private final SerializerInstance serializer = new WorkerSlice.Serializer().newInstance();

  private static void write(SerializationStream stream, WorkerSlice.Key key, WorkerSlice slice) {
    stream.writeKey(key, ANY).writeValue(slice, ANY);
  }

  private byte[] written() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SerializationStream stream = serializer.serializeStream(out);
    write(stream, new WorkerSlice.Key(3, 1), new WorkerSlice(1L << 40, new byte[] {1, -2, 3}));
    write(stream, new WorkerSlice.Key(4, 0), new WorkerSlice(0, new byte[0]));
    stream.close();
    return out.toByteArray();
  }

  @Test
  void slicesAreReadAsTheyWereWritten() {
    DeserializationStream in = serializer.deserializeStream(new ByteArrayInputStream(written()));

    assertThat(in.<Object>readKey(ANY)).isEqualTo(new WorkerSlice.Key(3, 1));
    WorkerSlice first = (WorkerSlice) in.<Object>readValue(ANY);
    assertThat(first.tokens()).isEqualTo(1L << 40);
    assertThat(first.bytes()).containsExactly(1, -2, 3);
    assertThat(in.<Object>readKey(ANY)).isEqualTo(new WorkerSlice.Key(4, 0));
    assertThat(((WorkerSlice) in.<Object>readValue(ANY)).bytes()).isEmpty();
    assertThat(in.asKeyValueIterator().hasNext()).isFalse();
  }

  @Test
  void aStreamThatEndsTooSoonIsAnEofException() {
    byte[] cut = Arrays.copyOf(written(), 18);
    DeserializationStream in = serializer.deserializeStream(new ByteArrayInputStream(cut));
    in.readKey(ANY);

    assertThatThrownBy(() -> in.readValue(ANY)).isInstanceOf(EOFException.class);
  }

  @Test
  void aFullDiskIsTheIoExceptionThatSparkKnows() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };

    assertThatThrownBy(
            () -> serializer.serializeStream(full).writeKey(new WorkerSlice.Key(0, 0), ANY))
        .isExactlyInstanceOf(IOException.class);
  }
}
