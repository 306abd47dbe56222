package storyloom.model.nn.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static storyloom.model.nn.kernel.Matrices.random;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.factory.Nd4j;

class Int8ProductTest {

  private static List<Int8Product> products(Int8Matrix matrix) {
    return OneDnnInt8.fits()
        ? List.of(Int8Product.byFloats(matrix), Int8Product.of(matrix))
        : List.of(Int8Product.byFloats(matrix));
  }

  private static float[] row(Matrix matrix, int row) {
    float[] numbers = new float[matrix.columns()];
    matrix.copyRow(row, numbers);
    return numbers;
  }

  @AfterEach
  void useOneThread() {
    NativeThreads.set(1);
  }

  /** The definition, with whole numbers. */
  private static float[] expected(float[] a, Int8Matrix matrix) {
    float most = 0;
    for (float number : a) {
      most = Math.max(most, Math.abs(number));
    }
    float[] sums = new float[matrix.columns()];
    for (int j = 0; j < sums.length; j++) {
      long sum = 0;
      for (int k = 0; k < a.length; k++) {
        sum += (int) Math.rint(a[k] * (127 / most)) * matrix.numbers()[k * sums.length + j];
      }
      sums[j] = (float) sum * matrix.scales()[j] * (most / 127);
    }
    return sums;
  }

  @ParameterizedTest
  @CsvSource({"2,1", "24,50", "512,1100", "512,2600", "1500,70", "3000,33"})
  void sumsAreExactWhateverTheRowsAndTheThreads(int inner, int columns) {
    Int8Matrix matrix = Int8Matrix.of(random(2, inner, columns));
    Matrix a = random(1, 33, inner);
    for (Int8Product product : products(matrix)) {
      for (int threads : new int[] {1, 2}) {
        NativeThreads.set(threads);
        for (int rows : new int[] {1, 2, 16, 33}) {
          Matrix wide = random(3, rows, columns + 5);
          Matrix c = wide.columns(2, columns + 2);
          product.multiply(c, a.columns(0, 1).rows(0, rows), a.columns(1, inner).rows(0, rows));
          for (int i = 0; i < rows; i++) {
            assertThat(row(c, i)).isEqualTo(expected(row(a, i), matrix));
          }
        }
      }
      product.close();
    }
  }

  @Test
  void theLargestSumsAreExactToo() {
    int inner = 2048;
    float[] ones = new float[inner];
    Arrays.fill(ones, 1);
    Matrix column = Matrix.of(Nd4j.create(ones.clone(), new long[] {inner, 1}, 'c'));
    Matrix row = Matrix.of(Nd4j.create(ones, new long[] {1, inner}, 'c'));
    for (Int8Product product : products(Int8Matrix.of(column))) {
      Matrix c = random(1, 1, 1);
      product.multiply(c, row);
      assertThat(c.get(0, 0)).isCloseTo(inner, within(1e-3));
      product.close();
    }
  }

  @Test
  void roundingCostsLessThanAHundredthOfARowsLength() {
    Matrix a = random(1, 8, 256);
    Matrix factor = random(2, 256, 300);
    Matrix exact = random(3, 8, 300);
    Matrix rounded = random(4, 8, 300);
    RowProduct.of(factor).multiply(exact, a);
    Int8Product.of(Int8Matrix.of(factor)).multiply(rounded, a);
    double error = 0;
    double norm = 0;
    for (int i = 0; i < 8; i++) {
      for (int j = 0; j < 300; j++) {
        error += Math.pow(exact.get(i, j) - rounded.get(i, j), 2);
        norm += Math.pow(exact.get(i, j), 2);
      }
    }
    assertThat(Math.sqrt(error / norm)).isLessThan(0.015);
  }

  @Test
  void aTransposedMatrixIsTheSameMatrix() {
    Matrix factor = random(2, 30, 40);
    Matrix turned = random(3, 40, 30);
    for (int i = 0; i < 30; i++) {
      for (int j = 0; j < 40; j++) {
        turned.floats().put(turned.start(j) + i, (float) factor.get(i, j));
      }
    }
    Int8Matrix plain = Int8Matrix.of(factor);
    Int8Matrix transposed = Int8Matrix.ofTransposed(turned);
    assertThat(transposed.numbers()).isEqualTo(plain.numbers());
    assertThat(transposed.scales()).isEqualTo(plain.scales());
  }

  @Test
  void zerosStayZeros() {
    Matrix zeros = random(1, 3, 20).rows(0, 3);
    zeros.floats().put(new float[60]);
    for (Int8Product product : products(Int8Matrix.of(random(2, 20, 7)))) {
      Matrix c = random(3, 3, 7);
      product.multiply(c, zeros);
      assertThat(row(c, 2)).containsOnly(0);
      product.close();
    }
    for (Int8Product product : products(Int8Matrix.of(zeros))) {
      Matrix c = random(3, 1, 20);
      product.multiply(c, random(4, 1, 3));
      assertThat(row(c, 0)).containsOnly(0);
      product.close();
    }
  }
}
