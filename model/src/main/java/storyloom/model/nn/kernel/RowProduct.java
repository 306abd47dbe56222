package storyloom.model.nn.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Products of rows with a fixed matrix of floats, in which what a row gets depends on that row
 * alone, to the last bit: not on how many rows there are, where it stands among them, or how many
 * threads work. BLAS promises none of this. Each number is one chain of fused multiply-adds in the
 * order of K, or the sum of those of its sections of {@link #SECTION}.
 *
 * <p>One product may serve several threads at once.
 */
public interface RowProduct extends AutoCloseable {

  /**
   * Products with matrices that stand on top of each other.
   *
   * @param parts all of n columns; they must stay open as long as the product is used
   */
  static RowProduct of(Matrix... parts) {
    return of(LoopProduct.of(parts));
  }

  /**
   * Products with the transpose of a matrix.
   *
   * @param matrix [n,K]; must stay open as long as the product is used
   */
  static RowProduct ofTransposed(Matrix matrix) {
    return of(LoopProduct.ofTransposed(matrix));
  }

  private static RowProduct of(LoopProduct matrix) {
    if (matrix.inner() <= SECTION) {
      return OneDnnFloats.of(matrix);
    }
    List<RowProduct> sections = new ArrayList<>();
    for (int from = 0; from < matrix.inner(); from += SECTION) {
      int to = Math.min(from + SECTION, matrix.inner());
      sections.add(OneDnnFloats.of(matrix.section(from, to)));
    }
    return new SectionedProduct(sections, new Scratch());
  }

  /** Rows of the matrix whose products are added up in one chain, as oneDNN does it. */
  int SECTION = 512;

  /** Columns that are looked at together; what {@link Columns} is told of begins at a multiple. */
  int STRETCH = 512;

  /** Takes columns of a product as soon as they are there, while they are near the processor. */
  @FunctionalInterface
  interface Columns {

    /** Nothing is done with them. */
    Columns IGNORED = (from, to) -> {};

    /**
     * All rows of some columns are computed. Called on the threads that compute, once for each
     * column.
     *
     * @param from a multiple of {@link #STRETCH}
     * @param to excluded; another multiple, or n
     */
    void computed(int from, int to);
  }

  /** Checks that matrices fit a product. */
  static void requireFit(RowProduct product, Matrix c, Matrix... a) {
    Shapes.require(Arrays.stream(a).allMatch(part -> part.rows() == c.rows()), a);
    Shapes.require(Arrays.stream(a).mapToInt(Matrix::columns).sum() == product.inner(), a);
    Shapes.require(c.columns() == product.columns(), c);
  }

  /** K, what a row must be wide. */
  int inner();

  /** n, what its product is wide. */
  int columns();

  /**
   * c = [a₁ a₂ …] · matrix.
   *
   * @param c [m,n], written
   * @param a m rows each, side by side K wide
   */
  default void multiply(Matrix c, Matrix... a) {
    multiply(c, Columns.IGNORED, a);
  }

  /**
   * The same, some columns after the other.
   *
   * @param columns is told of each
   */
  void multiply(Matrix c, Columns columns, Matrix... a);

  /** Frees what was made for the product; the matrices stay open. */
  @Override
  void close();
}
