package storyloom.model.decode.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.factory.Nd4j;
import storyloom.model.decode.network.PromptAttention.EncodedPrompt;
import storyloom.model.nn.config.AttentionKind;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.kernel.Precision;
import storyloom.model.nn.layer.CopyWords;

class StepFeaturesTest {

  private static final float[][] SHORT = {{1, 0}, {0, 2}};
  private static final float[][] LONG = {{3, 1}, {0, 0}, {-1, 0.5f}};
  private static final float[][] STATES = {{1, 0.5f}, {0.2f, -1}, {0, 3}};

  private static final float[][] WEIGHT = {{0.5f, -1}, {2, 0.3f}};
  private static final float[][] QUERY = {{1, 0.2f}, {-0.4f, 0.7f}};
  private static final float[][] KEY = {{0.3f, -0.6f}, {0.9f, 0.1f}};
  private static final float[][] VECTOR = {{1.5f, -2}};

  private static double score(AttentionKind kind, float[] d, float[] e) {
    double[] q = times(d, QUERY);
    double[] k = times(e, KEY);
    double[] w = times(d, WEIGHT);
    return switch (kind) {
      case DOT -> d[0] * e[0] + d[1] * e[1];
      case GENERAL -> w[0] * e[0] + w[1] * e[1];
      case ADDITIVE ->
          VECTOR[0][0] * Math.tanh(q[0] + k[0]) + VECTOR[0][1] * Math.tanh(q[1] + k[1]);
      case NONE -> throw new IllegalArgumentException("there is no score without attention");
    };
  }

  private static double[] times(float[] row, float[][] matrix) {
    return new double[] {
      row[0] * matrix[0][0] + row[1] * matrix[1][0], row[0] * matrix[0][1] + row[1] * matrix[1][1]
    };
  }

  private static double[] softmax(AttentionKind kind, float[] state, float[][] outputs) {
    double[] powers =
        Arrays.stream(outputs).mapToDouble(e -> Math.exp(score(kind, state, e))).toArray();
    double sum = Arrays.stream(powers).sum();
    return Arrays.stream(powers).map(power -> power / sum).toArray();
  }

  private static Matrix matrix(float[][] numbers) {
    return Matrix.of(Nd4j.createFromArray(numbers));
  }

  private static PromptAttention attention(AttentionKind kind) {
    return PromptAttention.of(
        kind,
        Map.of(
            "attention.weight", Nd4j.createFromArray(WEIGHT),
            "attention.query_weight", Nd4j.createFromArray(QUERY),
            "attention.key_weight", Nd4j.createFromArray(KEY),
            "attention.vector", Nd4j.createFromArray(VECTOR)),
        Precision.FLOAT32);
  }

  private static EncodedPrompt encoded(
      int[] ids, float[][] outputs, PromptAttention attention, MatrixPool pool) {
    return EncodedPrompt.of(
        CopyWords.of(List.of(), ids), matrix(outputs), attention, new MatrixArena(pool));
  }

  private static StepFeatures features(PromptAttention attention, MatrixArena arena) {
    return new StepFeatures(attention, 2, LONG.length, STATES.length, arena);
  }

  @ParameterizedTest
  @EnumSource(names = {"DOT", "GENERAL", "ADDITIVE"})
  void eachRowLooksAtItsOwnPromptByTheKindOfAttention(AttentionKind kind) {
    PromptAttention attention = attention(kind);
    try (MatrixPool pool = new MatrixPool();
        MatrixArena arena = new MatrixArena(pool);
        EncodedPrompt first = encoded(new int[] {4, 5}, SHORT, attention, pool);
        EncodedPrompt second = encoded(new int[] {4, 5, 4}, LONG, attention, pool)) {
      StepFeatures features = features(attention, arena);

      Matrix context = features.of(matrix(STATES), List.of(second, first, second))[1];

      for (int row = 0; row < STATES.length; row++) {
        float[][] prompt = row == 1 ? SHORT : LONG;
        double[] expected = softmax(kind, STATES[row], prompt);
        float[] weights = features.weights(row, row == 1 ? first : second);
        assertThat(weights).hasSize(prompt.length);
        double drawn = 0;
        for (int s = 0; s < prompt.length; s++) {
          assertThat((double) weights[s]).isCloseTo(expected[s], within(1e-5));
          drawn += expected[s] * prompt[s][0];
        }
        assertThat(context.get(row, 0)).isCloseTo(drawn, within(1e-5));
      }
    }
  }

  @Test
  void withoutAttentionThereIsNothingToLookAt() {
    PromptAttention attention = attention(AttentionKind.NONE);
    try (MatrixPool pool = new MatrixPool();
        MatrixArena arena = new MatrixArena(pool);
        EncodedPrompt prompt = encoded(new int[] {4, 5, 4}, LONG, attention, pool)) {
      StepFeatures features = features(attention, arena);

      assertThat(features.of(matrix(STATES), List.of(prompt, prompt, prompt))).hasSize(1);
      assertThat(features.weights(0, prompt)).isEmpty();
    }
  }
}
