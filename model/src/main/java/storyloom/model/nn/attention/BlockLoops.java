package storyloom.model.nn.attention;

import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;

/**
 * The loops of a Transformer's blocks, on the calling thread. What a row gets depends on that row
 * alone.
 */
public interface BlockLoops {

  /** What is added to a variance before its root is taken; PyTorch's default. */
  double EPSILON = 1e-5;

  /** A pair of numbers turns once in as many positions as this at the slowest, times 2π. */
  double SLOWEST = 10_000;

  /** The fastest for floats that this JVM can run. */
  BlockLoops FLOATS = Kernel.hasVectors() ? new VectorBlockLoops() : new FloatBlockLoops();

  /** The loops for a matrix's numbers. */
  static BlockLoops of(Matrix matrix) {
    return matrix.isDouble() ? DoubleBlockLoops.INSTANCE : FLOATS;
  }

  /**
   * Layer normalisation (Ba, Kiros and Hinton 2016).
   *
   * <pre>
   *   y = (x − mean) / √(variance + ε) · gain + bias
   * </pre>
   *
   * @param x [m,W]
   * @param gain [1,W]
   * @param bias [1,W]
   * @param y [m,W], written
   */
  void norm(Matrix x, Matrix gain, Matrix bias, Matrix y);

  /**
   * The reverse of {@link #norm}.
   *
   * @param x [m,W]
   * @param gain [1,W]
   * @param dy [m,W], the gradient by y
   * @param dGain [1,W], added to
   * @param dBias [1,W], added to
   * @param dx [m,W], added to
   */
  void normBackward(Matrix x, Matrix gain, Matrix dy, Matrix dGain, Matrix dBias, Matrix dx);

  /**
   * a = z·Φ(z), Φ by a tanh (Hendrycks and Gimpel 2016; PyTorch: {@code GELU(approximate="tanh")}).
   *
   * <pre>
   *   a = z·σ(2·√(2/π)·(z + 0.044715·z³))
   * </pre>
   *
   * @param z [m,F]
   * @param a [m,F], written
   */
  void gelu(Matrix z, Matrix a);

  /**
   * The reverse of {@link #gelu}, which is made again.
   *
   * @param z [m,F]
   * @param a [m,F], written
   * @param gradient [m,F], by a in, by z out
   */
  void geluBackward(Matrix z, Matrix a, Matrix gradient);

  /**
   * Rotary positions (Su et al. 2021): in each head of width d, numbers i and i + d/2 are turned as
   * a point of the plane by position · 10000^(−2i/d). The inner product of two vectors so turned
   * depends on how far apart their positions are.
   *
   * @param x [m,W] in place; row r stands at position {@code first} + r
   * @param heads side by side
   * @param backwards the other way round: the reverse, and the gradient, of the turn
   * @param scale factor of all numbers besides
   */
  void rotate(Matrix x, int heads, int first, boolean backwards, double scale);

  /**
   * Softmax of each row, in place.
   *
   * @param scores [m,n]
   * @param causal whether row r is one of its first n − m + r + 1 numbers alone, so that the last
   *     row is one of all; the others become 0
   */
  void softmax(Matrix scores, boolean causal);

  /**
   * The reverse of {@link #softmax}.
   *
   * @param weights [m,n], the softmax
   * @param gradient [m,n], the gradient by the weights in, by the scores out
   */
  void softmaxBackward(Matrix weights, Matrix gradient);
}
