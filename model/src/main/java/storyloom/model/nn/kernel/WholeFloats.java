package storyloom.model.nn.kernel;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Sums of products of bytes by floats, for any processor: a float holds whole numbers up to 2²⁴
 * exactly, which 1,040 products of 127 by 127 do not exceed, so that a {@link RowProduct} of so
 * many at a time rounds nothing. As fast as products of floats, and as large.
 *
 * @param parts of the matrix, {@link #DEPTH} of its rows each, as floats
 * @param memory of the parts
 */
record WholeFloats(
    int inner, int columns, float[] scales, List<RowProduct> parts, List<INDArray> memory)
    implements Int8Product.IntegerProduct {

  /** Rows of the matrix whose products are added up as floats. */
  private static final int DEPTH = 1024;

  static WholeFloats of(Int8Matrix matrix) {
    List<RowProduct> parts = new ArrayList<>();
    List<INDArray> memory = new ArrayList<>();
    for (int from = 0; from < matrix.inner(); from += DEPTH) {
      int to = Math.min(from + DEPTH, matrix.inner());
      INDArray floats = Scratch.floats((long) (to - from) * matrix.columns());
      Matrix part = Matrix.of(floats).shaped(to - from, matrix.columns());
      float[] row = new float[matrix.columns()];
      for (int k = from; k < to; k++) {
        for (int j = 0; j < row.length; j++) {
          row[j] = matrix.numbers()[k * row.length + j];
        }
        part.floats().put(part.start(k - from), row);
      }
      parts.add(RowProduct.of(part));
      memory.add(floats);
    }
    return new WholeFloats(matrix.inner(), matrix.columns(), matrix.scales(), parts, memory);
  }

  @Override
  public void multiply(Matrix rows, float[] rowScales, Matrix c, RowProduct.Columns computed) {
    int[][] sums = new int[c.rows()][columns];
    float[] row = new float[columns];
    try (INDArray left = Scratch.floats((long) c.rows() * inner);
        INDArray right = Scratch.floats((long) c.rows() * columns)) {
      Matrix a = Matrix.of(left).shaped(c.rows(), inner);
      for (int i = 0; i < c.rows() * inner; i++) {
        a.floats().put(i, rows.bytes().get(i));
      }
      Matrix some = Matrix.of(right).shaped(c.rows(), columns);
      int from = 0;
      for (RowProduct part : parts) {
        part.multiply(some, a.columns(from, from + part.inner()));
        for (int i = 0; i < sums.length; i++) {
          some.copyRow(i, row);
          for (int j = 0; j < columns; j++) {
            sums[i][j] += (int) row[j];
          }
        }
        from += part.inner();
      }
    }
    for (int i = 0; i < sums.length; i++) {
      for (int j = 0; j < columns; j++) {
        row[j] = sums[i][j] * scales[j] * rowScales[i];
      }
      c.floats().put(c.start(i), row, 0, columns);
    }
    computed.computed(0, columns);
  }

  @Override
  public void close() {
    parts.forEach(RowProduct::close);
    memory.forEach(INDArray::close);
  }
}
