package storyloom.model.nn.kernel;

import java.nio.FloatBuffer;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link Kernel} in float by plain loops, and the home of the choice for {@link VectorKernel}. */
class FloatKernel extends LoopKernel<FloatBuffer> {

  private static final Logger LOG = LoggerFactory.getLogger(FloatKernel.class);

  /** System property that, set to {@code loops}, does without vectors: for measuring. */
  private static final String CHOICE = "storyloom.kernel";

  /** The fastest float kernel that this JVM can run. */
  static final FloatKernel INSTANCE = choose();

  private static FloatKernel choose() {
    boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    if (vectors && !"loops".equals(System.getProperty(CHOICE))) {
      LOG.info("Kernels: vectors of {} floats", VectorKernel.LANES);
      return new VectorKernel();
    }
    LOG.info(
        "Kernels: plain loops; for more speed start the JVM with --add-modules"
            + " jdk.incubator.vector");
    return new FloatKernel();
  }

  @Override
  void gemm(int opA, int opB, int m, int n, int k, Matrix a, Matrix b, double keep, Matrix c) {
    openblas_nolapack.cblas_sgemm(
        openblas_nolapack.CblasRowMajor,
        opA,
        opB,
        m,
        n,
        k,
        1,
        a.floatPointer(),
        a.stride(),
        b.floatPointer(),
        b.stride(),
        (float) keep,
        c.floatPointer(),
        c.stride());
  }

  @Override
  FloatBuffer numbers(Matrix matrix) {
    return matrix.floats();
  }

  @Override
  double get(FloatBuffer numbers, int at) {
    return numbers.get(at);
  }

  @Override
  void put(FloatBuffer numbers, int at, double value) {
    numbers.put(at, (float) value);
  }

  @Override
  void copy(FloatBuffer from, int start, FloatBuffer to, int toStart, int length) {
    to.put(toStart, from, start, length);
  }
}
