package storyloom.model.nn;

import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Kernel.Side;
import storyloom.model.nn.kernel.Matrix;

/**
 * The scores of {@link AttentionKind#ADDITIVE}: a small network with one hidden layer.
 *
 * <pre>
 *   query = d·queryWeight;  key = e·keyWeight
 *   scores[t,s] = vector·tanh(query[t] + key[s])
 * </pre>
 *
 * <p>d decoder states [T,H], e encoder outputs [S,H], queryWeight and keyWeight [H,A], vector [A],
 * with A = H. The tanh of one story token, [S,A], is all that stands in memory at a time; the
 * backward pass computes it again. Source: Bahdanau, Cho and Bengio 2015, §A.1.2; Keras: {@code
 * AdditiveAttention}.
 */
final class AdditiveScore implements AttentionScore {

  private final ParameterVertex vertex;

  /**
   * @param vertex whose parameters they are
   */
  AdditiveScore(ParameterVertex vertex) {
    this.vertex = vertex;
  }

  @Override
  public Projection queries() {
    return Projection.by(vertex, AttentionSpec.QUERY_WEIGHT, Side.PLAIN);
  }

  @Override
  public Projection keys() {
    return Projection.by(vertex, AttentionSpec.KEY_WEIGHT, Side.PLAIN);
  }

  @Override
  public void forward(Kernel kernel, Matrix query, Matrix key, Matrix scratch, Matrix scores) {
    Matrix vector = vertex.weight(AttentionSpec.VECTOR);
    Matrix tanh = scratch.rows(0, key.rows());
    for (int t = 0; t < query.rows(); t++) {
      kernel.tanhOfSum(key, query.rows(t, t + 1), tanh);
      kernel.multiply(vector, Side.PLAIN, tanh, Side.TRANSPOSED, 0, scores.rows(t, t + 1));
    }
  }

  @Override
  public void startBackward(Kernel kernel) {
    kernel.clear(vertex.gradient(AttentionSpec.VECTOR));
  }

  @Override
  public void backward(
      Kernel kernel,
      Matrix query,
      Matrix key,
      Matrix dScores,
      Matrix scratch,
      Matrix dQuery,
      Matrix dKey) {
    Matrix vector = vertex.weight(AttentionSpec.VECTOR);
    Matrix dVector = vertex.gradient(AttentionSpec.VECTOR);
    Matrix tanh = scratch.rows(0, key.rows());
    Matrix dSum = scratch.rows(key.rows(), 2 * key.rows());
    for (int t = 0; t < query.rows(); t++) {
      Matrix dScore = dScores.rows(t, t + 1);
      kernel.tanhOfSum(key, query.rows(t, t + 1), tanh);
      kernel.multiply(dScore, Side.PLAIN, tanh, Side.PLAIN, 1, dVector);
      kernel.multiply(dScore, Side.TRANSPOSED, vector, Side.PLAIN, 0, dSum);
      kernel.tanhBackward(tanh, dSum);
      kernel.addColumnSums(dSum, dQuery.rows(t, t + 1));
      kernel.add(dSum, dKey);
    }
  }
}
