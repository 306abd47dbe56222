package storyloom.model.nn.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Whether kernels that compute in float agree with plain loops in double. */
final class KernelAgreement {

  /** The kernels that compute in float. */
  static final List<Kernel> FLOAT_KERNELS =
      List.of(
          new VectorKernel(Gemm.OpenBlas.INSTANCE),
          new ScalarKernel(Gemm.OpenBlas.INSTANCE),
          new FloatKernel(Gemm.OpenBlas.INSTANCE));

  /**
   * Matrices of numbers that floats hold.
   *
   * @param shapes of each, rows and columns
   */
  static Matrix[] random(DataType type, long seed, int[]... shapes) {
    Random random = new Random(seed);
    Matrix[] matrices = new Matrix[shapes.length];
    for (int i = 0; i < shapes.length; i++) {
      double[] numbers = new double[shapes[i][0] * shapes[i][1]];
      for (int n = 0; n < numbers.length; n++) {
        numbers[n] = (float) (random.nextGaussian() * 2);
      }
      INDArray array =
          Nd4j.create(numbers, new long[] {shapes[i][0], shapes[i][1]}, 'c').castTo(type);
      matrices[i] = Matrix.of(array);
    }
    return matrices;
  }

  /** Sees that work ends in the same numbers, but for rounding, with every kernel. */
  static void agree(BiConsumer<Kernel, Matrix[]> work, int[]... shapes) {
    Matrix[] expected = random(DataType.DOUBLE, 7, shapes);
    work.accept(DoubleKernel.INSTANCE, expected);
    for (Kernel kernel : FLOAT_KERNELS) {
      Matrix[] actual = random(DataType.FLOAT, 7, shapes);
      work.accept(kernel, actual);
      for (int i = 0; i < shapes.length; i++) {
        assertClose(actual[i], expected[i]);
      }
    }
  }

  private static void assertClose(Matrix actual, Matrix expected) {
    for (int r = 0; r < expected.rows(); r++) {
      for (int c = 0; c < expected.columns(); c++) {
        double wanted = expected.get(r, c);
        assertThat(actual.get(r, c))
            .isCloseTo(wanted, within(2e-6 * Math.max(1, Math.abs(wanted))));
      }
    }
  }

  private KernelAgreement() {}
}
