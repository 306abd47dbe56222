package storyloom.model.nn.kernel;

import java.util.List;
import java.util.stream.IntStream;
import storyloom.model.nn.loss.LossTally;
import storyloom.model.nn.loss.TokenLosses;

/**
 * The arithmetic under the vertices: matrix products by BLAS and the loops that BLAS lacks. All
 * matrices of one call hold the same kind of number. Shapes are checked, aliasing is not: an
 * argument called "in place" is overwritten, all others are read or written as said.
 *
 * <p>Letters: m rows of any kind, E and H widths, V vocabulary.
 */
public interface Kernel {

  /** Whether a factor of a product is taken as it stands or transposed. */
  enum Side {
    PLAIN,
    TRANSPOSED
  }

  /** The kernel for an array's numbers. */
  static Kernel of(Matrix matrix) {
    return matrix.isDouble() ? DoubleKernel.THREADED : FloatKernel.THREADED;
  }

  /**
   * The kernel for an array's numbers, for large products whose factors may be rounded.
   *
   * @param bfloat16 whether the factors of products of floats are rounded to bfloat16 (8 bits of
   *     precision) where the processor multiplies those by itself; sums stay in float
   */
  static Kernel of(Matrix matrix, boolean bfloat16) {
    return bfloat16 && !matrix.isDouble() ? FloatKernel.Bfloat16.THREADED : of(matrix);
  }

  /** Whether this JVM has jdk.incubator.vector, and is not told to do without. */
  static boolean hasVectors() {
    return FloatKernel.hasVectors();
  }

  /**
   * The same loops on the calling thread alone, with products in one piece: for parts of a loop
   * that {@link Parallel} runs.
   */
  default Kernel sequential() {
    return this;
  }

  /** c = op(a) · op(b) + keep · c; the bits do not depend on the number of threads. */
  void multiply(Matrix a, Side sideOfA, Matrix b, Side sideOfB, double keep, Matrix c);

  /** Fills with zeros. */
  void clear(Matrix matrix);

  /** to = from; the same shape. */
  void copy(Matrix from, Matrix to);

  /** Numbers whose squares {@link #squaredNorm} sums at a time. */
  int NORM_BLOCK = 1 << 16;

  /**
   * Sum of the squares of all numbers, in double: of each {@link #NORM_BLOCK} numbers of a row by
   * themselves, then of the blocks in their order, so that it does not matter who sums which block.
   */
  double squaredNorm(Matrix matrix);

  /** to += from, number by number. */
  void add(Matrix from, Matrix to);

  /** to[row 0] += the sum of the rows of {@code from}. */
  void addColumnSums(Matrix from, Matrix to);

  /** Row i of {@code to} = row {@code ids[i]} of {@code table}. */
  void gatherRows(Matrix table, int[] ids, Matrix to);

  /** Row {@code ids[i]} of {@code table} += row i of {@code from}, in the order of i. */
  void scatterAddRows(Matrix from, int[] ids, Matrix table);

  /** Row {@code ids[i]} of {@code table} = row i of {@code from}. */
  void scatterRows(Matrix from, int[] ids, Matrix table);

  /**
   * Inverted dropout in place: number k, counted in row-major order, is zeroed where {@link
   * DropoutStream#drops} says so, and divided by the share kept elsewhere. Forward and backward
   * call it with the same stream.
   */
  default void dropout(Matrix matrix, DropoutStream stream) {
    dropout(matrix, IntStream.range(0, matrix.rows()).toArray(), stream);
  }

  /**
   * One LSTM step.
   *
   * <pre>
   *   [i f g o] = z + bias;  i, f, o = sigmoid;  g = tanh
   *   c = f·cBefore + i·g
   *   h = o·tanh(c)
   * </pre>
   *
   * @param gates [m,4H], z in, the activated gates out
   * @param bias [1,4H]
   * @param cBefore [m,H]
   * @param c [m,H], written
   * @param h [m,H], written
   */
  void lstmForward(Matrix gates, Matrix bias, Matrix cBefore, Matrix c, Matrix h);

  /**
   * The reverse of {@link #lstmForward}, line for line.
   *
   * @param gates [m,4H], the activated gates in, the gradient by z out
   * @param cBefore [m,H]
   * @param c [m,H]
   * @param hGradient [m,H], the gradient by h
   * @param cGradient [m,H], the gradient by c from later steps in, by cBefore out
   */
  void lstmBackward(Matrix gates, Matrix cBefore, Matrix c, Matrix hGradient, Matrix cGradient);

  /** Softmax of each row, in place. */
  void softmax(Matrix scores);

  /**
   * The reverse of {@link #softmax}.
   *
   * @param weights [m,n], the softmax
   * @param gradient [m,n], the gradient by the weights in, by the scores out
   */
  void softmaxBackward(Matrix weights, Matrix gradient);

  /**
   * Adds the bias to each row.
   *
   * @param logits [m,V], with the bias added afterwards
   * @param bias [1,V]
   * @return the largest number of each of the m rows then
   */
  double[] addBias(Matrix logits, Matrix bias);

  /** {@link #softmaxCrossEntropy(Matrix, Matrix, int[], double, double)}, unsmoothed, summed. */
  default LossTally softmaxCrossEntropy(Matrix logits, Matrix bias, int[] targets, double scale) {
    return softmaxCrossEntropy(logits, bias, targets, scale, 0).tally();
  }

  /**
   * Sparse softmax cross-entropy of logits + bias, with label smoothing ε: the target's share of
   * the wanted distribution is 1 − ε + ε/V, that of each other token ε/V.
   *
   * <pre>
   *   loss     = (1 − ε) · −ln p(target) + ε/V · Σ −ln p
   *   gradient = p − (1 − ε)·onehot(target) − ε/V
   * </pre>
   *
   * @param logits [m,V] in; the gradient by the logits, times {@code scale}, out
   * @param bias [1,V]
   * @param targets m token ids
   * @param scale factor of the gradient; 0 where only the losses are wanted (the logits are
   *     overwritten all the same)
   * @param smoothing ε; 0 for none
   */
  TokenLosses softmaxCrossEntropy(
      Matrix logits, Matrix bias, int[] targets, double scale, double smoothing);

  /**
   * One update by Adam in one pass; the equations stand at {@link AdamStep}.
   *
   * @param factor by which the gradient is multiplied first
   */
  void adam(AdamTensor tensor, double factor, AdamStep step);

  /**
   * Several updates by Adam, one after the other, in all of which the gradient is 0: the same bits
   * as by as many calls of {@link #adam}, but all of them while the numbers are in registers.
   *
   * @param tensor whose gradient is not looked at
   * @param steps with the same β1, β2 and ε
   */
  void adamWithoutGradient(AdamTensor tensor, List<AdamStep> steps);

  /**
   * Inverted dropout in place, as {@link #dropout}, but with a mask for each of several sequences:
   * number k of row i is zeroed where the stream drops position {@code masks[i]} · width + k, so
   * rows with the same mask drop the same numbers.
   *
   * @param matrix [m,width]
   * @param masks m numbers, at least 0
   */
  void dropout(Matrix matrix, int[] masks, DropoutStream stream);

  /**
   * Inverted dropout of whole rows in place: row i is zeroed where the stream drops position {@code
   * masks[i]}, and divided by the share kept elsewhere.
   *
   * @param masks a number for each row, at least 0; rows with the same one are dropped together
   */
  void dropoutRows(Matrix matrix, int[] masks, DropoutStream stream);

  /**
   * to = tanh(from + row), the one row added to each row of {@code from}.
   *
   * @param from [m,n]
   * @param row [1,n]
   * @param to [m,n], written
   */
  void tanhOfSum(Matrix from, Matrix row, Matrix to);

  /**
   * The reverse of {@link #tanhOfSum}.
   *
   * @param tanh [m,n], what it wrote
   * @param gradient [m,n], the gradient by that in, by the sum out
   */
  void tanhBackward(Matrix tanh, Matrix gradient);

  /** The largest number of each row. */
  double[] largest(Matrix matrix);

  /**
   * ln Σ exp of each row, which stays as it is: what turns a logit into a log probability.
   *
   * @param logits [m,V]
   * @param largest number of each row
   * @return m numbers
   */
  double[] logSums(Matrix logits, double[] largest);

  /** The same where the largest are not known. */
  default double[] logSums(Matrix logits) {
    return logSums(logits, largest(logits));
  }

  /** Each number of row r += {@code numbers[r]}. */
  void addToRows(double[] numbers, Matrix matrix);

  /** Each number of row r is multiplied by {@code factors[r]}; one of 1 costs nothing. */
  void scaleRows(double[] factors, Matrix matrix);
}
