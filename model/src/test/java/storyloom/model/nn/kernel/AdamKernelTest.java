package storyloom.model.nn.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static storyloom.model.nn.kernel.KernelAgreement.FLOAT_KERNELS;
import static storyloom.model.nn.kernel.KernelAgreement.agree;
import static storyloom.model.nn.kernel.KernelAgreement.random;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Updates by Adam, and the norm that gradients are clipped by. */
class AdamKernelTest {

  private static AdamTensor tensor(Matrix[] m) {
    return new AdamTensor(m[0], m[1], m[2], m[3]);
  }

  private static List<AdamStep> steps(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(number -> AdamStep.of(0.01, 0.9, 0.999, 1e-8, number))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16, 45})
  void adamAgrees(int length) {
    int[] shape = {2, length};
    agree(
        (kernel, m) -> {
          kernel.softmax(m[3]); // a mean of squares is never negative
          for (AdamStep step : steps(3)) {
            kernel.adam(tensor(m), 0.7, step);
          }
          kernel.adamWithoutGradient(tensor(m), steps(3));
        },
        shape,
        shape,
        shape,
        shape);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16, 45})
  void updatesWithoutGradientAreThoseOfAGradientOfZeros(int length) {
    int[] shape = {2, length};
    for (Kernel kernel : FLOAT_KERNELS) {
      Matrix[] atOnce = random(DataType.FLOAT, 7, shape, shape, shape, shape);
      Matrix[] oneByOne = random(DataType.FLOAT, 7, shape, shape, shape, shape);
      kernel.softmax(atOnce[3]);
      kernel.softmax(oneByOne[3]);
      kernel.clear(oneByOne[1]);

      kernel.adamWithoutGradient(tensor(atOnce), steps(5));
      for (AdamStep step : steps(5)) {
        kernel.adam(tensor(oneByOne), 1, step);
      }

      for (int i : new int[] {0, 2, 3}) {
        assertThat(floats(atOnce[i])).isEqualTo(floats(oneByOne[i]));
      }
    }
  }

  @Test
  void momentsTooSmallForANormalFloatBecomeZero() {
    for (Kernel kernel : FLOAT_KERNELS) {
      Matrix parameters = Matrix.of(Nd4j.valueArrayOf(new long[] {1, 45}, 3f));
      Matrix gradient = Matrix.of(Nd4j.zeros(DataType.FLOAT, 1, 45));
      Matrix m = Matrix.of(Nd4j.valueArrayOf(new long[] {1, 45}, -Float.MIN_NORMAL));
      Matrix v = Matrix.of(Nd4j.valueArrayOf(new long[] {1, 45}, Float.MIN_NORMAL));

      kernel.adam(new AdamTensor(parameters, gradient, m, v), 1, steps(1).get(0));

      assertThat(floats(m)).containsOnly(0);
      assertThat(floats(v)).containsOnly(0);
      assertThat(floats(parameters)).containsOnly(3);
    }
  }

  private static float[] floats(Matrix matrix) {
    float[] all = new float[matrix.rows() * matrix.columns()];
    matrix.shaped(1, all.length).copyRow(0, all);
    return all;
  }

  @Test
  void aNormIsSummedInBlocksSoThatTheyCanBeSharedOut() {
    int length = 2 * Kernel.NORM_BLOCK + 77;
    Matrix numbers = random(DataType.FLOAT, 3, new int[] {1, length})[0];
    for (Kernel kernel : FLOAT_KERNELS) {
      double sum = 0;
      for (int from = 0; from < length; from += Kernel.NORM_BLOCK) {
        int to = Math.min(from + Kernel.NORM_BLOCK, length);
        sum += kernel.squaredNorm(numbers.columns(from, to));
      }
      assertThat(kernel.squaredNorm(numbers)).isEqualTo(sum).isCloseTo(4 * length, within(1500.0));
    }
  }

  @Test
  void aNormBeyondTheRangeOfFloatsIsStillFinite() {
    Matrix numbers = Matrix.of(Nd4j.valueArrayOf(new long[] {1, 40}, 1e30f));

    assertThat(new VectorKernel(Gemm.OpenBlas.INSTANCE).squaredNorm(numbers))
        .isCloseTo(4e61, within(1e55));
  }

  @Test
  void adamAndTheNormAreTheSameOnAnyNumberOfThreads() {
    int[] shape = {1, 2 * Kernel.NORM_BLOCK + 77};
    List<float[]> updates = new ArrayList<>();
    List<Double> norms = new ArrayList<>();
    for (int threads = 1; threads <= 3; threads++) {
      NativeThreads.set(threads);
      Matrix[] m = random(DataType.FLOAT, 3, shape, shape, shape, shape);
      Kernel kernel = Kernel.of(m[0]);
      norms.add(kernel.squaredNorm(m[1]));
      kernel.softmax(m[3]);
      kernel.adam(tensor(m), 0.5, steps(1).get(0));
      kernel.adamWithoutGradient(tensor(m), steps(2));
      updates.add(floats(m[0]));
    }
    NativeThreads.set(1);

    assertThat(norms).containsOnly(norms.get(0));
    assertThat(updates.get(1)).containsExactly(updates.get(0));
    assertThat(updates.get(2)).containsExactly(updates.get(0));
  }
}
