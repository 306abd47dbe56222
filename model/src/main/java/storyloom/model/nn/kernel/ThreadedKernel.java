package storyloom.model.nn.kernel;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import storyloom.model.nn.loss.TokenLosses;

/**
 * A kernel whose loops run on several threads, with the same results as on one: numbers that are
 * summed are summed in an order that the number of threads does not change.
 */
final class ThreadedKernel implements Kernel {

  /** Fewer numbers than this are not worth waking a thread for. */
  private static final int LEAST = 1 << 14;

  private final Kernel loops;
  private final CutProduct products;

  ThreadedKernel(Kernel loops) {
    this.loops = loops;
    this.products = new CutProduct(loops);
  }

  private static int grain(int width) {
    return Math.max(1, LEAST / Math.max(1, width));
  }

  /** Cuts matrices of one shape by rows, those of one row by columns. */
  private static void pieces(Matrix shape, Consumer<UnaryOperator<Matrix>> work) {
    if (shape.rows() == 1) {
      Parallel.over(shape.columns(), LEAST, (from, to) -> work.accept(m -> m.columns(from, to)));
    } else {
      rows(shape, (from, to) -> work.accept(m -> m.rows(from, to)));
    }
  }

  private static void rows(Matrix shape, Parallel.Part part) {
    Parallel.over(shape.rows(), grain(shape.columns()), part);
  }

  @Override
  public Kernel sequential() {
    return loops;
  }

  @Override
  public void multiply(Matrix a, Side sideOfA, Matrix b, Side sideOfB, double keep, Matrix c) {
    products.multiply(a, sideOfA, b, sideOfB, keep, c);
  }

  @Override
  public void clear(Matrix matrix) {
    pieces(matrix, cut -> loops.clear(cut.apply(matrix)));
  }

  @Override
  public void copy(Matrix from, Matrix to) {
    Shapes.requireSame(from, to);
    pieces(from, cut -> loops.copy(cut.apply(from), cut.apply(to)));
  }

  @Override
  public double squaredNorm(Matrix matrix) {
    int blocks = (matrix.columns() + NORM_BLOCK - 1) / NORM_BLOCK;
    double[] sums = new double[Math.multiplyExact(matrix.rows(), blocks)];
    Parallel.over(
        sums.length,
        grain(Math.min(matrix.columns(), NORM_BLOCK)),
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int row = i / blocks;
            int start = i % blocks * NORM_BLOCK;
            int end = Math.min(start + NORM_BLOCK, matrix.columns());
            sums[i] = loops.squaredNorm(matrix.rows(row, row + 1).columns(start, end));
          }
        });
    return DoubleStream.of(sums).sequential().reduce(0, Double::sum);
  }

  @Override
  public void add(Matrix from, Matrix to) {
    Shapes.requireSame(from, to);
    pieces(from, cut -> loops.add(cut.apply(from), cut.apply(to)));
  }

  @Override
  public void addColumnSums(Matrix from, Matrix to) {
    Shapes.require(to.columns() == from.columns(), from, to);
    Parallel.over(
        from.columns(),
        grain(from.rows()),
        (start, end) -> loops.addColumnSums(from.columns(start, end), to.columns(start, end)));
  }

  @Override
  public void gatherRows(Matrix table, int[] ids, Matrix to) {
    Shapes.require(ids.length == to.rows(), table, to);
    rows(
        to,
        (start, end) ->
            loops.gatherRows(table, Arrays.copyOfRange(ids, start, end), to.rows(start, end)));
  }

  /** By columns, as several rows of {@code from} may go to one of the table. */
  @Override
  public void scatterAddRows(Matrix from, int[] ids, Matrix table) {
    Shapes.require(table.columns() == from.columns(), from, table);
    Parallel.over(
        from.columns(),
        grain(from.rows()),
        (start, end) ->
            loops.scatterAddRows(from.columns(start, end), ids, table.columns(start, end)));
  }

  @Override
  public void scatterRows(Matrix from, int[] ids, Matrix table) {
    Shapes.require(ids.length == from.rows(), from, table);
    rows(
        from,
        (start, end) ->
            loops.scatterRows(from.rows(start, end), Arrays.copyOfRange(ids, start, end), table));
  }

  @Override
  public void lstmForward(Matrix gates, Matrix bias, Matrix cBefore, Matrix c, Matrix h) {
    Shapes.requireStep(gates, cBefore, c, h);
    rows(
        gates,
        (start, end) ->
            loops.lstmForward(
                gates.rows(start, end),
                bias,
                cBefore.rows(start, end),
                c.rows(start, end),
                h.rows(start, end)));
  }

  @Override
  public void lstmBackward(
      Matrix gates, Matrix cBefore, Matrix c, Matrix hGradient, Matrix cGradient) {
    Shapes.requireStep(gates, cBefore, c, hGradient, cGradient);
    rows(
        gates,
        (start, end) ->
            loops.lstmBackward(
                gates.rows(start, end),
                cBefore.rows(start, end),
                c.rows(start, end),
                hGradient.rows(start, end),
                cGradient.rows(start, end)));
  }

  @Override
  public void softmax(Matrix scores) {
    rows(scores, (start, end) -> loops.softmax(scores.rows(start, end)));
  }

  @Override
  public void softmaxBackward(Matrix weights, Matrix gradient) {
    Shapes.requireSame(weights, gradient);
    rows(
        weights,
        (start, end) -> loops.softmaxBackward(weights.rows(start, end), gradient.rows(start, end)));
  }

  @Override
  public double[] addBias(Matrix logits, Matrix bias) {
    return figures(logits, (from, to) -> loops.addBias(logits.rows(from, to), bias));
  }

  @Override
  public TokenLosses softmaxCrossEntropy(
      Matrix logits, Matrix bias, int[] targets, double scale, double smoothing) {
    Shapes.require(targets.length == logits.rows(), logits);
    TokenLosses losses = TokenLosses.of(targets.length);
    rows(
        logits,
        (start, end) -> {
          int[] some = Arrays.copyOfRange(targets, start, end);
          losses.put(
              start,
              loops.softmaxCrossEntropy(logits.rows(start, end), bias, some, scale, smoothing));
        });
    return losses;
  }

  @Override
  public void adam(AdamTensor tensor, double factor, AdamStep step) {
    pieces(tensor.parameters(), cut -> loops.adam(tensor.cut(cut), factor, step));
  }

  @Override
  public void adamWithoutGradient(AdamTensor tensor, List<AdamStep> steps) {
    pieces(tensor.parameters(), cut -> loops.adamWithoutGradient(tensor.cut(cut), steps));
  }

  @Override
  public void dropout(Matrix matrix, int[] masks, DropoutStream stream) {
    Shapes.require(masks.length == matrix.rows(), matrix);
    rows(
        matrix,
        (start, end) ->
            loops.dropout(matrix.rows(start, end), Arrays.copyOfRange(masks, start, end), stream));
  }

  @Override
  public void dropoutRows(Matrix matrix, int[] masks, DropoutStream stream) {
    Shapes.require(masks.length == matrix.rows(), matrix);
    rows(
        matrix,
        (start, end) ->
            loops.dropoutRows(
                matrix.rows(start, end), Arrays.copyOfRange(masks, start, end), stream));
  }

  @Override
  public void tanhOfSum(Matrix from, Matrix row, Matrix to) {
    Shapes.requireSame(from, to);
    rows(from, (start, end) -> loops.tanhOfSum(from.rows(start, end), row, to.rows(start, end)));
  }

  @Override
  public void tanhBackward(Matrix tanh, Matrix gradient) {
    Shapes.requireSame(tanh, gradient);
    rows(
        tanh, (start, end) -> loops.tanhBackward(tanh.rows(start, end), gradient.rows(start, end)));
  }

  @Override
  public double[] largest(Matrix matrix) {
    return figures(matrix, (from, to) -> loops.largest(matrix.rows(from, to)));
  }

  @Override
  public double[] logSums(Matrix logits, double[] largest) {
    return figures(
        logits,
        (from, to) -> loops.logSums(logits.rows(from, to), Arrays.copyOfRange(largest, from, to)));
  }

  @Override
  public void addToRows(double[] numbers, Matrix matrix) {
    Shapes.require(numbers.length == matrix.rows(), matrix);
    rows(
        matrix,
        (start, end) ->
            loops.addToRows(Arrays.copyOfRange(numbers, start, end), matrix.rows(start, end)));
  }

  @Override
  public void scaleRows(double[] factors, Matrix matrix) {
    Shapes.require(factors.length == matrix.rows(), matrix);
    rows(
        matrix,
        (start, end) ->
            loops.scaleRows(Arrays.copyOfRange(factors, start, end), matrix.rows(start, end)));
  }

  /** A number for each of some rows. */
  @FunctionalInterface
  private interface Figures {

    double[] of(int from, int to);
  }

  /** A number for each row: {@code work} gives those of some. */
  private static double[] figures(Matrix matrix, Figures work) {
    double[] figures = new double[matrix.rows()];
    rows(
        matrix,
        (start, end) -> {
          double[] part = work.of(start, end);
          System.arraycopy(part, 0, figures, start, part.length);
        });
    return figures;
  }
}
