package storyloom.model.nn.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static storyloom.model.nn.kernel.KernelAgreement.FLOAT_KERNELS;
import static storyloom.model.nn.kernel.KernelAgreement.agree;
import static storyloom.model.nn.kernel.KernelAgreement.random;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import storyloom.model.nn.kernel.Kernel.Side;
import storyloom.model.nn.loss.LossTally;
import storyloom.model.nn.loss.TokenLosses;

/** Vectors and plain loops in float must agree with plain loops in double. */
class KernelTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 13, 32})
  void lstmStepsAgree(int hidden) {
    int[] state = {3, hidden};
    agree(
        (kernel, m) -> kernel.lstmForward(m[0], m[1], m[2], m[3], m[4]),
        new int[] {3, 4 * hidden},
        new int[] {1, 4 * hidden},
        state,
        state,
        state);
    agree(
        (kernel, m) -> {
          kernel.lstmForward(m[0], m[1], m[2], m[3], m[4]);
          kernel.lstmBackward(m[0], m[2], m[3], m[4], m[5]);
        },
        new int[] {3, 4 * hidden},
        new int[] {1, 4 * hidden},
        state,
        state,
        state,
        state);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 16, 37})
  void crossEntropyAgrees(int vocabulary) {
    int[] targets = {0, vocabulary - 1, 3};
    agree(
        (kernel, m) -> kernel.softmaxCrossEntropy(m[0], m[1], targets, 0.25),
        new int[] {3, vocabulary},
        new int[] {1, vocabulary});
    Matrix[] numbers =
        random(DataType.DOUBLE, 7, new int[] {3, vocabulary}, new int[] {1, vocabulary});
    LossTally expected =
        DoubleKernel.INSTANCE.softmaxCrossEntropy(numbers[0], numbers[1], targets, 0);
    for (Kernel kernel : FLOAT_KERNELS) {
      Matrix[] floats =
          random(DataType.FLOAT, 7, new int[] {3, vocabulary}, new int[] {1, vocabulary});
      LossTally tally = kernel.softmaxCrossEntropy(floats[0], floats[1], targets, 0);
      assertThat(tally.nll()).isCloseTo(expected.nll(), within(1e-5));
      assertThat(tally.correct()).isEqualTo(expected.correct());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 8, 21})
  void rowOperationsAgree(int width) {
    int[] shape = {4, width};
    agree((kernel, m) -> kernel.softmax(m[0]), shape);
    agree((kernel, m) -> kernel.softmaxBackward(m[0], m[1]), shape, shape);
    agree((kernel, m) -> kernel.add(m[0], m[1]), shape, shape);
    agree((kernel, m) -> kernel.copy(m[0], m[1]), shape, shape);
    agree((kernel, m) -> kernel.clear(m[0]), shape);
    agree((kernel, m) -> kernel.addColumnSums(m[0], m[1]), shape, new int[] {1, width});
    agree(
        (kernel, m) -> kernel.gatherRows(m[0], new int[] {3, 0, 3}, m[1]),
        shape,
        new int[] {3, width});
    agree(
        (kernel, m) -> kernel.scatterRows(m[1], new int[] {3, 0}, m[0]),
        shape,
        new int[] {2, width});
    agree(
        (kernel, m) -> kernel.scatterAddRows(m[1], new int[] {3, 3}, m[0]),
        shape,
        new int[] {2, width});
    agree((kernel, m) -> kernel.dropout(m[0], new DropoutStream(5, 0.4)), shape);
    agree(
        (kernel, m) -> kernel.dropout(m[0], new int[] {2, 0, 2, 1}, new DropoutStream(5, 0.4)),
        shape);
    agree(
        (kernel, m) -> kernel.dropoutRows(m[0], new int[] {2, 0, 2, 1}, new DropoutStream(5, 0.4)),
        shape);
    agree((kernel, m) -> kernel.tanhOfSum(m[0], m[1], m[2]), shape, new int[] {1, width}, shape);
    agree(
        (kernel, m) -> {
          kernel.tanhOfSum(m[0], m[1], m[2]);
          kernel.tanhBackward(m[2], m[3]);
        },
        shape,
        new int[] {1, width},
        shape,
        shape);
  }

  @Test
  void rowsOfOneMaskDropTheSameNumbersAndOtherMasksOthers() {
    Matrix ones = Matrix.of(Nd4j.ones(DataType.FLOAT, 3, 64));
    float[][] rows = new float[3][64];

    Kernel.of(ones).dropout(ones, new int[] {4, 9, 4}, new DropoutStream(5, 0.5));

    for (int row = 0; row < rows.length; row++) {
      ones.copyRow(row, rows[row]);
      assertThat(rows[row]).contains(0f, 2f).containsOnly(0f, 2f);
    }
    assertThat(rows[0]).containsExactly(rows[2]).isNotEqualTo(rows[1]);
  }

  @Test
  void productsTakeEitherSideTransposedAndKeepWhatIsThere() {
    for (Side a : Side.values()) {
      for (Side b : Side.values()) {
        agree(
            (kernel, m) -> kernel.multiply(m[0], a, m[1], b, 0.5, m[2]),
            a == Side.PLAIN ? new int[] {2, 5} : new int[] {5, 2},
            b == Side.PLAIN ? new int[] {5, 3} : new int[] {3, 5},
            new int[] {2, 3});
      }
    }
  }

  @Test
  void viewsOfRowsAndColumnsShareTheMemory() {
    Matrix whole = Matrix.of(Nd4j.createFromArray(new float[][] {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}));
    Matrix corner = whole.rows(1, 3).columns(1, 3);

    Kernel.of(whole).add(corner.rows(0, 1), corner.rows(1, 2));

    assertThat(corner.get(1, 1)).isEqualTo(15);
    assertThat(whole.get(2, 2)).isEqualTo(15);
    assertThat(whole.get(2, 0)).isEqualTo(7);
  }

  @Test
  void aViewOfAnArrayStartsWhereTheViewDoes() {
    INDArray flat = Nd4j.arange(12).castTo(DataType.FLOAT);
    INDArray view =
        flat.get(org.nd4j.linalg.indexing.NDArrayIndex.interval(4, 10)).reshape('c', 2, 3);

    assertThat(Matrix.of(view).get(1, 2)).isEqualTo(9);
  }

  @Test
  void exponentialsAreExactToTheLastBitsOverTheirRange() {
    Matrix numbers = Matrix.of(Nd4j.linspace(-80, 0, 4096, DataType.FLOAT).reshape('c', 1, 4096));
    Matrix bias = Matrix.of(Nd4j.zeros(DataType.FLOAT, 4096));
    double sum = 0;
    for (int i = 0; i < 4096; i++) {
      sum += Math.exp(numbers.get(0, i));
    }

    LossTally tally =
        new VectorKernel(Gemm.OpenBlas.INSTANCE)
            .softmaxCrossEntropy(numbers, bias, new int[] {0}, 0);

    assertThat(tally.nll()).isCloseTo(Math.log(sum) + 80, within(1e-5));
  }

  @Test
  void shapesThatDoNotFitAreRefusedBeforeMemoryIsTouched() {
    Matrix[] m = random(DataType.FLOAT, 1, new int[] {2, 3}, new int[] {4, 5});

    assertThatThrownBy(() -> Kernel.of(m[0]).add(m[0], m[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("do not fit together: [matrix 2 × 3, matrix 4 × 5]");
    assertThatThrownBy(() -> Kernel.of(m[0]).gatherRows(m[0], new int[] {2}, m[0].rows(0, 1)))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("row 2 of a matrix 2 × 3");
  }

  @Test
  void aFlatArrayIsCutIntoStretchesThatShareItsMemory() {
    INDArray flat = Nd4j.arange(10).castTo(DataType.FLOAT);

    List<Matrix> stretches = Matrix.stretches(flat, 4);

    assertThat(stretches).extracting(Matrix::columns).containsExactly(4, 4, 2);
    Kernel.of(stretches.get(2)).clear(stretches.get(2));
    assertThat(flat.getFloat(9)).isZero();
    Kernel.of(stretches.get(1))
        .multiply(
            stretches.get(1),
            Side.PLAIN,
            stretches.get(0),
            Side.TRANSPOSED,
            0,
            stretches.get(2).columns(0, 1));
    assertThat(flat.getFloat(8)).isEqualTo(38);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 16, 37})
  void smoothedCrossEntropyAgrees(int vocabulary) {
    int[] targets = {0, vocabulary - 1, 3};
    int[][] shapes = {{3, vocabulary}, {1, vocabulary}};
    agree((kernel, m) -> kernel.softmaxCrossEntropy(m[0], m[1], targets, 0.25, 0.1), shapes);
    Matrix[] numbers = random(DataType.DOUBLE, 7, shapes);
    TokenLosses expected =
        DoubleKernel.INSTANCE.softmaxCrossEntropy(numbers[0], numbers[1], targets, 0, 0.1);
    for (Kernel kernel : FLOAT_KERNELS) {
      Matrix[] floats = random(DataType.FLOAT, 7, shapes);
      TokenLosses losses = kernel.softmaxCrossEntropy(floats[0], floats[1], targets, 0, 0.1);
      assertThat(losses.nll()).containsExactly(expected.nll(), within(1e-5));
      assertThat(losses.least()).containsExactly(expected.least(), within(1e-5));
      assertThat(losses.mean()).containsExactly(expected.mean(), within(1e-5));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 8, 21, 40})
  void figuresOfRowsAgree(int width) {
    int[] shape = {4, width};
    agree((kernel, m) -> kernel.addToRows(new double[] {1, -2, 0.5, 3}, m[0]), shape);
    agree((kernel, m) -> kernel.scaleRows(new double[] {1, -2, 0, 3}, m[0]), shape);
    Matrix numbers = random(DataType.DOUBLE, 7, shape)[0];
    for (Kernel kernel : FLOAT_KERNELS) {
      Matrix floats = random(DataType.FLOAT, 7, shape)[0];
      assertThat(kernel.largest(floats)).containsExactly(DoubleKernel.INSTANCE.largest(numbers));
      assertThat(kernel.logSums(floats))
          .containsExactly(DoubleKernel.INSTANCE.logSums(numbers), within(1e-5));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 8, 21, 40})
  void aBiasIsAddedToEachRow(int width) {
    int[][] shapes = {{4, width}, {1, width}};
    agree((kernel, m) -> kernel.addBias(m[0], m[1]), shapes);
    for (Kernel kernel : FLOAT_KERNELS) {
      Matrix[] floats = random(DataType.FLOAT, 7, shapes);
      double[] largest = kernel.addBias(floats[0], floats[1]);
      assertThat(largest).containsExactly(kernel.largest(floats[0]));
    }
  }

  @Test
  void figuresOfPartOfTheColumnsLookAtNoOther() {
    Matrix numbers =
        Matrix.of(Nd4j.createFromArray(new float[][] {{9, 1, 2, 9}, {9, -3, -4, 9}})).columns(1, 3);

    assertThat(Kernel.of(numbers).largest(numbers)).containsExactly(2, -3);
  }
}
