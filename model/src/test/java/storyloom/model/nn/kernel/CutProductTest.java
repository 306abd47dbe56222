package storyloom.model.nn.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.bytedeco.dnnl.memory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.factory.Nd4j;
import storyloom.model.nn.kernel.Kernel.Side;

/** Products large enough to be cut: right, and of the same bits on one to four threads. */
class CutProductTest {

  /** Shapes m, n, k that are cut by columns, by rows, by sums, and sizes that do not divide. */
  private static final int[][] SHAPES = {
    {64, 1000, 256}, {300, 320, 250}, {1500, 120, 200}, {130, 100, 3000}, {1, 5003, 512},
  };

  @AfterEach
  void backToOne() {
    NativeThreads.set(1);
  }

  private static List<Gemm> libraries() {
    Gemm oneDnn = Gemm.OneDnn.orOpenBlas();
    return List.of(
        oneDnn,
        Gemm.OpenBlas.INSTANCE,
        new RoundedFactors(memory.data_type.f32),
        RoundedFactors.toBfloat16Or(oneDnn));
  }

  static Stream<Arguments> products() {
    return libraries().stream()
        .flatMap(
            library ->
                Stream.of(SHAPES)
                    .flatMap(
                        shape ->
                            Stream.of(Side.values())
                                .flatMap(
                                    a ->
                                        Stream.of(Side.values())
                                            .map(b -> Arguments.of(library, shape, a, b)))));
  }

  private static Matrix random(long seed, Side side, int rows, int columns) {
    return side == Side.PLAIN ? random(seed, rows, columns) : random(seed, columns, rows);
  }

  private static Matrix random(long seed, int rows, int columns) {
    Random random = new Random(seed);
    float[] numbers = new float[rows * columns];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = random.nextFloat() - 0.5f;
    }
    return Matrix.of(Nd4j.create(numbers, new long[] {rows, columns}, 'c'));
  }

  private static float[] numbers(Matrix matrix) {
    float[] numbers = new float[matrix.rows() * matrix.columns()];
    matrix.floats().get(0, numbers);
    return numbers;
  }

  @ParameterizedTest
  @MethodSource("products")
  void theNumberOfThreadsLeavesNoTrace(Gemm library, int[] shape, Side sideOfA, Side sideOfB) {
    Matrix a = random(1, sideOfA, shape[0], shape[2]);
    Matrix b = random(2, sideOfB, shape[2], shape[1]);
    Kernel kernel = new ThreadedKernel(new ScalarKernel(library));
    float[] onOne = null;
    for (int threads = 1; threads <= 4; threads++) {
      NativeThreads.set(threads);
      Matrix c = random(3, shape[0], shape[1]);

      kernel.multiply(a, sideOfA, b, sideOfB, 0.5, c);

      onOne = onOne == null ? numbers(c) : onOne;
      assertThat(numbers(c)).as("%d threads", threads).isEqualTo(onOne);
    }
  }

  @ParameterizedTest
  @MethodSource("products")
  void piecesMakeUpTheWholeProduct(Gemm library, int[] shape, Side sideOfA, Side sideOfB) {
    Matrix a = random(1, sideOfA, shape[0], shape[2]);
    Matrix b = random(2, sideOfB, shape[2], shape[1]);
    Matrix whole = random(3, shape[0], shape[1]);
    Matrix c = random(3, shape[0], shape[1]);
    Kernel kernel = new ScalarKernel(library);

    kernel.multiply(a, sideOfA, b, sideOfB, 0.5, whole);
    new CutProduct(kernel).multiply(a, sideOfA, b, sideOfB, 0.5, c);

    double squares = 0;
    for (int row = 0; row < c.rows(); row++) {
      for (int column = 0; column < c.columns(); column++) {
        squares += Math.pow(c.get(row, column) - whole.get(row, column), 2);
      }
    }
    assertThat(squares / kernel.squaredNorm(c)).isLessThan(1e-4);
  }
}
