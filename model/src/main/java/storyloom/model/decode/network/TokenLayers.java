package storyloom.model.decode.network;

import storyloom.model.decode.network.TransformerWeights.FeedForward;
import storyloom.model.decode.network.TransformerWeights.Norm;
import storyloom.model.nn.attention.BlockLoops;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.kernel.Parallel;
import storyloom.model.nn.kernel.RowProduct;

/**
 * What a Transformer does with each token by itself, and the memory for it. What a token gets
 * depends on that token alone, to the last bit.
 */
final class TokenLayers {

  /**
   * Tokens that are multiplied together at most: a product is made ready for each number of rows
   * that it meets, and prompts have any number of tokens.
   */
  private static final int TOGETHER = 64;

  /** Tokens that are worth waking a thread for. */
  private static final int LEAST = 16;

  private final Kernel kernel;
  private final BlockLoops loops;
  private final Matrix normed;
  private final Matrix mapped;
  private final Matrix context;
  private final Matrix added;
  private final Matrix inner;

  /**
   * @param tokens most at a time
   */
  TokenLayers(TransformerWeights weights, int tokens, MatrixArena arena) {
    int width = weights.width();
    normed = arena.floats(tokens, width);
    mapped = arena.floats(tokens, 3 * width);
    context = arena.floats(tokens, width);
    added = arena.floats(tokens, width);
    inner = arena.floats(tokens, weights.inner());
    kernel = Kernel.of(normed);
    loops = BlockLoops.of(normed);
  }

  /**
   * @param x [m,W]
   * @return [m,W], until the next norm
   */
  Matrix normed(Norm norm, Matrix x) {
    Matrix y = normed.rows(0, x.rows());
    Parallel.over(
        x.rows(),
        LEAST,
        (from, to) -> loops.norm(x.rows(from, to), norm.gain(), norm.bias(), y.rows(from, to)));
    return y;
  }

  /**
   * x·map.
   *
   * @param x [m,W]
   * @return [m, as wide as the map], until the next map
   */
  Matrix mapped(RowProduct map, Matrix x) {
    Matrix all = mapped.rows(0, x.rows()).columns(0, map.columns());
    multiply(map, x, all);
    return all;
  }

  /** [m,W]: where attention writes what it draws. */
  Matrix context(int tokens) {
    return context.rows(0, tokens);
  }

  /** x += y·map. */
  void add(RowProduct map, Matrix y, Matrix x) {
    Matrix more = added.rows(0, x.rows());
    multiply(map, y, more);
    kernel.add(more, x);
  }

  /** x += gelu(norm(x)·in)·out. */
  void feedForward(FeedForward layer, Matrix x) {
    Matrix z = inner.rows(0, x.rows());
    multiply(layer.in(), normed(layer.norm(), x), z);
    Parallel.over(x.rows(), LEAST, (from, to) -> loops.gelu(z.rows(from, to), z.rows(from, to)));
    add(layer.out(), z, x);
  }

  private static void multiply(RowProduct map, Matrix x, Matrix y) {
    for (int from = 0; from < x.rows(); from += TOGETHER) {
      int to = Math.min(from + TOGETHER, x.rows());
      map.multiply(y.rows(from, to), x.rows(from, to));
    }
  }
}
