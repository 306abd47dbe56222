package storyloom.model.nn.layer;

import storyloom.model.nn.config.AttentionKind;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Kernel.Side;
import storyloom.model.nn.kernel.Matrix;

/**
 * The scores of {@link AttentionKind#DOT} and {@link AttentionKind#GENERAL}: the inner products of
 * queries and keys.
 *
 * <pre>
 *   query = d;  key = e (dot) or e·weightᵀ (general), so that query·key = d·weight·e
 *   scores [T,S] = query·keyᵀ
 * </pre>
 *
 * <p>d decoder states [T,H], e encoder outputs [S,H], weight [H,H]. General projects the keys, not
 * the queries, because prompts are shorter than stories and a prompt is projected once for all
 * steps of its story. Source: Luong, Pham and Manning 2015, §3.1.
 */
final class DotScore implements AttentionScore {

  private final Projection keys;

  /**
   * @param keys from encoder outputs to keys
   */
  DotScore(Projection keys) {
    this.keys = keys;
  }

  @Override
  public Projection queries() {
    return Projection.NONE;
  }

  @Override
  public Projection keys() {
    return keys;
  }

  @Override
  public void forward(Kernel kernel, int row, Matrix query, Matrix key, Matrix scores) {
    kernel.multiply(query, Side.PLAIN, key, Side.TRANSPOSED, 0, scores);
  }

  @Override
  public void backward(
      Kernel kernel,
      int row,
      Matrix query,
      Matrix key,
      Matrix dScores,
      Matrix dQuery,
      Matrix dKey) {
    kernel.multiply(dScores, Side.PLAIN, key, Side.PLAIN, 1, dQuery);
    kernel.multiply(dScores, Side.TRANSPOSED, query, Side.PLAIN, 1, dKey);
  }
}
