package storyloom.model.nn.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class FlatFloatsTest {

  @Test
  void slicesTravelAsTheyAre() {
    INDArray from = Nd4j.createFromArray(new float[] {1.5f, -2, 3e-30f, 4, 5});
    INDArray to = Nd4j.zeros(DataType.FLOAT, 5);

    FlatFloats.write(FlatFloats.read(from, 1, 3), to, 2);

    assertThat(to.data().asFloat()).containsExactly(0, 0, -2, 3e-30f, 4);
  }

  @Test
  void aSliceBeyondTheEndIsRefused() {
    assertThatThrownBy(() -> FlatFloats.read(Nd4j.zeros(DataType.FLOAT, 5), 3, 3))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("numbers 3 to 6 of 5");
  }

  @Test
  void vectorsAndLoopsGiveTheSameMeanBitForBit() {
    float[] left = anything(1);
    float[] right = anything(2);
    float[] expected = left.clone();

    FlatFloats.mean(expected, 1234, right, 98_765);
    FlatVectors.mean(left, 1234, right, 98_765);

    assertThat(left).isEqualTo(expected);
  }

  @Test
  void vectorsAndLoopsTakeTheSameStepBitForBit() {
    float[] state = anything(1);
    float[] velocity = anything(2);
    float[] mean = anything(3);
    float[] expected = state.clone();
    float[] expectedVelocity = velocity.clone();
    VelocityStep step = new VelocityStep(0.875, 1, 0.7, 1, 0.875);

    FlatFloats.step(expected, expectedVelocity, mean, step);
    FlatVectors.step(state, velocity, mean, step);

    assertThat(state).isEqualTo(expected);
    assertThat(velocity).isEqualTo(expectedVelocity);
  }

  /** Denormals, infinities and NaN as well. */
  private static float[] anything(int seed) {
    Random random = new Random(seed);
    float[] numbers = new float[2048];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Float.intBitsToFloat(random.nextInt());
    }
    return numbers;
  }
}
