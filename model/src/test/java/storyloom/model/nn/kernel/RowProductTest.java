package storyloom.model.nn.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static storyloom.model.nn.kernel.Matrices.random;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RowProductTest {

  private static Matrix transposed(Matrix matrix) {
    Matrix turned = random(0, matrix.columns(), matrix.rows());
    for (int row = 0; row < matrix.rows(); row++) {
      float[] numbers = new float[matrix.columns()];
      matrix.copyRow(row, numbers);
      for (int column = 0; column < numbers.length; column++) {
        turned.floats().put(turned.start(column) + row, numbers[column]);
      }
    }
    return turned;
  }

  /** Each kind of product with the same factor: as it stands, in two parts, turned around. */
  private static List<RowProduct> products(Matrix factor) {
    Matrix top = factor.rows(0, factor.rows() / 2);
    Matrix bottom = factor.rows(factor.rows() / 2, factor.rows());
    return List.of(
        PackedProduct.of(factor),
        PackedProduct.of(top, bottom),
        PackedProduct.ofTransposed(transposed(factor)),
        LoopProduct.of(factor),
        LoopProduct.of(top, bottom),
        LoopProduct.ofTransposed(transposed(factor)),
        RowProduct.of(factor),
        RowProduct.of(top, bottom),
        RowProduct.ofTransposed(transposed(factor)));
  }

  static List<Arguments> shapes() {
    List<Arguments> shapes = new ArrayList<>();
    for (int inner : new int[] {2, 24, 512}) {
      for (int columns : new int[] {1, 32, 50, 1100}) {
        shapes.add(Arguments.of(inner, columns));
      }
    }
    return shapes;
  }

  @AfterEach
  void useOneThread() {
    NativeThreads.set(1);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void productIsThatOfBlas(int inner, int columns) {
    NativeThreads.set(1);
    Matrix a = random(1, 15, inner);
    Matrix factor = random(2, inner, columns);
    Matrix expected = random(3, 15, columns);
    Kernel.of(a).multiply(a, Kernel.Side.PLAIN, factor, Kernel.Side.PLAIN, 0, expected);

    for (RowProduct product : products(factor)) {
      Matrix actual = random(4, 15, columns);
      product.multiply(actual, a.columns(0, 1), a.columns(1, inner));
      for (int row = 0; row < 15; row++) {
        for (int column = 0; column < columns; column++) {
          assertThat(actual.get(row, column))
              .isCloseTo(expected.get(row, column), within(1e-5 * inner));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void rowGetsTheSameWhateverItsPlaceItsNeighboursAndTheThreads(int inner, int columns) {
    Matrix factor = random(2, inner, columns);
    Matrix a = random(1, 64, inner);
    for (RowProduct product : products(factor)) {
      NativeThreads.set(1);
      float[][] alone = new float[64][columns];
      for (int row = 0; row < 64; row++) {
        Matrix one = random(4, 1, columns);
        product.multiply(one, a.rows(row, row + 1));
        one.copyRow(0, alone[row]);
      }
      for (int threads : new int[] {1, 2}) {
        NativeThreads.set(threads);
        for (int first : new int[] {0, 1, 5}) {
          for (int count : new int[] {2, 7, 8, 13, 59}) {
            Matrix some = random(4, count, columns);
            product.multiply(some, a.rows(first, first + count));
            for (int row = 0; row < count; row++) {
              float[] each = new float[columns];
              some.copyRow(row, each);
              assertThat(Arrays.equals(each, alone[first + row])).isTrue();
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void allKindsOfProductAgreeToTheLastBit(int inner, int columns) {
    Matrix a = random(1, 13, inner);
    List<Matrix> results = new ArrayList<>();
    for (RowProduct product : products(random(2, inner, columns))) {
      Matrix c = random(4, 13, columns);
      product.multiply(c, a);
      results.add(c);
    }
    for (int row = 0; row < 13; row++) {
      float[] first = new float[columns];
      results.get(0).copyRow(row, first);
      for (Matrix other : results) {
        float[] each = new float[columns];
        other.copyRow(row, each);
        assertThat(Arrays.equals(each, first)).isTrue();
      }
    }
  }

  @Test
  void deepMatricesAreAddedUpSectionBySection() {
    int inner = 2 * RowProduct.SECTION + 76;
    Matrix a = random(1, 9, inner);
    Matrix factor = random(2, inner, 40);
    Matrix whole = random(3, 9, 40);
    Matrix turned = random(4, 9, 40);
    RowProduct.of(factor.rows(0, 100), factor.rows(100, inner))
        .multiply(whole, a.columns(0, 700), a.columns(700, inner));
    RowProduct.ofTransposed(transposed(factor)).multiply(turned, a);

    for (int row = 0; row < 9; row++) {
      for (int column = 0; column < 40; column++) {
        float sum = 0;
        for (int from = 0; from < inner; from += RowProduct.SECTION) {
          float section = 0;
          for (int k = from; k < Math.min(from + RowProduct.SECTION, inner); k++) {
            section = Math.fma((float) a.get(row, k), (float) factor.get(k, column), section);
          }
          sum += section;
        }
        assertThat(whole.get(row, column)).isEqualTo(sum);
        assertThat(turned.get(row, column)).isEqualTo(sum);
      }
    }
  }

  /** oneDNN adds up in sections of its own where there are more than 1,024 rows. */
  @Test
  void libraryIsNotUsedWhereItAddsUpInAnotherOrder() {
    Matrix a = random(1, 3, 1300);
    LoopProduct numbers = LoopProduct.of(random(2, 1300, 600));
    Matrix expected = random(3, 3, 600);
    Matrix actual = random(4, 3, 600);
    numbers.multiply(expected, a);
    OneDnnFloats.of(numbers).multiply(actual, a);

    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 600; column++) {
        assertThat(actual.get(row, column)).isEqualTo(expected.get(row, column));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void columnsAreToldOfOnceAndWhenTheyAreThere(int inner, int columns) {
    NativeThreads.set(2);
    Matrix a = random(1, 11, inner);
    for (RowProduct product : products(random(2, inner, columns))) {
      Matrix c = random(4, 11, columns);
      float[] told = new float[columns];
      AtomicIntegerArray times = new AtomicIntegerArray(columns);
      product.multiply(
          c,
          (from, to) -> {
            assertThat(from % RowProduct.STRETCH).isZero();
            assertThat(to == columns || to % RowProduct.STRETCH == 0).isTrue();
            for (int column = from; column < to; column++) {
              told[column] = (float) c.get(10, column);
              times.incrementAndGet(column);
            }
          },
          a);
      for (int column = 0; column < columns; column++) {
        assertThat(times.get(column)).isEqualTo(1);
        assertThat(told[column]).isEqualTo((float) c.get(10, column));
      }
    }
  }

  @Test
  void noRowsAreNoWork() {
    for (RowProduct product : products(random(1, 4, 40))) {
      product.multiply(random(2, 1, 40).rows(0, 0), random(3, 1, 4).rows(0, 0));
    }
  }

  @Test
  void matricesThatDoNotFitAreRefused() {
    for (RowProduct product : products(random(1, 4, 40))) {
      assertThatThrownBy(() -> product.multiply(random(2, 1, 40), random(3, 1, 5)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> product.multiply(random(2, 1, 39), random(3, 1, 4)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
