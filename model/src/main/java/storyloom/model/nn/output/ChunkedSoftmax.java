package storyloom.model.nn.output;

import java.util.Arrays;
import java.util.List;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.layer.LinearMap;
import storyloom.model.nn.layer.Parameter;
import storyloom.model.nn.loss.TokenLosses;

/**
 * Softmax over C classes whose logits are one or two linear maps of x.
 *
 * <pre>
 *   logits [m,C] = (x·map)·map … + bias
 *   loss         = softmax cross-entropy, or what {@link ChunkLoss} makes of it
 * </pre>
 *
 * <p>Logits are made for a chunk of m tokens at a time, and their gradient takes their place, so
 * that [N,C] never stands in memory.
 */
final class ChunkedSoftmax implements TokenDistribution {

  private final Kernel kernel;
  private final int chunk;
  private final Matrix logits;
  private final List<Matrix> hidden;
  private final List<LinearMap> maps;
  private final Parameter bias;
  private final ChunkLoss loss;

  /** What is done with the logits of the tokens from {@code from} on, bias not yet added. */
  interface ChunkVisitor {
    void visit(int from, Matrix logits);
  }

  /**
   * @param scratch working memory
   * @param logits gapless room for a chunk's logits, which several may share
   * @param maps from x to the logits
   * @param bias [1,C]; without a gradient if the classes have none
   * @param loss of the classes
   */
  ChunkedSoftmax(
      Scratch scratch, Matrix logits, List<LinearMap> maps, Parameter bias, ChunkLoss loss) {
    this.kernel = Kernel.of(logits, scratch.bfloat16());
    this.chunk = scratch.chunk();
    this.logits = logits;
    this.hidden =
        maps.subList(0, maps.size() - 1).stream()
            .map(map -> scratch.matrix(chunk, map.out()))
            .toList();
    this.maps = List.copyOf(maps);
    this.bias = bias;
    this.loss = loss;
  }

  /** {@inheritDoc} Here dx may be x itself. */
  @Override
  public TokenLosses learn(Matrix x, int[] targets, double scale, Matrix dx) {
    TokenLosses losses = loss.start(targets);
    clearGradients(targets.length == 0);
    forEachChunk(
        x,
        (from, made) -> {
          int to = from + made.rows();
          int[] some = Arrays.copyOfRange(targets, from, to);
          losses.put(from, loss.of(kernel, from, made, bias.value(), some, scale));
          if (bias.gradient() != null) {
            kernel.addColumnSums(made, bias.gradient());
          }
          backward(x.rows(from, to), made, from == 0 ? 0 : 1, dx.rows(from, to));
        });
    return losses;
  }

  /** The bias's gradient is always added to, those of the maps only after the first chunk. */
  private void clearGradients(boolean all) {
    if (bias.gradient() != null) {
      kernel.clear(bias.gradient());
    }
    if (all) {
      maps.forEach(map -> kernel.clear(map.weight().gradient()));
    }
  }

  @Override
  public TokenLosses score(Matrix x, int[] targets) {
    TokenLosses losses = loss.start(targets);
    forEachChunk(
        x,
        (from, made) -> {
          int[] some = Arrays.copyOfRange(targets, from, from + made.rows());
          losses.put(from, loss.of(kernel, from, made, bias.value(), some, 0));
        });
    return losses;
  }

  @Override
  public void logits(Matrix x, Matrix all) {
    forEachChunk(
        x,
        (from, made) -> {
          kernel.addBias(made, bias.value());
          kernel.copy(made, all.rows(from, from + made.rows()));
        });
  }

  /** Makes the logits of all rows of x, chunk by chunk. */
  void forEachChunk(Matrix x, ChunkVisitor visitor) {
    for (int from = 0; from < x.rows(); from += chunk) {
      int to = Math.min(from + chunk, x.rows());
      visitor.visit(from, forward(x.rows(from, to)));
    }
  }

  private Matrix forward(Matrix x) {
    Matrix y = x;
    for (int i = 0; i < maps.size(); i++) {
      Matrix next =
          i < hidden.size()
              ? hidden.get(i).rows(0, x.rows())
              : logits.shaped(x.rows(), maps.get(i).out());
      maps.get(i).forward(kernel, y, next);
      y = next;
    }
    return y;
  }

  /** The reverse of {@link #forward}; the gradient by what is hidden takes its place. */
  private void backward(Matrix x, Matrix dLogits, double keep, Matrix dx) {
    Matrix dy = dLogits;
    for (int i = maps.size() - 1; i >= 0; i--) {
      Matrix input = i == 0 ? x : hidden.get(i - 1).rows(0, x.rows());
      Matrix dInput = i == 0 ? dx : input;
      maps.get(i).backward(kernel, input, dy, keep, dInput, 0);
      dy = dInput;
    }
  }
}
