package storyloom.model.nn.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One query at a time draws what the equations say, to the same bits with vectors and without. */
class QueryAttentionTest {

  private static final int LAYERS = 2;
  private static final int LAYER = 1;

  private final Random random = new Random(3);

  private float[] random(int size) {
    float[] numbers = new float[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = 2 * random.nextFloat() - 1;
    }
    return numbers;
  }

  @ParameterizedTest
  @CsvSource({"1, 2, 1", "2, 8, 31", "4, 64, 32", "4, 256, 33", "3, 120, 100"})
  void aQueryDrawsTheWeightedMeanOfValues(int heads, int width, int tokens) {
    List<KeyValueBlock> blocks = blocks(width);
    float[][] keys = new float[tokens][];
    float[][] values = new float[tokens][];
    for (int t = 0; t < tokens; t++) {
      keys[t] = random(width);
      values[t] = random(width);
      QueryAttention.remember(blocks, LAYER, t, keys[t], values[t]);
    }
    float[] query = random(width);
    QueryAttention loops = new QueryAttention(heads, width, new LoopQueryProducts());
    QueryAttention vectors = new QueryAttention(heads, width, new VectorQueryProducts());
    float[] weights = new float[loops.scratch(tokens)];
    float[] context = new float[width];
    float[] byVectors = new float[width];
    vectors.attend(query, blocks, LAYER, tokens, weights, byVectors);
    loops.attend(query, blocks, LAYER, tokens, weights, context);

    assertThat(byVectors).isEqualTo(context);
    double[] mean = new double[tokens];
    for (int head = 0; head < heads; head++) {
      int size = width / heads;
      double[] share = shares(query, keys, head * size, size);
      for (int i = head * size; i < (head + 1) * size; i++) {
        double drawn = 0;
        for (int t = 0; t < tokens; t++) {
          drawn += share[t] * values[t][i];
        }
        assertThat((double) context[i]).isCloseTo(drawn, within(1e-5));
      }
      for (int t = 0; t < tokens; t++) {
        mean[t] += share[t] / heads;
      }
    }
    float[] found = loops.mean(weights, tokens);
    for (int t = 0; t < tokens; t++) {
      assertThat((double) found[t]).isCloseTo(mean[t], within(1e-5));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 5", "31, 33", "32, 40", "33, 100", "70, 71"})
  void whatStandsBeforeTheFirstTokenIsNotSeen(int first, int tokens) {
    int width = 8;
    QueryAttention attention = new QueryAttention(2, width);
    List<KeyValueBlock> all = blocks(width);
    List<KeyValueBlock> others = blocks(width);
    List<KeyValueBlock> seen = blocks(width);
    for (int t = 0; t < tokens; t++) {
      float[] key = random(width);
      float[] value = random(width);
      QueryAttention.remember(all, LAYER, t, key, value);
      if (t >= first) {
        QueryAttention.remember(others, LAYER, t, key, value);
        QueryAttention.remember(seen, LAYER, t - first, key, value);
      } else {
        QueryAttention.remember(others, LAYER, t, random(width), random(width));
      }
    }
    float[] query = random(width);

    float[] drawn = drawn(attention, query, all, first, tokens);

    assertThat(drawn(attention, query, others, first, tokens)).isEqualTo(drawn);
    float[] ofThese = drawn(attention, query, seen, 0, tokens - first);
    for (int i = 0; i < width; i++) {
      assertThat(drawn[i]).isCloseTo(ofThese[i], within(1e-6f));
    }
  }

  private static List<KeyValueBlock> blocks(int width) {
    return IntStream.range(0, 4).mapToObj(i -> new KeyValueBlock(LAYERS, width)).toList();
  }

  private static float[] drawn(
      QueryAttention attention, float[] query, List<KeyValueBlock> blocks, int first, int tokens) {
    float[] context = new float[query.length];
    float[] scratch = new float[attention.scratch(tokens)];
    attention.attend(query, blocks, LAYER, first, tokens, scratch, context);
    return context;
  }

  private static double[] shares(float[] query, float[][] keys, int from, int size) {
    double[] share = new double[keys.length];
    double sum = 0;
    for (int t = 0; t < keys.length; t++) {
      for (int i = from; i < from + size; i++) {
        share[t] += query[i] * keys[t][i];
      }
      share[t] = Math.exp(share[t]);
      sum += share[t];
    }
    for (int t = 0; t < keys.length; t++) {
      share[t] /= sum;
    }
    return share;
  }
}
