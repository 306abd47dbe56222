package storyloom.model.nn.kernel;

import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.BytePointer;

/**
 * Sums of products of bytes by oneDNN, on processors that add up four of them at once (VNNI). The
 * others' instruction for bytes saturates, so oneDNN's sums are not exact there.
 *
 * @param scales of the columns
 */
record OneDnnInt8(int inner, int columns, float[] scales, OneDnnMatrix matrix)
    implements Int8Product.IntegerProduct {

  private static final boolean HAS_VECTORS = FloatKernel.hasVectors();

  static OneDnnInt8 of(Int8Matrix matrix) {
    return new OneDnnInt8(
        matrix.inner(),
        matrix.columns(),
        matrix.scales(),
        new OneDnnMatrix(
            matrix.inner(),
            matrix.columns(),
            memory.data_type.s8,
            (first, last) -> new BytePointer(matrix.columns(first, last))));
  }

  /** Whether oneDNN is there and the processor adds up products of bytes exactly. */
  static boolean fits() {
    try {
      int wanted = dnnl.dnnl_cpu_isa_avx512_core_vnni;
      return (dnnl.dnnl_get_effective_cpu_isa() & wanted) == wanted;
    } catch (LinkageError none) {
      return false;
    }
  }

  @Override
  public void multiply(Matrix rows, float[] rowScales, Matrix c, RowProduct.Columns computed) {
    matrix.multiply(
        rows.bytePointer(),
        c.rows(),
        (sums, first) -> {
          for (int from = 0; from < sums.columns(); from += RowProduct.STRETCH) {
            int to = Math.min(from + RowProduct.STRETCH, sums.columns());
            scale(sums.columns(from, to), rowScales, c, first + from);
            computed.computed(first + from, first + to);
          }
        });
  }

  private void scale(Matrix sums, float[] rowScales, Matrix c, int first) {
    int width = sums.columns();
    int vectors = HAS_VECTORS ? VectorMath.SPECIES.loopBound(width) : 0;
    for (int row = 0; row < rowScales.length; row++) {
      int from = sums.start(row);
      int to = c.start(row) + first;
      float scale = rowScales[row];
      if (HAS_VECTORS) {
        RowVectors.scale(sums.bytes(), from, scales, first, scale, c.bytes(), to, vectors);
      }
      for (int i = vectors; i < width; i++) {
        c.floats().put(to + i, sums.floats().get(from + i) * scales[first + i] * scale);
      }
    }
  }

  @Override
  public void close() {
    matrix.close();
  }
}
