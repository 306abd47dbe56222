package storyloom.model.nn.kernel;

import java.nio.FloatBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link Kernel} in float by plain loops, and the home of the choice for {@link VectorKernel}. */
class FloatKernel extends LoopKernel<FloatBuffer> {

  private static final Logger LOG = LoggerFactory.getLogger(FloatKernel.class);

  /** System property that, set to {@code loops}, does without vectors: for measuring. */
  private static final String CHOICE = "storyloom.kernel";

  /** The fastest float kernel that this JVM can run. */
  static final Kernel THREADED = new ThreadedKernel(choose(Gemm.OneDnn.orOpenBlas()));

  private final Gemm products;

  FloatKernel(Gemm products) {
    this.products = products;
  }

  /** Whether this JVM has jdk.incubator.vector, and is not told to do without. */
  static boolean hasVectors() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
        && !"loops".equals(System.getProperty(CHOICE));
  }

  private static FloatKernel choose(Gemm products) {
    if (hasVectors()) {
      LOG.info("Kernels: vectors of {} floats", VectorKernel.LANES);
      return new VectorKernel(products);
    }
    LOG.info(
        "Kernels: plain loops; for more speed start the JVM with --add-modules"
            + " jdk.incubator.vector");
    return new ScalarKernel(products);
  }

  /** {@link #THREADED} with products in bfloat16; made when first asked for. */
  static final class Bfloat16 {
    static final Kernel THREADED =
        new ThreadedKernel(choose(RoundedFactors.toBfloat16Or(Gemm.OneDnn.orOpenBlas())));

    private Bfloat16() {}
  }

  @Override
  void gemm(Matrix a, boolean transA, Matrix b, boolean transB, double keep, Matrix c) {
    products.multiply(a, transA, b, transB, (float) keep, c);
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
  double rounded(double value) {
    return (float) value;
  }

  @Override
  void copy(FloatBuffer from, int start, FloatBuffer to, int toStart, int length) {
    to.put(toStart, from, start, length);
  }

  @Override
  final void dropout(
      FloatBuffer numbers, int start, int width, DropoutStream stream, long position) {
    double scale = stream.scale();
    long limit = stream.limit();
    for (int i = 0; i < width; i++) {
      int kept = Float.floatToRawIntBits((float) (numbers.get(start + i) * scale));
      numbers.put(start + i, Float.intBitsToFloat(kept & stream.keptBits(position + i, limit)));
    }
  }
}
