package storyloom.model.decode.network;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.config.AttentionKind;
import storyloom.model.nn.config.Seq2SeqTensors;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Kernel.Side;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.kernel.Precision;
import storyloom.model.nn.kernel.RowProduct;
import storyloom.model.nn.layer.CopyWords;

/**
 * How a decoder's step scores the tokens of its row's prompt: the equations of training, for one
 * story token at a time. A prompt's keys are made once, for all steps of its story.
 */
interface PromptAttention extends AutoCloseable {

  static PromptAttention of(
      AttentionKind kind, Map<String, INDArray> tensors, Precision precision) {
    return switch (kind) {
      case NONE -> new None();
      case DOT -> new Dot();
      case GENERAL ->
          new General(
              precision.productWithTransposed(
                  Matrix.of(
                      tensors.get(
                          Seq2SeqTensors.name(Seq2SeqTensors.ATTENTION, Seq2SeqTensors.WEIGHT)))));
      case ADDITIVE ->
          new Additive(
              precision.product(
                  Matrix.of(
                      tensors.get(
                          Seq2SeqTensors.name(
                              Seq2SeqTensors.ATTENTION, Seq2SeqTensors.QUERY_WEIGHT)))),
              precision.product(
                  Matrix.of(
                      tensors.get(
                          Seq2SeqTensors.name(
                              Seq2SeqTensors.ATTENTION, Seq2SeqTensors.KEY_WEIGHT)))),
              Matrix.of(
                  tensors.get(
                      Seq2SeqTensors.name(Seq2SeqTensors.ATTENTION, Seq2SeqTensors.VECTOR))));
    };
  }

  /** Whether there are scores at all. */
  default boolean looks() {
    return true;
  }

  /**
   * The keys of prompts.
   *
   * @param outputs [M,H], the encoder's outputs
   * @param arena where the keys live
   * @return [M,H]; may be the outputs themselves
   */
  default Matrix keys(Matrix outputs, MatrixArena arena) {
    return outputs;
  }

  /**
   * The queries of all rows alive.
   *
   * @param states [m,H]
   * @param scratch [m,H]
   * @return [m,H]: the states themselves, or the scratch, written
   */
  default Matrix queries(Matrix states, Matrix scratch) {
    return states;
  }

  /**
   * Rows of scratch that {@link #score} needs.
   *
   * @param rows most rows at a time
   * @param longest prompt
   */
  default int scratchRows(int rows, int longest) {
    return 1;
  }

  /**
   * The scores of one row; other rows may be scored at the same time.
   *
   * @param query [1,H]
   * @param key [S,H]
   * @param row its number
   * @param scratch [{@link #scratchRows},H]
   * @param scores [1,S], written
   */
  default void score(
      Kernel kernel, Matrix query, Matrix key, int row, Matrix scratch, Matrix scores) {
    kernel.multiply(query, Side.PLAIN, key, Side.TRANSPOSED, 0, scores);
  }

  /** Frees what was made of the weights. */
  @Override
  default void close() {}

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
  record General(RowProduct keyWeight) implements PromptAttention {
    @Override
    public Matrix keys(Matrix outputs, MatrixArena arena) {
      Matrix keys = arena.floats(outputs.rows(), keyWeight.columns());
      keyWeight.multiply(keys, outputs);
      return keys;
    }

    @Override
    public void close() {
      keyWeight.close();
    }
  }

  /** vector·tanh(d·queryWeight + e·keyWeight). */
  record Additive(RowProduct queryWeight, RowProduct keyWeight, Matrix vector)
      implements PromptAttention {
    @Override
    public Matrix keys(Matrix outputs, MatrixArena arena) {
      Matrix keys = arena.floats(outputs.rows(), keyWeight.columns());
      keyWeight.multiply(keys, outputs);
      return keys;
    }

    @Override
    public Matrix queries(Matrix states, Matrix scratch) {
      queryWeight.multiply(scratch, states);
      return scratch;
    }

    @Override
    public void close() {
      queryWeight.close();
      keyWeight.close();
    }

    @Override
    public int scratchRows(int rows, int longest) {
      return Math.multiplyExact(rows, longest);
    }

    @Override
    public void score(
        Kernel kernel, Matrix query, Matrix key, int row, Matrix scratch, Matrix scores) {
      int longest = scores.stride();
      Matrix tanh = scratch.rows(row * longest, row * longest + key.rows());
      kernel.tanhOfSum(key, query, tanh);
      kernel.multiply(vector, Side.PLAIN, tanh, Side.TRANSPOSED, 0, scores);
    }
  }

  /**
   * What all steps of a story look at: its prompt after the encoder, in memory of its own, which
   * outlives those it was encoded beside.
   *
   * @param words of it that a story may copy
   * @param outputs [S,H], the encoder's
   * @param keys [S,H], what attention compares with; may be the outputs themselves
   * @param memory where both live
   */
  record EncodedPrompt(CopyWords words, Matrix outputs, Matrix keys, MatrixArena memory)
      implements AutoCloseable {

    /**
     * A copy of a prompt's outputs, and its keys.
     *
     * @param words of the prompt
     * @param outputs [S,H]
     * @param memory for it alone; closed with it
     */
    static EncodedPrompt of(
        CopyWords words, Matrix outputs, PromptAttention attention, MatrixArena memory) {
      Matrix own = memory.floats(outputs.rows(), outputs.columns());
      Kernel.of(outputs).copy(outputs, own);
      return new EncodedPrompt(words, own, attention.keys(own, memory), memory);
    }

    /** S, tokens of the prompt. */
    int length() {
      return outputs.rows();
    }

    @Override
    public void close() {
      memory.close();
    }
  }
}
