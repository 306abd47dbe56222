package storyloom.pipeline.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import storyloom.model.UserException;

class PairShardTest {

  private static final PairShard SMALL =
      new PairShard.Builder()
          .add(new EncodedPair(new int[] {5}, new int[] {6, 7}))
          .add(new EncodedPair(new int[] {8, 9, 10}, new int[] {Integer.MAX_VALUE}))
          .build();

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
    assertThat(shard.ids()).isEqualTo(7);
  }

  @Test
  void aShardWithoutPairsComesBackEmpty() throws IOException {
    assertThat(read(bytes(new PairShard.Builder().build())).size()).isZero();
  }

  @Test
  void aShardOfManyBlocksComesBack() throws IOException {
    Random random = new Random(1);
    PairShard.Builder builder = new PairShard.Builder();
    for (int pair = 0; pair < 3000; pair++) {
      builder.add(new EncodedPair(ids(random, 20), ids(random, 60)));
    }
    PairShard shard = builder.build();

    PairShard read = read(bytes(shard));

    assertThat(read.size()).isEqualTo(3000);
    for (int pair = 0; pair < 3000; pair++) {
      assertThat(read.prompt(pair)).isEqualTo(shard.prompt(pair));
      assertThat(read.story(pair)).isEqualTo(shard.story(pair));
    }
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
  void everyTruncationIsNoticed() throws IOException {
    byte[] whole = bytes(SMALL);
    for (int length = 0; length < whole.length; length++) {
      assertRefused(Arrays.copyOf(whole, length));
    }
    assertRefused(Arrays.copyOf(whole, whole.length + 1));
  }

  @Test
  void aShardOfAnotherVersionIsRefusedAsSuch() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ChecksummedInts.Writer writer = new ChecksummedInts.Writer(out);
    writer.put(0x48534C53, 2, 0, 0);
    writer.putChecksum();

    assertThatThrownBy(() -> read(out.toByteArray()))
        .hasMessage(
            "x.bin has version 2, this program reads version 1; delete its folder and run again");
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

  private static byte[] bytes(PairShard shard) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    shard.write(out);
    return out.toByteArray();
  }

  private static PairShard read(byte[] bytes) throws IOException {
    return PairShard.read(new ByteArrayInputStream(bytes), "x.bin");
  }

  private static int[] ids(Random random, int most) {
    return random.ints(1 + random.nextInt(most), 4, 20_000).toArray();
  }
}
