package storyloom.pipeline.train.average;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.nn.kernel.FlatFloats;

class MeanTreeTest {

  private static final int NUMBERS = 2100;

  /** What a worker has learned; without tokens it is not there. */
  private record Worker(int number, long tokens, float[] numbers) {}

  private static List<Worker> workers(int count, long seed) {
    Random random = new Random(seed);
    return IntStream.range(0, count)
        .mapToObj(
            number -> {
              float[] numbers = new float[NUMBERS];
              for (int i = 0; i < NUMBERS; i++) {
                numbers[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(9) - 4));
              }
              long tokens = random.nextInt(5) == 0 && number > 0 ? 0 : 1 + random.nextInt(9999);
              return new Worker(number, tokens, numbers);
            })
        .toList();
  }

  private static ByteBuffer bytes(float... numbers) {
    ByteBuffer bytes =
        ByteBuffer.allocate(numbers.length * Float.BYTES).order(ByteOrder.nativeOrder());
    bytes.asFloatBuffer().put(numbers);
    return bytes;
  }

  private static float[] floats(ByteBuffer bytes) {
    float[] numbers = new float[bytes.remaining() / Float.BYTES];
    bytes.duplicate().order(ByteOrder.nativeOrder()).asFloatBuffer().get(numbers);
    return numbers;
  }

  private static ByteBuffer join(MeanTree.Node<ByteBuffer> left, MeanTree.Node<ByteBuffer> right) {
    ByteBuffer mean = ByteBuffer.allocate(left.value().remaining());
    FlatFloats.mean(left.value(), left.tokens(), right.value(), right.tokens(), mean);
    return mean;
  }

  /** The nodes of some neighbours. */
  private static List<MeanTree.Node<ByteBuffer>> range(List<Worker> all, int from, int to) {
    MeanTree<ByteBuffer> tree = new MeanTree<>(from - 1, MeanTreeTest::join);
    for (Worker worker : all.subList(from, to)) {
      if (worker.tokens() > 0) {
        tree.add(new MeanTree.Node<>(worker.number(), worker.tokens(), bytes(worker.numbers())));
      }
      tree.join(worker.number() + 1 < all.size() ? worker.number() + 1 : MeanTree.NONE);
    }
    return tree.nodes();
  }

  private static float[] total(List<MeanTree.Node<ByteBuffer>> nodes) {
    MeanTree<ByteBuffer> tree = new MeanTree<>(MeanTree.NONE, MeanTreeTest::join);
    for (int i = 0; i < nodes.size(); i++) {
      tree.add(nodes.get(i));
      tree.join(i + 1 < nodes.size() ? nodes.get(i + 1).worker() : MeanTree.NONE);
    }
    return floats(tree.nodes().get(0).value());
  }

  /** By the definition: node (level, index), or null if none of its workers is there. */
  private static Worker node(List<Worker> workers, int level, int index) {
    if (level == 0) {
      Worker worker = index < workers.size() ? workers.get(index) : null;
      return worker == null || worker.tokens() == 0 ? null : worker;
    }
    Worker left = node(workers, level - 1, 2 * index);
    Worker right = node(workers, level - 1, 2 * index + 1);
    if (left == null || right == null) {
      return left == null ? right : left;
    }
    long tokens = left.tokens() + right.tokens();
    float[] mean = new float[NUMBERS];
    for (int i = 0; i < NUMBERS; i++) {
      double sum =
          (double) left.tokens() * left.numbers()[i] + (double) right.tokens() * right.numbers()[i];
      mean[i] = (float) (sum / tokens);
    }
    return new Worker(left.number(), tokens, mean);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void theSumDoesNotDependOnHowWorkersAreGrouped(int count) {
    assertSameHoweverGrouped(count, 1);
  }

  /** Every thirty-seventh of thousands of ways, which differ in all of their bits. */
  @ParameterizedTest
  @ValueSource(ints = {11, 12, 13})
  void theSumOfMoreWorkersDoesNotEither(int count) {
    assertSameHoweverGrouped(count, 37);
  }

  @ParameterizedTest
  @ValueSource(ints = {11, 12, 13})
  @Tag("soak")
  void inNoneOfAllTheirWays(int count) {
    assertSameHoweverGrouped(count, 1);
  }

  private static void assertSameHoweverGrouped(int count, int step) {
    List<Worker> workers = workers(count, count);
    float[] expected = node(workers, 4, 0).numbers();

    // bit w: a range ends behind worker w
    for (int cuts = 0; cuts < 1 << (count - 1); cuts += step) {
      List<MeanTree.Node<ByteBuffer>> nodes = new ArrayList<>();
      int from = 0;
      for (int to = 1; to <= count; to++) {
        if (to == count || (cuts >> (to - 1) & 1) == 1) {
          nodes.addAll(range(workers, from, to));
          from = to;
        }
      }

      assertThat(total(nodes)).as("cuts %x", cuts).isEqualTo(expected);
    }
  }

  @Test
  void anAlignedRangeIsOneNodeAndAnyOtherFew() {
    List<Worker> workers =
        workers(16, 1).stream().map(w -> new Worker(w.number(), 1, w.numbers())).toList();

    assertThat(range(workers, 8, 12)).hasSize(1);
    assertThat(range(workers, 0, 16)).hasSize(1);
    assertThat(range(workers, 4, 16)).extracting(MeanTree.Node::worker).containsExactly(4, 8);
    assertThat(range(workers, 3, 9)).extracting(MeanTree.Node::worker).containsExactly(3, 4, 8);
    assertThat(range(workers.subList(0, 11), 8, 11)).hasSize(1); // nobody is behind it
  }

  @Test
  void workersCountByTheirTokens() {
    ByteBuffer mean = ByteBuffer.allocate(12);

    FlatFloats.mean(bytes(1, 2, 1e38f), 30, bytes(5, -2, 3e38f), 10, mean);

    assertThat(floats(mean)).containsExactly(2, 1, 1.5e38f);
  }

  @Test
  void aSingleWorkersNumbersComeBackBitForBit() {
    Worker worker = workers(1, 3).get(0);

    assertThat(total(range(List.of(worker), 0, 1))).isEqualTo(worker.numbers());
  }

  @Test
  void theMeanOfEqualNumbersIsThatNumber() {
    float[] numbers = workers(1, 5).get(0).numbers();
    ByteBuffer mean = ByteBuffer.allocate(NUMBERS * Float.BYTES);

    FlatFloats.mean(bytes(numbers), 12_347, bytes(numbers), 1 << 28, mean);

    assertThat(floats(mean)).isEqualTo(numbers);
  }
}
