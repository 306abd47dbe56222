package storyloom.model.nn.kernel;

import java.util.Arrays;

/**
 * Products of rows with a fixed matrix of floats, in which what a row gets depends on that row
 * alone, to the last bit: not on how many rows there are, where it stands among them, or how many
 * threads work. BLAS promises none of this. Each number is one chain of fused multiply-adds in the
 * order of K.
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
    return PackedProduct.fits() ? PackedProduct.of(parts) : LoopProduct.of(parts);
  }

  /**
   * Products with the transpose of a matrix.
   *
   * @param matrix [n,K]; must stay open as long as the product is used
   */
  static RowProduct ofTransposed(Matrix matrix) {
    return PackedProduct.fits()
        ? PackedProduct.ofTransposed(matrix)
        : LoopProduct.ofTransposed(matrix);
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
  void multiply(Matrix c, Matrix... a);

  /** Frees what was made for the product; the matrices stay open. */
  @Override
  void close();
}
