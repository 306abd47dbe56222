package storyloom.model.nn.kernel;

import java.util.Arrays;
import storyloom.model.nn.kernel.Kernel.Side;

/** Checks that matrices fit together before any raw memory is touched. */
final class Shapes {

  private Shapes() {}

  static void require(boolean fit, Matrix... matrices) {
    if (!fit) {
      throw new IllegalArgumentException("do not fit together: " + Arrays.toString(matrices));
    }
  }

  static void requireSame(Matrix a, Matrix b) {
    require(a.rows() == b.rows() && a.columns() == b.columns(), a, b);
  }

  /** c = op(a) · op(b). */
  static void requireProduct(Matrix a, Side sideOfA, Matrix b, Side sideOfB, Matrix c) {
    int inner = sideOfA == Side.TRANSPOSED ? a.rows() : a.columns();
    int rows = sideOfA == Side.TRANSPOSED ? a.columns() : a.rows();
    int columns = sideOfB == Side.TRANSPOSED ? b.rows() : b.columns();
    require(inner == (sideOfB == Side.TRANSPOSED ? b.columns() : b.rows()), a, b);
    require(c.rows() == rows && c.columns() == columns, a, b, c);
  }

  static void requireRow(int row, Matrix table) {
    if (row < 0 || row >= table.rows()) {
      throw new IndexOutOfBoundsException("row " + row + " of a " + table);
    }
  }

  /** gates [m,4H] beside matrices of [m,H]. */
  static void requireStep(Matrix gates, Matrix... states) {
    for (Matrix state : states) {
      require(state.rows() == gates.rows() && state.columns() * 4 == gates.columns(), gates, state);
    }
  }
}
