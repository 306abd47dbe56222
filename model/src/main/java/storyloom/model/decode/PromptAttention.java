package storyloom.model.decode;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.AttentionKind;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Kernel.Side;
import storyloom.model.nn.kernel.Matrix;

/**
 * How a decoder's step scores the tokens of its row's prompt: the equations of training, for one
 * story token at a time. A prompt's keys are made once, for all steps of its story.
 */
interface PromptAttention {

  static PromptAttention of(AttentionKind kind, Map<String, INDArray> tensors) {
    return switch (kind) {
      case NONE -> new None();
      case DOT -> new Dot();
      case GENERAL -> new General(Matrix.of(tensors.get("attention.weight")));
      case ADDITIVE ->
          new Additive(
              Matrix.of(tensors.get("attention.query_weight")),
              Matrix.of(tensors.get("attention.key_weight")),
              Matrix.of(tensors.get("attention.vector")));
    };
  }

  /** Whether there are scores at all. */
  default boolean looks() {
    return true;
  }

  /**
   * The keys of one prompt.
   *
   * @param outputs [S,H], the encoder's outputs
   * @param scratch [S,H]
   * @return [S,H]: the outputs themselves, or the scratch, written
   */
  default Matrix keys(Kernel kernel, Matrix outputs, Matrix scratch) {
    return outputs;
  }

  /**
   * The queries of all rows alive.
   *
   * @param states [m,H], m a multiple of {@link Kernel#BLOCK}
   * @param scratch [m,H]
   * @return [m,H]: the states themselves, or the scratch, written
   */
  default Matrix queries(Kernel kernel, Matrix states, Matrix scratch) {
    return states;
  }

  /**
   * The scores of one row.
   *
   * @param query [1,H]
   * @param key [S,H]
   * @param scratch [S,H]
   * @param scores [1,S], written
   */
  default void score(Kernel kernel, Matrix query, Matrix key, Matrix scratch, Matrix scores) {
    kernel.multiply(query, Side.PLAIN, key, Side.TRANSPOSED, 0, scores);
  }

  /** No attention. */
  record None() implements PromptAttention {
    @Override
    public boolean looks() {
      return false;
    }
  }

  /** d·e. */
  record Dot() implements PromptAttention {}

  /** d·weight·e; the key is e·weightᵀ. */
  record General(Matrix weight) implements PromptAttention {
    @Override
    public Matrix keys(Kernel kernel, Matrix outputs, Matrix scratch) {
      kernel.multiply(outputs, Side.PLAIN, weight, Side.TRANSPOSED, 0, scratch);
      return scratch;
    }
  }

  /** vector·tanh(d·queryWeight + e·keyWeight). */
  record Additive(Matrix queryWeight, Matrix keyWeight, Matrix vector) implements PromptAttention {
    @Override
    public Matrix keys(Kernel kernel, Matrix outputs, Matrix scratch) {
      kernel.multiply(outputs, Side.PLAIN, keyWeight, Side.PLAIN, 0, scratch);
      return scratch;
    }

    @Override
    public Matrix queries(Kernel kernel, Matrix states, Matrix scratch) {
      kernel.multiplyInBlocks(states, queryWeight, 0, scratch);
      return scratch;
    }

    @Override
    public void score(Kernel kernel, Matrix query, Matrix key, Matrix scratch, Matrix scores) {
      kernel.tanhOfSum(key, query, scratch);
      kernel.multiply(vector, Side.PLAIN, scratch, Side.TRANSPOSED, 0, scores);
    }
  }
}
