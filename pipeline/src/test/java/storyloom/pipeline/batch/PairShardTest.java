package storyloom.pipeline.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.UserException;

class PairShardTest {

  private static final List<EncodedPair> SMALL =
      List.of(
          new EncodedPair(new int[] {5}, new int[] {6, 7}),
          new EncodedPair(new int[] {8, 9, 10}, new int[] {Integer.MAX_VALUE}));

  @Test
  void pairsComeBackInOrder() throws IOException {
    PairShard shard = read(bytes(SMALL));

    assertThat(shard.size()).isEqualTo(2);
    assertThat(shard.prompt(0)).containsExactly(5);
    assertThat(shard.story(0)).containsExactly(6, 7);
    assertThat(shard.prompt(1)).containsExactly(8, 9, 10);
    assertThat(shard.story(1)).containsExactly(Integer.MAX_VALUE);
    assertThat(shard.promptLength(1)).isEqualTo(3);
    assertThat(shard.storyLength(0)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1023, 1024, 1025, 2048, 3000})
  void shardsOfAnyNumberOfPairsComeBack(int size) throws IOException {
    Random random = new Random(1);
    List<EncodedPair> pairs =
        Stream.generate(() -> new EncodedPair(ids(random, 20), ids(random, 60)))
            .limit(size)
            .toList();
    PairShard.Builder builder = new PairShard.Builder();
    pairs.forEach(builder::add);

    for (PairShard shard : List.of(read(bytes(pairs)), builder.build())) {
      assertThat(shard.size()).isEqualTo(size);
      for (int pair = 0; pair < size; pair++) {
        assertThat(shard.prompt(pair)).isEqualTo(pairs.get(pair).prompt());
        assertThat(shard.story(pair)).isEqualTo(pairs.get(pair).story());
        assertThat(shard.promptLength(pair)).isEqualTo(pairs.get(pair).prompt().length);
        assertThat(shard.storyLength(pair)).isEqualTo(pairs.get(pair).story().length);
      }
    }
  }

  @Test
  void theFileHasThisLayout() throws IOException {
    ByteBuffer file = ByteBuffer.wrap(bytes(SMALL)).order(ByteOrder.LITTLE_ENDIAN);
    int[] head = {0x48534C53, 2, 2, 0, 1, 3, 6, 7};
    int[] ids = {5, 6, 7, 8, 9, 10, Integer.MAX_VALUE};

    assertThat(ints(file, head.length)).isEqualTo(head);
    assertThat(file.getInt()).isEqualTo(checksum(head));
    assertThat(ints(file, ids.length)).isEqualTo(ids);
    assertThat(file.getInt())
        .isEqualTo(checksum(IntStream.concat(IntStream.of(head), IntStream.of(ids)).toArray()));
    assertThat(file.hasRemaining()).isFalse();
  }

  @Test
  void aBlockIsWrittenAsSoonAsItIsFull() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ShardFile.Writer writer = new ShardFile.Writer(out);
    for (int pair = 0; pair < 1024; pair++) {
      writer.add(SMALL.get(0));
    }

    assertThat(out.size()).isEqualTo((2 + 1 + 2049 + 1 + 3 * 1024 + 1) * Integer.BYTES);
  }

  @Test
  void everyChangedBitIsNoticed() throws IOException {
    byte[] whole = bytes(SMALL);
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] damaged = whole.clone();
      damaged[bit / 8] ^= (byte) (1 << (bit % 8));
      assertRefused(damaged);
    }
  }

  @Test
  void blocksThatHaveChangedPlacesAreNoticed() throws IOException {
    List<EncodedPair> pairs = new ArrayList<>(Collections.nCopies(1024, SMALL.get(0)));
    pairs.addAll(Collections.nCopies(1024, new EncodedPair(new int[] {8}, new int[] {9, 10})));
    byte[] whole = bytes(pairs);
    int head = 2 * Integer.BYTES;
    int block = (1 + 2049 + 1 + 3 * 1024 + 1) * Integer.BYTES;
    byte[] swapped = whole.clone();
    System.arraycopy(whole, head, swapped, head + block, block);
    System.arraycopy(whole, head + block, swapped, head, block);
    byte[] repeated = whole.clone();
    System.arraycopy(whole, head, repeated, head + block, block);

    assertRefused(swapped);
    assertRefused(repeated);
  }

  @Test
  void everyTruncationIsNoticed() throws IOException {
    byte[] whole = bytes(SMALL);
    for (int length = 0; length < whole.length; length++) {
      assertRefused(Arrays.copyOf(whole, length));
    }
    assertRefused(Arrays.copyOf(whole, whole.length + 1));
  }

  @Test
  void aShardOfAnotherVersionIsRefusedAsSuch() throws IOException {
    byte[] older = bytes(SMALL);
    older[Integer.BYTES] = 1;

    assertThatThrownBy(() -> read(older))
        .hasMessage(
            "x.bin has version 1, this program reads version 2; delete its folder and run again");
  }

  @Test
  void aPairNeedsBothSides() {
    assertThatThrownBy(() -> new EncodedPair(new int[0], new int[] {4}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void assertRefused(byte[] bytes) {
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("x.bin ")
        .hasMessageContaining("delete its folder");
  }

  private static int[] ints(ByteBuffer file, int count) {
    return IntStream.range(0, count).map(i -> file.getInt()).toArray();
  }

  private static int checksum(int[] ints) {
    ByteBuffer bytes =
        ByteBuffer.allocate(ints.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(ints);
    CRC32C checksum = new CRC32C();
    checksum.update(bytes);
    return (int) checksum.getValue();
  }

  private static byte[] bytes(List<EncodedPair> pairs) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ShardFile.Writer writer = new ShardFile.Writer(out);
    for (EncodedPair pair : pairs) {
      writer.add(pair);
    }
    writer.end();
    return out.toByteArray();
  }

  private static PairShard read(byte[] bytes) throws IOException {
    List<PairShard.Block> blocks = new ArrayList<>();
    ShardFile.read(new ByteArrayInputStream(bytes), "x.bin", blocks::add);
    return new PairShard(blocks);
  }

  private static int[] ids(Random random, int most) {
    return random.ints(1 + random.nextInt(most), 4, 20_000).toArray();
  }
}
