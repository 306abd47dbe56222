package storyloom.model.nn.kernel;

import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Products of float matrices, as a library does them: {@link OneDnn} or {@link OpenBlas}. */
interface Gemm {

  /** c = op(a) · op(b) + keep · c; shapes have been checked, none of them is empty. */
  void multiply(Matrix a, boolean transA, Matrix b, boolean transB, float keep, Matrix c);

  /**
   * By oneDNN: as fast as OpenBLAS on large products and a third faster on the small ones of a
   * recurrent step; with AVX-512 much faster on all. Each thread has its own number of threads, so
   * products may run side by side.
   */
  final class OneDnn implements Gemm {

    private static final Logger LOG = LoggerFactory.getLogger(OneDnn.class);

    /** System property that, set to {@code openblas}, does without oneDNN: for measuring. */
    private static final String CHOICE = "storyloom.gemm";

    private static final boolean LOADS = loads();

    private OneDnn() {}

    private static boolean loads() {
      try {
        dnnl.dnnl_version();
        return true;
      } catch (LinkageError e) {
        LOG.info("Matrix products: OpenBLAS, as oneDNN does not load here: {}", e.toString());
        return false;
      }
    }

    /** Whether there is a oneDNN for this platform, and it is not to be done without. */
    static boolean fits() {
      return LOADS && !"openblas".equals(System.getProperty(CHOICE));
    }

    /** oneDNN where it fits, else OpenBLAS. */
    static Gemm orOpenBlas() {
      return fits() ? new OneDnn() : OpenBlas.INSTANCE;
    }

    private static byte transposed(boolean transpose) {
      return (byte) (transpose ? 'T' : 'N');
    }

    @Override
    public void multiply(Matrix a, boolean transA, Matrix b, boolean transB, float keep, Matrix c) {
      int status =
          dnnl.dnnl_sgemm(
              transposed(transA),
              transposed(transB),
              c.rows(),
              c.columns(),
              transA ? a.rows() : a.columns(),
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

  /** By OpenBLAS, which ND4J brings along. */
  final class OpenBlas implements Gemm {

    static final OpenBlas INSTANCE = new OpenBlas();

    private OpenBlas() {}

    static int transposed(boolean transpose) {
      return transpose ? openblas_nolapack.CblasTrans : openblas_nolapack.CblasNoTrans;
    }

    @Override
    public void multiply(Matrix a, boolean transA, Matrix b, boolean transB, float keep, Matrix c) {
      openblas_nolapack.cblas_sgemm(
          openblas_nolapack.CblasRowMajor,
          transposed(transA),
          transposed(transB),
          c.rows(),
          c.columns(),
          transA ? a.rows() : a.columns(),
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
}
