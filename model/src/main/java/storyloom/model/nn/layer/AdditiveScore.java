package storyloom.model.nn.layer;

import java.util.function.IntFunction;
import storyloom.model.nn.config.AttentionKind;
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
 * with A = H. The tanh of one story token, [S,A], is all that stands in memory for a pair at a
 * time; the backward pass computes it again. Source: Bahdanau, Cho and Bengio 2015, §A.1.2; Keras:
 * {@code AdditiveAttention}.
 */
final class AdditiveScore implements AttentionScore {

  private final ParameterVertex vertex;
  private Packing prompts;
  private Matrix tanhs;
  private Matrix dSums;
  private Matrix dVectors;

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
  public void startForward(Packing newPrompts, IntFunction<Matrix> memory) {
    prompts = newPrompts;
    tanhs = memory.apply(prompts.tokens());
  }

  @Override
  public void forward(Kernel kernel, int row, Matrix query, Matrix key, Matrix scores) {
    Matrix vector = vertex.weight(AttentionSpec.VECTOR);
    Matrix tanh = prompts.rows(tanhs, row);
    for (int t = 0; t < query.rows(); t++) {
      kernel.tanhOfSum(key, query.rows(t, t + 1), tanh);
      kernel.multiply(vector, Side.PLAIN, tanh, Side.TRANSPOSED, 0, scores.rows(t, t + 1));
    }
  }

  @Override
  public void startBackward(Packing newPrompts, IntFunction<Matrix> memory) {
    startForward(newPrompts, memory);
    dSums = memory.apply(prompts.tokens());
    dVectors = memory.apply(prompts.rows());
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
    Matrix vector = vertex.weight(AttentionSpec.VECTOR);
    Matrix tanh = prompts.rows(tanhs, row);
    Matrix dSum = prompts.rows(dSums, row);
    Matrix dVector = dVectors.rows(row, row + 1);
    kernel.clear(dVector);
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

  @Override
  public void finishBackward(Kernel kernel) {
    Matrix dVector = vertex.gradient(AttentionSpec.VECTOR);
    kernel.clear(dVector);
    kernel.addColumnSums(dVectors, dVector);
  }
}
