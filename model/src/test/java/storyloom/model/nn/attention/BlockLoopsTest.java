package storyloom.model.nn.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import storyloom.model.nn.kernel.Matrix;

/** The fast loops do what the plain ones do, which the gradient checks hold to the equations. */
class BlockLoopsTest {

  private static final int ROWS = 7;

  private static Matrix random(int seed, int rows, int columns, double size) {
    Nd4j.getRandom().setSeed(seed);
    return Matrix.of(Nd4j.rand(DataType.FLOAT, rows, columns).subi(0.5).muli(2 * size).dup('c'));
  }

  private static Matrix copy(Matrix matrix) {
    INDArray copy = Nd4j.create(DataType.FLOAT, new long[] {matrix.rows(), matrix.columns()}, 'c');
    Matrix same = Matrix.of(copy);
    for (int row = 0; row < matrix.rows(); row++) {
      for (int i = 0; i < matrix.columns(); i++) {
        same.set(row, i, matrix.get(row, i));
      }
    }
    return same;
  }

  /** Runs all on copies of some matrices, all of which must be the same afterwards. */
  private static void assertAgree(BiConsumer<BlockLoops, Matrix[]> loop, Matrix... matrices) {
    assertAgree(new FloatBlockLoops(), loop, matrices);
    assertAgree(new VectorBlockLoops(), loop, matrices);
  }

  private static void assertAgree(
      BlockLoops fast, BiConsumer<BlockLoops, Matrix[]> loop, Matrix... matrices) {
    Matrix[] expected = new Matrix[matrices.length];
    Matrix[] actual = new Matrix[matrices.length];
    for (int i = 0; i < matrices.length; i++) {
      expected[i] = copy(matrices[i]);
      actual[i] = copy(matrices[i]);
    }
    loop.accept(DoubleBlockLoops.INSTANCE, expected);
    loop.accept(fast, actual);
    for (int i = 0; i < matrices.length; i++) {
      for (int row = 0; row < matrices[i].rows(); row++) {
        for (int j = 0; j < matrices[i].columns(); j++) {
          double number = expected[i].get(row, j);
          assertThat(actual[i].get(row, j))
              .as("matrix %d [%d,%d]", i, row, j)
              .isCloseTo(number, within(1e-5 * Math.max(1, Math.abs(number))));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 6, 16, 37, 64})
  void normsAndTheirGradientsAgree(int width) {
    Matrix x = random(1, ROWS, width, 3);
    Matrix gain = random(2, 1, width, 1);
    Matrix bias = random(3, 1, width, 1);
    Matrix dy = random(4, ROWS, width, 1);

    assertAgree((loops, m) -> loops.norm(m[0], m[1], m[2], m[3]), x, gain, bias, copy(x));
    assertAgree(
        (loops, m) -> loops.normBackward(m[0], m[1], m[2], m[3], m[4], m[5]),
        x,
        gain,
        dy,
        random(5, 1, width, 1),
        random(6, 1, width, 1),
        random(7, ROWS, width, 1));
  }

  @ParameterizedTest
  @CsvSource({"1, 0.5", "16, 3", "37, 12", "64, 90"})
  void gelusAndTheirGradientsAgree(int width, double size) {
    Matrix z = random(1, ROWS, width, size);

    assertAgree((loops, m) -> loops.gelu(m[0], m[1]), z, copy(z));
    assertAgree(
        (loops, m) -> loops.geluBackward(m[0], m[1], m[2]), z, copy(z), random(2, ROWS, width, 1));
  }

  @ParameterizedTest
  @CsvSource({"1, 2, 0", "2, 4, 3", "4, 64, 0", "3, 20, 700"})
  void turnsAgreeAndAreUndoneByTheirReverse(int heads, int size, int first) {
    Matrix x = random(1, ROWS, heads * size, 1);

    assertAgree((loops, m) -> loops.rotate(m[0], heads, first, false, 0.3), x);
    assertAgree((loops, m) -> loops.rotate(m[0], heads, first, true, 2), x);
    Matrix turned = copy(x);
    BlockLoops.FLOATS.rotate(turned, heads, first, false, 0.5);
    BlockLoops.FLOATS.rotate(turned, heads, first, true, 2);
    for (int i = 0; i < x.columns(); i++) {
      assertThat(turned.get(ROWS - 1, i)).isCloseTo(x.get(ROWS - 1, i), within(1e-5));
    }
  }

  @Test
  void innerProductsOfTurnedVectorsDependOnTheirDistanceAlone() {
    for (int first : new int[] {0, 5, 190}) {
      Matrix x = random(1, 4, 16, 1);
      for (int row = 0; row < x.rows(); row++) {
        for (int i = 0; i < 16; i++) {
          x.set(row, i, x.get(0, i)); // the same vector everywhere
        }
      }
      BlockLoops.FLOATS.rotate(x, 2, first, false, 1);
      double near = 0;
      double alsoNear = 0;
      for (int i = 0; i < 16; i++) {
        near += x.get(0, i) * x.get(2, i);
        alsoNear += x.get(1, i) * x.get(3, i);
      }
      assertThat(alsoNear).isCloseTo(near, within(1e-5));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void softmaxesAndTheirGradientsAgree(boolean causal) {
    Matrix scores = random(1, ROWS, ROWS, 20);
    assertAgree((loops, m) -> loops.softmax(m[0], causal), scores);
    assertAgree((loops, m) -> loops.softmax(m[0], causal), random(3, 37, 37, 5));
    assertAgree((loops, m) -> loops.softmax(m[0], causal), random(4, 3, 48, 90));

    Matrix weights = copy(scores);
    DoubleBlockLoops.INSTANCE.softmax(weights, causal);
    assertAgree((loops, m) -> loops.softmaxBackward(m[0], m[1]), weights, random(2, ROWS, ROWS, 1));
  }

  @Test
  void nothingThatComesLaterIsSeenByACausalSoftmax() {
    Matrix scores = random(1, ROWS, ROWS, 20);
    BlockLoops.FLOATS.softmax(scores, true);

    for (int row = 0; row < ROWS; row++) {
      for (int i = row + 1; i < ROWS; i++) {
        assertThat(scores.get(row, i)).isZero();
      }
    }
    assertThat(scores.get(0, 0)).isEqualTo(1);
  }

  @Test
  void whatStandsBeforeTheRowsIsSeenByAllOfThem() {
    Matrix scores = random(1, 3, 3 + 20, 2);
    BlockLoops.FLOATS.softmax(scores, true);

    for (int row = 0; row < 3; row++) {
      for (int i = 0; i < scores.columns(); i++) {
        assertThat(scores.get(row, i) > 0).as("[%d,%d]", row, i).isEqualTo(i <= 20 + row);
      }
    }
  }
}
