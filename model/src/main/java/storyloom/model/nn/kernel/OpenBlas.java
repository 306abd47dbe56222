package storyloom.model.nn.kernel;

import org.bytedeco.openblas.global.openblas_nolapack;

/** {@link Gemm} by OpenBLAS, which ND4J brings along. */
final class OpenBlas implements Gemm {

  static final OpenBlas INSTANCE = new OpenBlas();

  private OpenBlas() {}

  static int transposed(boolean turn) {
    return turn ? openblas_nolapack.CblasTrans : openblas_nolapack.CblasNoTrans;
  }

  @Override
  public void multiply(Matrix a, boolean turnA, Matrix b, boolean turnB, float keep, Matrix c) {
    openblas_nolapack.cblas_sgemm(
        openblas_nolapack.CblasRowMajor,
        transposed(turnA),
        transposed(turnB),
        c.rows(),
        c.columns(),
        turnA ? a.rows() : a.columns(),
        1,
        a.floatPointer(),
        a.stride(),
        b.floatPointer(),
        b.stride(),
        keep,
        c.floatPointer(),
        c.stride());
  }
}
