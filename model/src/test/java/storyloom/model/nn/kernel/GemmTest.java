package storyloom.model.nn.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.bytedeco.dnnl.memory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Every library that multiplies agrees with sums in double, on views with gaps as well. */
class GemmTest {

  private static final int M = 33;
  private static final int N = 65;
  private static final int K = 40;

  static List<Arguments> products() {
    Arguments openBlas = Arguments.of("OpenBLAS", Gemm.OpenBlas.INSTANCE, 1e-4);
    if (!Gemm.OneDnn.fits()) {
      return List.of(openBlas);
    }
    Gemm oneDnn = Gemm.OneDnn.orOpenBlas();
    return List.of(
        openBlas,
        Arguments.of("oneDNN", oneDnn, 1e-4),
        Arguments.of(
            "oneDNN, factors laid out anew", new RoundedFactors(memory.data_type.f32), 1e-4),
        Arguments.of(
            "bfloat16 where there is any",
            RoundedFactors.toBfloat16Or(oneDnn),
            RoundedFactors.hasBfloat16() ? 0.3 : 1e-4));
  }

  /** A view of some columns of a wider matrix. */
  private static Matrix random(long seed, int rows, int columns) {
    Random random = new Random(seed);
    float[] numbers = new float[rows * (columns + 3)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    Matrix wide = Matrix.of(Nd4j.create(numbers, new long[] {rows, columns + 3}, 'c'));
    return wide.columns(2, columns + 2);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("products")
  void productsAreThoseOfTheDefinition(String name, Gemm gemm, double tolerance) {
    for (int turns = 0; turns < 4; turns++) {
      boolean transA = turns % 2 == 1;
      boolean transB = turns > 1;
      Matrix a = transA ? random(1, K, M) : random(1, M, K);
      Matrix b = transB ? random(2, N, K) : random(2, K, N);
      for (float keep : new float[] {0, 1, 0.5f}) {
        Matrix before = random(3, M, N);
        Matrix c = random(3, M, N);

        gemm.multiply(a, transA, b, transB, keep, c);

        for (int i = 0; i < M; i++) {
          for (int j = 0; j < N; j++) {
            double sum = keep * before.get(i, j);
            for (int k = 0; k < K; k++) {
              sum += (transA ? a.get(k, i) : a.get(i, k)) * (transB ? b.get(j, k) : b.get(k, j));
            }
            assertThat(c.get(i, j)).isCloseTo(sum, within(tolerance));
          }
        }
      }
    }
  }

  @Test
  void withoutBfloat16InTheProcessorProductsStayInFloat() {
    Gemm floats = Gemm.OneDnn.orOpenBlas();

    Gemm chosen = RoundedFactors.toBfloat16Or(floats);

    assertThat(chosen == floats).isEqualTo(!RoundedFactors.hasBfloat16());
    assertThat(RoundedFactors.toBfloat16Or(Gemm.OpenBlas.INSTANCE))
        .isSameAs(Gemm.OpenBlas.INSTANCE);
  }

  @Test
  void doublesAreNeverRounded() {
    Matrix doubles = Matrix.of(Nd4j.create(DataType.DOUBLE, 2, 2));

    assertThat(Kernel.of(doubles, true)).isSameAs(Kernel.of(doubles));
  }
}
