package storyloom.model.nn.kernel;

import org.bytedeco.dnnl.global.dnnl;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link Gemm} by oneDNN: as fast as OpenBLAS on large products and a third faster on the small
 * ones of a recurrent step; with AVX-512 much faster on all. Each thread has its own number of
 * threads, so products may run side by side.
 */
final class OneDnn implements Gemm {

  private static final Logger LOG = LoggerFactory.getLogger(OneDnn.class);

  /** System property that, set to {@code openblas}, does without oneDNN: for measuring. */
  private static final String CHOICE = "storyloom.gemm";

  private OneDnn() {}

  /** oneDNN, or OpenBLAS where there is no oneDNN for this platform. */
  static Gemm orOpenBlas() {
    if ("openblas".equals(System.getProperty(CHOICE))) {
      return OpenBlas.INSTANCE;
    }
    try {
      dnnl.dnnl_version();
      return new OneDnn();
    } catch (LinkageError e) {
      LOG.info("Matrix products: OpenBLAS, as oneDNN does not load here: {}", e.toString());
      return OpenBlas.INSTANCE;
    }
  }

  private static byte transposed(boolean turn) {
    return (byte) (turn ? 'T' : 'N');
  }

  @Override
  public void multiply(Matrix a, boolean turnA, Matrix b, boolean turnB, float keep, Matrix c) {
    int status =
        dnnl.dnnl_sgemm(
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
    if (status != dnnl.dnnl_success) {
      throw new IllegalStateException("oneDNN refused a product with status " + status);
    }
  }
}
