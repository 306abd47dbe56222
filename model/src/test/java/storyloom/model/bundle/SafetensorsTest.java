package storyloom.model.bundle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import storyloom.model.UserException;

class SafetensorsTest {

  /** 56 bytes of header and the numbers 1 and -2.5, by hand. */
  private static final byte[] GOLDEN =
      concat(
          new byte[] {56, 0, 0, 0, 0, 0, 0, 0},
          "{\"ab\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} ".getBytes(UTF_8),
          new byte[] {0, 0, (byte) 0x80, 0x3f, 0, 0, 0x20, (byte) 0xc0});

  @Test
  void theBytesWrittenAreThoseOfTheFormat() throws IOException {
    assertThat(write(Map.of("ab", Nd4j.createFromArray(1f, -2.5f)))).isEqualTo(GOLDEN);
  }

  @Test
  void theBytesOfTheFormatAreRead() throws IOException {
    try (Weights weights = read(GOLDEN)) {
      assertThat(weights.tensors()).containsOnlyKeys("ab");
      assertThat(weights.get("ab")).isEqualTo(Nd4j.createFromArray(1f, -2.5f));
    }
  }

  @Test
  void headersInAnyOrderWithMetadataAreRead() throws IOException {
    String header =
        """
        {"z": {"shape": [1, 1], "data_offsets": [0, 4], "dtype": "F32"},
         "__metadata__": {"format": "pt"},
         "a": {"shape": [], "data_offsets": [4, 8], "dtype": "F32"}}""";
    try (Weights weights = read(file(header, 3f, 4f))) {
      assertThat(weights.get("z").getFloat(0)).isEqualTo(3f);
      assertThat(weights.get("z").shape()).containsExactly(1, 1);
      assertThat(weights.get("a").getFloat(0)).isEqualTo(4f);
      assertThat(weights.get("a").rank()).isZero();
    }
  }

  @Test
  void aReaderThatKnowsOnlyTheFormatFindsEveryNumber() throws IOException {
    INDArray matrix = Nd4j.rand(DataType.FLOAT, 3, 5);
    INDArray vector = Nd4j.rand(DataType.FLOAT, 7);
    byte[] file = write(Map.of("matrix", matrix, "vector", vector), Map.of("made", "by hand"));

    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int headerLength = Math.toIntExact(bytes.getLong());
    JsonNode header = new ObjectMapper().readTree(new String(file, 8, headerLength, UTF_8));

    assertThat(headerLength % 8).isZero();
    assertThat(header.path("__metadata__").path("made").asText()).isEqualTo("by hand");
    assertThat(header.path("matrix").path("shape").toString()).isEqualTo("[3,5]");
    for (Map.Entry<String, INDArray> expected :
        Map.of("matrix", matrix, "vector", vector).entrySet()) {
      JsonNode offsets = header.path(expected.getKey()).path("data_offsets");
      float[] numbers = new float[(offsets.get(1).asInt() - offsets.get(0).asInt()) / 4];
      bytes.position(8 + headerLength + offsets.get(0).asInt()).asFloatBuffer().get(numbers);
      assertThat(numbers).isEqualTo(numbers(expected.getValue()));
    }
  }

  @Test
  void tensorsLargerThanASliceComeBackWhole() throws IOException {
    INDArray large = Nd4j.rand(DataType.FLOAT, 3, (1 << 20) - 5);

    try (Weights weights = read(write(Map.of("large", large, "small", Nd4j.scalar(2f))))) {
      assertThat(weights.get("large").shape()).isEqualTo(large.shape());
      assertThat(numbers(weights.get("large"))).isEqualTo(numbers(large));
      assertThat(weights.get("small").getFloat(0)).isEqualTo(2f);
    }
  }

  @Test
  void partsOfALargerArrayAreWrittenRowByRow() throws IOException {
    INDArray flat = Nd4j.arange(20).castTo(DataType.FLOAT);
    INDArray part = flat.get(NDArrayIndex.interval(6, 18));
    Map<String, INDArray> views =
        Map.of(
            "rows", part.reshape('c', 3, 4),
            "columns", part.reshape('f', 3, 4),
            "corner", part.reshape('c', 3, 4).get(NDArrayIndex.all(), NDArrayIndex.interval(1, 3)),
            "transposed", part.reshape('c', 3, 4).transpose());

    try (Weights weights = read(write(views))) {
      assertThat(numbers(weights.get("rows")))
          .containsExactly(6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17);
      assertThat(numbers(weights.get("columns")))
          .containsExactly(6, 9, 12, 15, 7, 10, 13, 16, 8, 11, 14, 17);
      assertThat(numbers(weights.get("corner"))).containsExactly(7, 8, 11, 12, 15, 16);
      assertThat(weights.get("transposed").shape()).containsExactly(4, 3);
      assertThat(numbers(weights.get("transposed")))
          .containsExactly(6, 10, 14, 7, 11, 15, 8, 12, 16, 9, 13, 17);
    }
  }

  @Test
  void tensorsOutliveTheWorkspaceTheyAreReadIn() throws IOException {
    WorkspaceConfiguration configuration =
        WorkspaceConfiguration.builder().initialSize(1 << 20).build();
    Weights weights;
    try (MemoryWorkspace workspace =
        Nd4j.getWorkspaceManager().getAndActivateWorkspace(configuration, "SafetensorsTest")) {
      weights = read(GOLDEN);
      assertThat(workspace.getCurrentOffset()).isZero();
    }
    assertThat(weights.get("ab").isAttached()).isFalse();
    weights.close();
    Nd4j.getWorkspaceManager()
        .destroyWorkspace(
            Nd4j.getWorkspaceManager().getWorkspaceForCurrentThread("SafetensorsTest"));
  }

  @Test
  void onlyFloat32IsWritten() {
    assertThatThrownBy(() -> write(Map.of("a", Nd4j.createFromArray(1.0))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a must hold float32");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '\0',
      value = {
        "{'a':{'dtype':'F16','shape':[2],'data_offsets':[0,8]}}; the type of a is \"F16\"",
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}; the offsets of a do not fit",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}}; one after the other at a",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}; 8 bytes of data instead of 4",
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,12]}}; 8 bytes of data instead of 12",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},"
            + "'b':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}; one after the other at b",
        "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}; not whole numbers",
        "{'a':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}}; not whole numbers",
        "{'a':{'dtype':'F32','shape':[2]}}; not whole numbers",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0]}}; no offsets",
        "{'a':{'dtype':'F32','shape':[0],'data_offsets':[0,0]}}; no data",
        "{'a':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,0]}}; too large",
        "{'a':{'dtype':'F32','shape':[4611686018427387904],'data_offsets':[0,0]}}; too large",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}; not JSON",
        "{'a':1,'a':2}; not JSON",
        "[]; not a JSON object",
        "{'a':7}; the type of a is",
      })
  void aDamagedHeaderIsRefusedWithItsReason(String header, String reason) {
    assertThatThrownBy(() -> read(file(header.replace('\'', '"'), 1f, 2f)).close())
        .isInstanceOf(UserException.class)
        .hasMessageContainingAll("x/weights.safetensors is damaged", reason, "copy it anew");
  }

  @Test
  void aHeaderLengthThatCannotBeIsRefusedWithoutAllocatingIt() {
    for (long length : new long[] {-1, Long.MAX_VALUE, 100_000_000, GOLDEN.length - 7}) {
      byte[] file = GOLDEN.clone();
      ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
      assertThatThrownBy(() -> read(file).close())
          .isInstanceOf(UserException.class)
          .hasMessageContaining("header");
    }
  }

  @Test
  void shapesThatAreNotThoseDueAreRefusedBeforeAnyDataIsRead() {
    ByteArrayInputStream in = new ByteArrayInputStream(GOLDEN);

    assertThatThrownBy(
            () ->
                Safetensors.read(
                    in,
                    GOLDEN.length,
                    "x",
                    shapes -> {
                      assertThat(shapes).containsOnlyKeys("ab");
                      throw UserException.data("other shapes");
                    }))
        .hasMessage("other shapes");
    assertThat(in.available()).isEqualTo(8);
  }

  @Test
  void aFileCutShortAnywhereIsRefused() {
    for (int length = 0; length < GOLDEN.length; length++) {
      byte[] cut = Arrays.copyOf(GOLDEN, length);
      assertThatThrownBy(() -> read(cut).close()).isInstanceOf(UserException.class);
      assertThatThrownBy(
              () -> Safetensors.read(new ByteArrayInputStream(cut), GOLDEN.length, "x").close())
          .isInstanceOf(UserException.class);
    }
  }

  /** Row by row. */
  private static float[] numbers(INDArray tensor) {
    return tensor.dup('c').data().asFloat();
  }

  private static byte[] write(Map<String, INDArray> tensors) throws IOException {
    return write(tensors, Map.of());
  }

  private static byte[] write(Map<String, INDArray> tensors, Map<String, String> metadata)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SortedMap<String, INDArray> sorted = new TreeMap<>(tensors);
    Safetensors.write(out, sorted, metadata);
    return out.toByteArray();
  }

  private static Weights read(byte[] file) throws IOException {
    return Safetensors.read(new ByteArrayInputStream(file), file.length, "x/weights.safetensors");
  }

  private static byte[] file(String header, float... numbers) {
    byte[] json = header.getBytes(UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(8 + json.length + 4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(json.length).put(json);
    for (float number : numbers) {
      file.putFloat(number);
    }
    return file.array();
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
