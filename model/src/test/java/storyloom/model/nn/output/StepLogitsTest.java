package storyloom.model.nn.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;

class StepLogitsTest {

  private static final int ROWS = 3;
  private static final int VOCABULARY = 1300;

  private static Matrix random(long seed, int rows) {
    Random random = new Random(seed);
    float[][] numbers = new float[rows][VOCABULARY];
    for (float[] row : numbers) {
      for (int i = 0; i < row.length; i++) {
        row[i] = (float) (6 * random.nextGaussian());
      }
    }
    return Matrix.of(Nd4j.createFromArray(numbers));
  }

  private static void assertKnown(StepLogits logits, Matrix numbers) {
    double[] logSums = Kernel.of(numbers).logSums(numbers);
    for (int row = 0; row < ROWS; row++) {
      assertThat(logits.logSum(row)).isCloseTo(logSums[row], within(1e-5));
      for (int stretch = 0; stretch < 3; stretch++) {
        int from = stretch * StepLogits.STRETCH;
        Matrix some = numbers.columns(from, Math.min(from + StepLogits.STRETCH, VOCABULARY));
        double expected = Kernel.of(numbers).largest(some)[row];
        assertThat(logits.largest(row)[stretch]).isEqualTo((float) expected);
      }
    }
  }

  @Test
  void stretchesAreKnownInWhateverOrderTheyCome() {
    Matrix numbers = random(1, ROWS);
    Matrix before = random(1, ROWS);
    Matrix bias = random(2, 1);
    StepLogits logits = new StepLogits(numbers);
    logits.addBias(Kernel.of(numbers), bias, 1024, VOCABULARY);
    logits.addBias(Kernel.of(numbers), bias, 0, 1024);

    assertKnown(logits, numbers);
    for (int id : new int[] {0, 511, 512, 1299}) {
      float sum = (float) before.get(2, id) + (float) bias.get(0, id);
      assertThat(logits.numbers().get(2, id)).isEqualTo(sum);
    }
  }

  @Test
  void logitsThatAreThereKeepTheirLogSums() {
    Matrix numbers = random(3, ROWS);
    Kernel kernel = Kernel.of(numbers);

    assertKnown(StepLogits.of(kernel, numbers, kernel.logSums(numbers)), numbers);
    StepLogits raised = StepLogits.of(kernel, numbers, new double[] {1, 2, 3});
    assertThat(raised.logSum(1)).isEqualTo(2);
  }
}
