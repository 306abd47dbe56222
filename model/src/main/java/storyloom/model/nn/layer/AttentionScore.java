package storyloom.model.nn.layer;

import java.util.Optional;
import java.util.function.IntFunction;
import storyloom.model.nn.config.AttentionKind;
import storyloom.model.nn.config.Seq2SeqTensors;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Kernel.Side;
import storyloom.model.nn.kernel.Matrix;

/**
 * How well decoder states fit encoder outputs: all states become queries and all outputs keys, and
 * then each pair of the batch has its queries compared with its keys.
 *
 * <p>One pair has T queries and S keys, [T,H] and [S,H]; its scores are [T,S].
 */
interface AttentionScore {

  /**
   * The scores of a kind.
   *
   * @param kind any but {@link AttentionKind#NONE}
   * @param vertex which learns what is learned
   */
  static AttentionScore of(AttentionKind kind, ParameterVertex vertex) {
    return switch (kind) {
      case DOT -> new Dot(vertex, false);
      case GENERAL -> new Dot(vertex, true);
      case ADDITIVE -> new Additive(vertex);
      case NONE -> throw new IllegalArgumentException("no attention needs no vertex");
    };
  }

  /** From decoder states to queries; empty if they are the queries. */
  Optional<LinearMap> queries();

  /** From encoder outputs to keys; empty if they are the keys. */
  Optional<LinearMap> keys();

  /**
   * Takes the memory that the pairs of one forward pass need.
   *
   * @param memory a number of rows → [rows,H], not cleared
   */
  default void startForward(Packing prompts, IntFunction<Matrix> memory) {}

  /**
   * @param row the pair's row of the batch; pairs may run at the same time
   * @param query [T,H]
   * @param key [S,H]
   * @param scores [T,S], written
   */
  void forward(Kernel kernel, int row, Matrix query, Matrix key, Matrix scores);

  /** As {@link #startForward}, for one backward pass. */
  default void startBackward(Packing prompts, IntFunction<Matrix> memory) {}

  /**
   * The reverse of {@link #forward}.
   *
   * @param row the pair's row of the batch; pairs may run at the same time
   * @param query [T,H]
   * @param key [S,H]
   * @param dScores [T,S], the gradient by the scores
   * @param dQuery [T,H], added to
   * @param dKey [S,H], added to
   */
  void backward(
      Kernel kernel, int row, Matrix query, Matrix key, Matrix dScores, Matrix dQuery, Matrix dKey);

  /** After the last pair's {@link #backward}: writes the gradients that all pairs add to. */
  default void finishBackward(Kernel kernel) {}

  /**
   * The scores of {@link AttentionKind#DOT} and {@link AttentionKind#GENERAL}: the inner products
   * of queries and keys.
   *
   * <pre>
   *   query = d;  key = e (dot) or e·weightᵀ (general), so that query·key = d·weight·e
   *   scores [T,S] = query·keyᵀ
   * </pre>
   *
   * <p>d decoder states [T,H], e encoder outputs [S,H], weight [H,H]. General projects the keys,
   * not the queries, because prompts are shorter than stories and a prompt is projected once for
   * all steps of its story. Source: Luong, Pham and Manning 2015, §3.1.
   */
  final class Dot implements AttentionScore {

    private final ParameterVertex vertex;
    private final boolean general;

    private Dot(ParameterVertex vertex, boolean general) {
      this.vertex = vertex;
      this.general = general;
    }

    @Override
    public Optional<LinearMap> queries() {
      return Optional.empty();
    }

    @Override
    public Optional<LinearMap> keys() {
      return general
          ? Optional.of(new LinearMap(vertex.parameter(Seq2SeqTensors.WEIGHT), Side.TRANSPOSED))
          : Optional.empty();
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

  /**
   * The scores of {@link AttentionKind#ADDITIVE}: a small network with one hidden layer.
   *
   * <pre>
   *   query = d·queryWeight;  key = e·keyWeight
   *   scores[t,s] = vector·tanh(query[t] + key[s])
   * </pre>
   *
   * <p>d decoder states [T,H], e encoder outputs [S,H], queryWeight and keyWeight [H,A], vector
   * [A], with A = H. The tanh of one story token, [S,A], is all that stands in memory for a pair at
   * a time; the backward pass computes it again. Source: Bahdanau, Cho and Bengio 2015, §A.1.2;
   * Keras: {@code AdditiveAttention}.
   */
  final class Additive implements AttentionScore {

    private final ParameterVertex vertex;
    private Packing prompts;
    private Matrix tanhs;
    private Matrix dSums;
    private Matrix dVectors;

    private Additive(ParameterVertex vertex) {
      this.vertex = vertex;
    }

    @Override
    public Optional<LinearMap> queries() {
      return Optional.of(new LinearMap(vertex.parameter(Seq2SeqTensors.QUERY_WEIGHT), Side.PLAIN));
    }

    @Override
    public Optional<LinearMap> keys() {
      return Optional.of(new LinearMap(vertex.parameter(Seq2SeqTensors.KEY_WEIGHT), Side.PLAIN));
    }

    @Override
    public void startForward(Packing newPrompts, IntFunction<Matrix> memory) {
      prompts = newPrompts;
      tanhs = memory.apply(prompts.tokens());
    }

    @Override
    public void forward(Kernel kernel, int row, Matrix query, Matrix key, Matrix scores) {
      Matrix vector = vertex.weight(Seq2SeqTensors.VECTOR);
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
      Matrix vector = vertex.weight(Seq2SeqTensors.VECTOR);
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
      Matrix dVector = vertex.gradient(Seq2SeqTensors.VECTOR);
      kernel.clear(dVector);
      kernel.addColumnSums(dVectors, dVector);
    }
  }
}
