package storyloom.model.nn.kernel;

import java.nio.DoubleBuffer;
import org.bytedeco.openblas.global.openblas_nolapack;

/** {@link Kernel} in double: plain loops, for gradient checks rather than for speed. */
final class DoubleKernel extends LoopKernel<DoubleBuffer> {

  static final DoubleKernel INSTANCE = new DoubleKernel();

  static final Kernel THREADED = new ThreadedKernel(INSTANCE);

  private DoubleKernel() {}

  @Override
  void gemm(Matrix a, boolean transA, Matrix b, boolean transB, double keep, Matrix c) {
    openblas_nolapack.cblas_dgemm(
        openblas_nolapack.CblasRowMajor,
        Gemm.OpenBlas.transposed(transA),
        Gemm.OpenBlas.transposed(transB),
        c.rows(),
        c.columns(),
        transA ? a.rows() : a.columns(),
        1,
        a.doublePointer(),
        a.stride(),
        b.doublePointer(),
        b.stride(),
        keep,
        c.doublePointer(),
        c.stride());
  }

  @Override
  DoubleBuffer numbers(Matrix matrix) {
    return matrix.doubles();
  }

  @Override
  double get(DoubleBuffer numbers, int at) {
    return numbers.get(at);
  }

  @Override
  void put(DoubleBuffer numbers, int at, double value) {
    numbers.put(at, value);
  }

  @Override
  double rounded(double value) {
    return value;
  }

  @Override
  void copy(DoubleBuffer from, int start, DoubleBuffer to, int toStart, int length) {
    to.put(toStart, from, start, length);
  }
}
