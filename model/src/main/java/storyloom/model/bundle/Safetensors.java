package storyloom.model.bundle;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.DataFormatException;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import storyloom.model.UserException;
import storyloom.model.files.ChecksummedDirectory;

/**
 * Reads and writes safetensors files of float32: 8 bytes with the header's length, a JSON header,
 * the raw data; all little-endian, matrices row by row. See the format's description at <a
 * href="https://huggingface.co/docs/safetensors">huggingface.co/docs/safetensors</a>.
 *
 * <p>Data passes the Java heap in slices of 8 MB, half as numbers and half as bytes.
 */
public final class Safetensors {

  private static final int SLICE = 1 << 20; // numbers

  /**
   * In bytes. A model has less than a hundred tensors, each of which takes about a hundred bytes;
   * the format's own limit, a hundred times this, would be a gigabyte of JSON in memory.
   */
  private static final long LONGEST_HEADER = 1_000_000;

  private Safetensors() {}

  /**
   * Writes tensors in the order of their names.
   *
   * @param tensors float32, any order and strides; a part of a larger array is fine
   * @param metadata the format's {@code __metadata__}; may be empty
   * @throws IllegalArgumentException if a tensor is empty or not of float32
   */
  public static void write(
      OutputStream out, SortedMap<String, INDArray> tensors, Map<String, String> metadata)
      throws IOException {
    SortedMap<String, long[]> shapes = new TreeMap<>();
    tensors.forEach(
        (name, tensor) -> {
          if (tensor.dataType() != DataType.FLOAT || tensor.isEmpty()) {
            throw new IllegalArgumentException(
                "%s must hold float32, not %s".formatted(name, tensor.shapeInfoToString()));
          }
          shapes.put(name, tensor.shape());
        });
    byte[] header = SafetensorsHeader.write(shapes, metadata);
    out.write(littleEndian(Long.BYTES).putLong(0, header.length).array());
    out.write(header);
    for (INDArray tensor : tensors.values()) {
      write(out, tensor);
    }
    out.flush();
  }

  private static void write(OutputStream out, INDArray tensor) throws IOException {
    if (liesRowByRow(tensor)) {
      writeData(out, tensor);
      return;
    }
    try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces();
        INDArray copy = tensor.dup('c')) {
      writeData(out, copy);
    }
  }

  private static boolean liesRowByRow(INDArray tensor) {
    long stride = 1;
    for (int d = tensor.rank() - 1; d >= 0; d--) {
      if (tensor.size(d) != 1 && tensor.stride(d) != stride) {
        return false;
      }
      stride *= tensor.size(d);
    }
    return true;
  }

  private static void writeData(OutputStream out, INDArray tensor) throws IOException {
    // the address is that of this array's own first number, also within a larger array
    FloatPointer data = (FloatPointer) tensor.data().addressPointer();
    float[] numbers = new float[slice(tensor.length())];
    ByteBuffer bytes = littleEndian(numbers.length * Float.BYTES);
    for (long done = 0; done < tensor.length(); done += numbers.length) {
      int count = (int) Math.min(numbers.length, tensor.length() - done);
      data.position(done).get(numbers, 0, count);
      bytes.asFloatBuffer().put(numbers, 0, count);
      out.write(bytes.array(), 0, count * Float.BYTES);
    }
  }

  /**
   * Reads a whole file. The caller closes what it gets.
   *
   * @param length number of bytes of the file
   * @param file path of the file, for messages
   * @throws UserException of data if the file is cut short or damaged, or holds other than float32
   */
  public static Weights read(InputStream in, long length, String file) throws IOException {
    return read(in, length, file, shapes -> {});
  }

  /**
   * Reads a whole file, if its header says what it should. The caller closes what it gets.
   *
   * @param length number of bytes of the file
   * @param file path of the file, for messages
   * @param requirement throws if the shapes of the tensors, name by name, are not those that are
   *     due; asked before memory is taken for them
   * @throws UserException of data if the file is cut short or damaged, or holds other than float32
   */
  static Weights read(
      InputStream in, long length, String file, Consumer<SortedMap<String, long[]>> requirement)
      throws IOException {
    SortedMap<String, INDArray> tensors = new TreeMap<>();
    try {
      byte[] header = in.readNBytes(headerLength(in, length));
      long dataLength = length - Long.BYTES - header.length;
      List<SafetensorsHeader.Tensor> listed = SafetensorsHeader.read(header, dataLength);
      SortedMap<String, long[]> shapes = new TreeMap<>();
      listed.forEach(tensor -> shapes.put(tensor.name(), tensor.shape()));
      requirement.accept(shapes);
      for (SafetensorsHeader.Tensor tensor : listed) {
        INDArray array = allocate(tensor.shape());
        tensors.put(tensor.name(), array);
        readData(in, array);
      }
      return Weights.of(tensors);
    } catch (DataFormatException | EOFException e) {
      Weights.of(tensors).close();
      throw UserException.data(
          "%s is damaged: %s%s".formatted(file, e.getMessage(), ChecksummedDirectory.REMEDY), e);
    } catch (Throwable e) {
      Weights.of(tensors).close();
      throw e;
    }
  }

  private static int headerLength(InputStream in, long length)
      throws IOException, DataFormatException {
    ByteBuffer bytes = littleEndian(Long.BYTES);
    int read = in.readNBytes(bytes.array(), 0, Long.BYTES);
    long header = bytes.getLong();
    if (read < Long.BYTES || header < 0 || header > Math.min(LONGEST_HEADER, length - Long.BYTES)) {
      throw new DataFormatException("it has no header of a length that can be");
    }
    return (int) header;
  }

  private static INDArray allocate(long[] shape) {
    // an array of a workspace would be gone before its reader is done with it
    try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
      return Nd4j.createUninitialized(DataType.FLOAT, shape, 'c');
    }
  }

  private static void readData(InputStream in, INDArray tensor) throws IOException {
    FloatPointer data = (FloatPointer) tensor.data().addressPointer();
    float[] numbers = new float[slice(tensor.length())];
    ByteBuffer bytes = littleEndian(numbers.length * Float.BYTES);
    for (long done = 0; done < tensor.length(); done += numbers.length) {
      int count = (int) Math.min(numbers.length, tensor.length() - done);
      if (in.readNBytes(bytes.array(), 0, count * Float.BYTES) < count * Float.BYTES) {
        throw new EOFException("it is cut short");
      }
      bytes.asFloatBuffer().get(numbers, 0, count);
      data.position(done).put(numbers, 0, count);
    }
  }

  private static int slice(long length) {
    return (int) Math.min(SLICE, length);
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
