package storyloom.model.bundle;

import static java.util.Comparator.comparingLong;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import java.util.zip.DataFormatException;

/**
 * The JSON header of a safetensors file: name → {@code dtype}, {@code shape}, {@code data_offsets}
 * (from, to, in bytes from the end of the header), and {@code __metadata__}, text by text.
 */
final class SafetensorsHeader {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final String METADATA = "__metadata__";
  private static final String FLOAT32 = "F32";

  /** The data after the header starts at a multiple of this, so that it can be memory-mapped. */
  private static final int ALIGNMENT = 8;

  /**
   * A tensor of float32.
   *
   * @param begin where its data begins, in bytes from the end of the header
   */
  record Tensor(String name, long[] shape, long begin) {

    /** Number of elements; 1 for a scalar, whose shape is empty. */
    long length() {
      return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    long end() {
      return Math.addExact(begin, Math.multiplyExact(length(), (long) Float.BYTES));
    }
  }

  private SafetensorsHeader() {}

  /**
   * The header of tensors that lie one after the other in the order of their names; filled up with
   * spaces.
   *
   * @param shapes name → shape
   */
  static byte[] write(SortedMap<String, long[]> shapes, Map<String, String> metadata)
      throws IOException {
    ObjectNode header = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      metadata.forEach(header.putObject(METADATA)::put);
    }
    long begin = 0;
    for (Map.Entry<String, long[]> entry : shapes.entrySet()) {
      if (entry.getKey().equals(METADATA)) {
        throw new IllegalArgumentException("a tensor cannot be called " + METADATA);
      }
      Tensor tensor = new Tensor(entry.getKey(), entry.getValue(), begin);
      ObjectNode node = header.putObject(tensor.name()).put("dtype", FLOAT32);
      Arrays.stream(tensor.shape()).forEach(node.putArray("shape")::add);
      node.putArray("data_offsets").add(begin).add(tensor.end());
      begin = tensor.end();
    }
    byte[] json = JSON.writeValueAsBytes(header);
    byte[] padded = Arrays.copyOf(json, (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }

  /**
   * The tensors in the order of their data.
   *
   * @param dataLength number of bytes after the header
   * @throws DataFormatException if this is no header, a tensor is empty or not of float32, or the
   *     tensors do not fill the data without gap and overlap
   */
  static List<Tensor> read(byte[] header, long dataLength) throws DataFormatException {
    JsonNode root;
    try {
      root = JSON.readTree(header);
    } catch (IOException e) {
      throw new DataFormatException("its header is not JSON");
    }
    if (!root.isObject()) {
      throw new DataFormatException("its header is not a JSON object");
    }
    List<Tensor> tensors = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      if (!entry.getKey().equals(METADATA)) {
        tensors.add(tensor(entry.getKey(), entry.getValue()));
      }
    }
    tensors.sort(comparingLong(Tensor::begin));
    long end = 0;
    for (Tensor tensor : tensors) {
      if (tensor.begin() != end) {
        throw new DataFormatException(
            "its tensors do not lie one after the other at " + tensor.name());
      }
      end = tensor.end();
    }
    if (end != dataLength) {
      throw new DataFormatException(
          "it has %d bytes of data instead of %d".formatted(dataLength, end));
    }
    return tensors;
  }

  private static Tensor tensor(String name, JsonNode node) throws DataFormatException {
    String type = node.path("dtype").asText();
    if (!type.equals(FLOAT32)) {
      throw new DataFormatException(
          "the type of %s is \"%s\", not %s".formatted(name, type, FLOAT32));
    }
    long[] shape = numbers(name, node.path("shape"));
    long[] offsets = numbers(name, node.path("data_offsets"));
    if (offsets.length != 2 || LongStream.of(shape).anyMatch(size -> size == 0)) {
      throw new DataFormatException(name + " has no data or no offsets");
    }
    Tensor tensor = new Tensor(name, shape, offsets[0]);
    try {
      if (tensor.end() != offsets[1]) {
        throw new DataFormatException("the offsets of " + name + " do not fit its shape");
      }
    } catch (ArithmeticException e) {
      throw new DataFormatException("the shape of " + name + " is too large");
    }
    return tensor;
  }

  private static long[] numbers(String name, JsonNode node) throws DataFormatException {
    boolean whole =
        node.isArray()
            && StreamSupport.stream(node.spliterator(), false)
                .allMatch(n -> n.isIntegralNumber() && n.canConvertToLong() && n.asLong() >= 0);
    if (!whole) {
      throw new DataFormatException(
          "the shape or the offsets of " + name + " are not whole numbers");
    }
    return StreamSupport.stream(node.spliterator(), false).mapToLong(JsonNode::asLong).toArray();
  }
}
