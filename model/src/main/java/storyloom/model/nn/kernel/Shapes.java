package storyloom.model.nn.kernel;

import java.util.Arrays;

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
