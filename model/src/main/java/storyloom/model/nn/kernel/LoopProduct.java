package storyloom.model.nn.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * {@link RowProduct} by plain loops, for JVMs without jdk.incubator.vector, and what the others are
 * measured by: the same sums in the same order, so the same bits. Some columns at a time come to
 * the Java heap, where the compiler makes vectors of the loops by itself.
 *
 * @param transposed whether the one part is [n,K]
 * @param parts what {@link RowProduct#of} was given
 */
record LoopProduct(int inner, int columns, boolean transposed, List<Matrix> parts)
    implements RowProduct {

  /** Rows of the matrix that a loop takes at a time, so that sums stay in registers for longer. */
  private static final int DEPTH = 4;

  static LoopProduct of(Matrix... parts) {
    int inner = Arrays.stream(parts).mapToInt(Matrix::rows).sum();
    return new LoopProduct(inner, parts[0].columns(), false, List.of(parts));
  }

  static LoopProduct ofTransposed(Matrix matrix) {
    return new LoopProduct(matrix.columns(), matrix.rows(), true, List.of(matrix));
  }

  /** Some rows of the matrix. */
  LoopProduct section(int from, int to) {
    if (transposed) {
      return ofTransposed(parts.get(0).columns(from, to));
    }
    List<Matrix> some = new ArrayList<>();
    int at = 0;
    for (Matrix part : parts) {
      int first = Math.max(from - at, 0);
      int last = Math.min(to - at, part.rows());
      if (first < last) {
        some.add(part.rows(first, last));
      }
      at += part.rows();
    }
    return of(some.toArray(Matrix[]::new));
  }

  /** The same product by vectors, where there are any. */
  RowProduct fastest() {
    if (!PackedProduct.fits()) {
      return this;
    }
    return transposed
        ? PackedProduct.ofTransposed(parts.get(0))
        : PackedProduct.of(parts.toArray(Matrix[]::new));
  }

  @Override
  public void multiply(Matrix c, Columns computed, Matrix... a) {
    RowProduct.requireFit(this, c, a);
    float[][] rows = new float[c.rows()][inner];
    for (int row = 0; row < rows.length; row++) {
      int at = 0;
      for (Matrix part : a) {
        part.floats().get(part.start(row), rows[row], at, part.columns());
        at += part.columns();
      }
    }
    Parallel.over(
        columns,
        STRETCH,
        (from, to) -> {
          for (int start = from; start < to; start += STRETCH) {
            int end = Math.min(start + STRETCH, to);
            multiply(rows, start, end, c);
            computed.computed(start, end);
          }
        });
  }

  /** Some columns, which are on the Java heap meanwhile. */
  private void multiply(float[][] rows, int from, int to, Matrix c) {
    float[][] sums = sums(rows, from, to);
    for (int row = 0; row < rows.length; row++) {
      c.floats().put(c.start(row) + from, sums[row]);
    }
  }

  /** The products of rows with some columns. */
  float[][] sums(float[][] rows, int from, int to) {
    int width = to - from;
    float[][] sums = new float[rows.length][width];
    float[][] b = new float[DEPTH][width];
    int k = 0;
    for (; k + DEPTH <= inner; k += DEPTH) {
      for (int i = 0; i < DEPTH; i++) {
        read(k + i, from, b[i]);
      }
      for (int row = 0; row < rows.length; row++) {
        add(rows[row], k, b[0], b[1], b[2], b[3], sums[row]);
      }
    }
    for (; k < inner; k++) {
      read(k, from, b[0]);
      for (int row = 0; row < rows.length; row++) {
        add(rows[row][k], b[0], sums[row]);
      }
    }
    return sums;
  }

  /** Row k of the matrix, from a column on. */
  void read(int k, int from, float[] into) {
    if (transposed) {
      for (int j = 0; j < into.length; j++) {
        into[j] = parts.get(0).floats().get(parts.get(0).start(from + j) + k);
      }
      return;
    }
    int row = k;
    int part = 0;
    while (row >= parts.get(part).rows()) {
      row -= parts.get(part++).rows();
    }
    parts.get(part).floats().get(parts.get(part).start(row) + from, into);
  }

  private static void add(
      float[] a, int k, float[] b0, float[] b1, float[] b2, float[] b3, float[] sums) {
    float a0 = a[k];
    float a1 = a[k + 1];
    float a2 = a[k + 2];
    float a3 = a[k + 3];
    for (int j = 0; j < sums.length; j++) {
      float sum = Math.fma(a1, b1[j], Math.fma(a0, b0[j], sums[j]));
      sums[j] = Math.fma(a3, b3[j], Math.fma(a2, b2[j], sum));
    }
  }

  private static void add(float a, float[] b, float[] sums) {
    for (int j = 0; j < sums.length; j++) {
      sums[j] = Math.fma(a, b[j], sums[j]);
    }
  }

  @Override
  public void close() {
    // nothing was made for it
  }
}
