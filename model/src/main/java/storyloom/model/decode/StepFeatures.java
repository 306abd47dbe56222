package storyloom.model.decode;

import java.util.ArrayList;
import java.util.List;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Kernel.Side;
import storyloom.model.nn.kernel.Matrix;

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
  private final EncodedPrompts prompts;
  private final Kernel kernel;
  private final List<Matrix> keys = new ArrayList<>();
  private final Matrix queries;
  private final Matrix scratch;
  private final Matrix scores;
  private final Matrix features;

  /**
   * @param rows most rows at a time, in whole blocks
   */
  StepFeatures(PromptAttention attention, EncodedPrompts prompts, int rows, Arena arena) {
    this.attention = attention;
    this.prompts = prompts;
    int hidden = prompts.byRow().columns();
    int longest = prompts.packing().steps();
    kernel = Kernel.of(prompts.byRow());
    queries = arena.floats(rows, hidden);
    scratch = arena.floats(longest, hidden);
    scores = arena.floats(1, longest);
    features = arena.floats(rows, 2 * hidden);
    kernel.clear(features);
    Matrix made = arena.floats(prompts.byRow().rows(), hidden);
    for (int row = 0; row < prompts.packing().rows(); row++) {
      keys.add(attention.keys(kernel, prompts.outputs(row), prompts.packing().rows(made, row)));
    }
  }

  /**
   * @param h [m,H], the last layer's state, in whole blocks
   * @param numbers of each row alive, which prompt is its own
   * @return [m,I]
   */
  Matrix of(Matrix h, int[] numbers) {
    if (!attention.looks()) {
      return h;
    }
    int hidden = h.columns();
    Matrix query = attention.queries(kernel, h, queries.rows(0, h.rows()));
    for (int i = 0; i < numbers.length; i++) {
      Matrix key = keys.get(numbers[i]);
      Matrix weight = scores.shaped(1, key.rows());
      Matrix feature = features.rows(i, i + 1);
      attention.score(kernel, query.rows(i, i + 1), key, scratch.rows(0, key.rows()), weight);
      kernel.softmax(weight);
      kernel.copy(h.rows(i, i + 1), feature.columns(0, hidden));
      Matrix outputs = prompts.outputs(numbers[i]);
      Matrix context = feature.columns(hidden, 2 * hidden);
      kernel.multiply(weight, Side.PLAIN, outputs, Side.PLAIN, 0, context);
    }
    return features.rows(0, h.rows());
  }
}
