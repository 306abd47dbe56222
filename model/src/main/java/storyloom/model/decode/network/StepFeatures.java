package storyloom.model.decode.network;

import java.util.List;
import storyloom.model.decode.network.PromptAttention.EncodedPrompt;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Kernel.Side;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.kernel.Parallel;

/**
 * What the output layer reads at each step: the decoder's state and, where the model has attention,
 * what it draws from the row's own prompt.
 *
 * <pre>
 *   weights [1,S] = softmax of the row's scores
 *   features [1,2H] = [h ; weights·outputs]
 * </pre>
 */
final class StepFeatures {

  private final PromptAttention attention;
  private final Kernel kernel;
  private final Matrix queries;
  private final Matrix scores;
  private final Matrix contexts;
  private final Matrix scratch;

  /**
   * @param hidden H
   * @param longest prompt, in tokens
   * @param rows most rows at a time
   */
  StepFeatures(PromptAttention attention, int hidden, int longest, int rows, MatrixArena arena) {
    this.attention = attention;
    queries = arena.floats(rows, hidden);
    scores = arena.floats(rows, longest);
    contexts = arena.floats(rows, hidden);
    scratch = arena.floats(attention.scratchRows(rows, longest), hidden);
    kernel = Kernel.of(queries);
  }

  /**
   * @param h [m,H], the last layer's state
   * @param prompts of each row, which prompt is its own
   * @return m rows each, side by side I wide
   */
  Matrix[] of(Matrix h, List<EncodedPrompt> prompts) {
    if (!attention.looks()) {
      return new Matrix[] {h};
    }
    Matrix query = attention.queries(h, queries.rows(0, h.rows()));
    Parallel.over(
        h.rows(),
        1,
        (from, to) -> {
          for (int row = from; row < to; row++) {
            attend(query.rows(row, row + 1), row, prompts.get(row));
          }
        });
    return new Matrix[] {h, contexts.rows(0, h.rows())};
  }

  /**
   * What a row of the last step looked at.
   *
   * @param prompt the row's own
   * @return a weight for each token of the prompt, 1 in all; none where the model has no attention
   */
  float[] weights(int row, EncodedPrompt prompt) {
    float[] weights = new float[attention.looks() ? prompt.length() : 0];
    scores.rows(row, row + 1).columns(0, weights.length).copyRow(0, weights);
    return weights;
  }

  /** [m,S] of the last step: a row's weights, as many as its prompt has tokens. */
  Matrix scores() {
    return scores;
  }

  private void attend(Matrix query, int row, EncodedPrompt prompt) {
    Matrix weight = scores.rows(row, row + 1).columns(0, prompt.length());
    attention.score(kernel, query, prompt.keys(), row, scratch, weight);
    kernel.softmax(weight);
    Matrix context = contexts.rows(row, row + 1);
    kernel.multiply(weight, Side.PLAIN, prompt.outputs(), Side.PLAIN, 0, context);
  }
}
