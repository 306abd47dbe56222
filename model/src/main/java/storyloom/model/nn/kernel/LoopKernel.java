package storyloom.model.nn.kernel;

import java.nio.Buffer;
import java.util.Arrays;
import storyloom.model.nn.loss.TokenLosses;

/**
 * {@link Kernel} as plain loops over one kind of number; the arithmetic is in double, what is
 * stored is the buffer's own kind.
 *
 * @param <B> the buffer that holds the numbers
 */
abstract class LoopKernel<B extends Buffer> extends FlatLoops<B> {

  abstract void copy(B from, int start, B to, int toStart, int length);

  /** c = op(a) · op(b) + keep · c; shapes have been checked, none of them is empty. */
  abstract void gemm(Matrix a, boolean transA, Matrix b, boolean transB, double keep, Matrix c);

  @Override
  public final void multiply(
      Matrix a, Side sideOfA, Matrix b, Side sideOfB, double keep, Matrix c) {
    Shapes.requireProduct(a, sideOfA, b, sideOfB, c);
    if (c.rows() > 0 && c.columns() > 0) {
      gemm(a, sideOfA == Side.TRANSPOSED, b, sideOfB == Side.TRANSPOSED, keep, c);
    }
  }

  @Override
  public void clear(Matrix matrix) {
    B numbers = numbers(matrix);
    for (int r = 0; r < matrix.rows(); r++) {
      int start = matrix.start(r);
      for (int i = start; i < start + matrix.columns(); i++) {
        put(numbers, i, 0);
      }
    }
  }

  @Override
  public void copy(Matrix from, Matrix to) {
    Shapes.requireSame(from, to);
    for (int r = 0; r < from.rows(); r++) {
      copy(numbers(from), from.start(r), numbers(to), to.start(r), from.columns());
    }
  }

  @Override
  public void add(Matrix from, Matrix to) {
    Shapes.requireSame(from, to);
    for (int r = 0; r < from.rows(); r++) {
      addRow(from, r, to, r);
    }
  }

  @Override
  public void addColumnSums(Matrix from, Matrix to) {
    Shapes.require(to.rows() == 1 && to.columns() == from.columns(), from, to);
    for (int r = 0; r < from.rows(); r++) {
      addRow(from, r, to, 0);
    }
  }

  /** Adds one row to another, in double. */
  void addRow(Matrix from, int fromRow, Matrix to, int toRow) {
    B source = numbers(from);
    B target = numbers(to);
    int s = from.start(fromRow);
    int t = to.start(toRow);
    for (int i = 0; i < from.columns(); i++) {
      put(target, t + i, get(target, t + i) + get(source, s + i));
    }
  }

  @Override
  public void gatherRows(Matrix table, int[] ids, Matrix to) {
    Shapes.require(ids.length == to.rows() && table.columns() == to.columns(), table, to);
    for (int i = 0; i < ids.length; i++) {
      Shapes.requireRow(ids[i], table);
      copy(numbers(table), table.start(ids[i]), numbers(to), to.start(i), table.columns());
    }
  }

  @Override
  public void scatterRows(Matrix from, int[] ids, Matrix table) {
    Shapes.require(ids.length == from.rows() && table.columns() == from.columns(), from, table);
    for (int i = 0; i < ids.length; i++) {
      Shapes.requireRow(ids[i], table);
      copy(numbers(from), from.start(i), numbers(table), table.start(ids[i]), table.columns());
    }
  }

  @Override
  public void scatterAddRows(Matrix from, int[] ids, Matrix table) {
    Shapes.require(ids.length == from.rows() && table.columns() == from.columns(), from, table);
    for (int i = 0; i < ids.length; i++) {
      Shapes.requireRow(ids[i], table);
      addRow(from, i, table, ids[i]);
    }
  }

  @Override
  public void lstmForward(Matrix gates, Matrix bias, Matrix cBefore, Matrix c, Matrix h) {
    Shapes.requireStep(gates, cBefore, c, h);
    Shapes.require(bias.rows() == 1 && bias.columns() == gates.columns(), gates, bias);
    int hidden = c.columns();
    B z = numbers(gates);
    B biases = numbers(bias);
    for (int r = 0; r < gates.rows(); r++) {
      for (int j = 0; j < hidden; j++) {
        int atI = gates.start(r) + j;
        int atF = atI + hidden;
        int atG = atF + hidden;
        int atO = atG + hidden;
        int b = bias.start(0) + j;
        double i = logistic(get(z, atI) + get(biases, b));
        double f = logistic(get(z, atF) + get(biases, b + hidden));
        double g = Math.tanh(get(z, atG) + get(biases, b + 2 * hidden));
        double o = logistic(get(z, atO) + get(biases, b + 3 * hidden));
        double cell = f * get(numbers(cBefore), cBefore.start(r) + j) + i * g;
        put(z, atI, i);
        put(z, atF, f);
        put(z, atG, g);
        put(z, atO, o);
        put(numbers(c), c.start(r) + j, cell);
        put(numbers(h), h.start(r) + j, o * Math.tanh(cell));
      }
    }
  }

  @Override
  public void lstmBackward(
      Matrix gates, Matrix cBefore, Matrix c, Matrix hGradient, Matrix cGradient) {
    Shapes.requireStep(gates, cBefore, c, hGradient);
    Shapes.requireSame(c, cGradient);
    int hidden = c.columns();
    B z = numbers(gates);
    B dc = numbers(cGradient);
    for (int r = 0; r < gates.rows(); r++) {
      for (int j = 0; j < hidden; j++) {
        int atI = gates.start(r) + j;
        int atF = atI + hidden;
        int atG = atF + hidden;
        int atO = atG + hidden;
        int atDc = cGradient.start(r) + j;
        double i = get(z, atI);
        double f = get(z, atF);
        double g = get(z, atG);
        double o = get(z, atO);
        double tanh = Math.tanh(get(numbers(c), c.start(r) + j));
        double byH = get(numbers(hGradient), hGradient.start(r) + j);
        double byC = get(dc, atDc) + byH * o * (1 - tanh * tanh);
        put(z, atI, byC * g * i * (1 - i));
        put(z, atF, byC * get(numbers(cBefore), cBefore.start(r) + j) * f * (1 - f));
        put(z, atG, byC * i * (1 - g * g));
        put(z, atO, byH * tanh * o * (1 - o));
        put(dc, atDc, byC * f);
      }
    }
  }

  @Override
  public void softmax(Matrix scores) {
    B numbers = numbers(scores);
    for (int r = 0; r < scores.rows(); r++) {
      int start = scores.start(r);
      int end = start + scores.columns();
      double largest = Double.NEGATIVE_INFINITY;
      for (int i = start; i < end; i++) {
        largest = Math.max(largest, get(numbers, i));
      }
      double sum = 0;
      for (int i = start; i < end; i++) {
        double power = Math.exp(get(numbers, i) - largest);
        put(numbers, i, power);
        sum += power;
      }
      for (int i = start; i < end; i++) {
        put(numbers, i, get(numbers, i) / sum);
      }
    }
  }

  @Override
  public void softmaxBackward(Matrix weights, Matrix gradient) {
    Shapes.requireSame(weights, gradient);
    B weight = numbers(weights);
    B slope = numbers(gradient);
    for (int r = 0; r < weights.rows(); r++) {
      int w = weights.start(r);
      int g = gradient.start(r);
      double inner = 0;
      for (int i = 0; i < weights.columns(); i++) {
        inner += get(weight, w + i) * get(slope, g + i);
      }
      for (int i = 0; i < weights.columns(); i++) {
        put(slope, g + i, get(weight, w + i) * (get(slope, g + i) - inner));
      }
    }
  }

  @Override
  public double[] addBias(Matrix logits, Matrix bias) {
    Shapes.require(bias.rows() == 1 && bias.columns() == logits.columns(), logits, bias);
    double[] largest = new double[logits.rows()];
    Arrays.setAll(largest, row -> addBias(logits, row, bias));
    return largest;
  }

  /** Adds the bias to one row and returns the largest sum. */
  private double addBias(Matrix logits, int row, Matrix bias) {
    B numbers = numbers(logits);
    B biases = numbers(bias);
    int start = logits.start(row);
    int biasStart = bias.start(0);
    double largest = Double.NEGATIVE_INFINITY;
    for (int v = 0; v < logits.columns(); v++) {
      put(numbers, start + v, get(numbers, start + v) + get(biases, biasStart + v));
      largest = Math.max(largest, get(numbers, start + v));
    }
    return largest;
  }

  @Override
  public TokenLosses softmaxCrossEntropy(
      Matrix logits, Matrix bias, int[] targets, double scale, double smoothing) {
    Shapes.require(targets.length == logits.rows(), logits);
    Shapes.require(bias.rows() == 1 && bias.columns() == logits.columns(), logits, bias);
    B numbers = numbers(logits);
    int classes = logits.columns();
    TokenLosses losses = TokenLosses.of(targets.length);
    for (int r = 0; r < targets.length; r++) {
      int start = logits.start(r);
      double largest = addBias(logits, r, bias);
      double targetLogit = get(numbers, start + targets[r]);
      double powers = 0;
      double sum = 0;
      for (int v = 0; v < classes; v++) {
        double logit = get(numbers, start + v);
        double power = Math.exp(logit - largest);
        put(numbers, start + v, power);
        powers += power;
        sum += logit;
      }
      losses.set(r, largest + Math.log(powers), targetLogit, largest, sum / classes);
      double everywhere = smoothing / classes * scale;
      for (int v = 0; v < classes; v++) {
        put(numbers, start + v, get(numbers, start + v) / powers * scale - everywhere);
      }
      put(numbers, start + targets[r], get(numbers, start + targets[r]) - (1 - smoothing) * scale);
    }
    return losses;
  }

  @Override
  public void dropout(Matrix matrix, int[] masks, DropoutStream stream) {
    Shapes.require(masks.length == matrix.rows(), matrix);
    for (int r = 0; r < masks.length; r++) {
      long position = (long) masks[r] * matrix.columns();
      dropout(numbers(matrix), matrix.start(r), matrix.columns(), stream, position);
    }
  }

  /** Dropout of one row, whose first number has this position. */
  void dropout(B numbers, int start, int width, DropoutStream stream, long position) {
    double scale = stream.scale();
    for (int i = 0; i < width; i++) {
      double number = get(numbers, start + i);
      put(numbers, start + i, stream.drops(position + i) ? 0 : number * scale);
    }
  }

  @Override
  public void dropoutRows(Matrix matrix, int[] masks, DropoutStream stream) {
    Shapes.require(masks.length == matrix.rows(), matrix);
    B numbers = numbers(matrix);
    for (int r = 0; r < masks.length; r++) {
      double factor = stream.drops(masks[r]) ? 0 : stream.scale();
      int start = matrix.start(r);
      for (int i = start; i < start + matrix.columns(); i++) {
        put(numbers, i, get(numbers, i) * factor);
      }
    }
  }

  @Override
  public void tanhOfSum(Matrix from, Matrix row, Matrix to) {
    Shapes.requireSame(from, to);
    Shapes.require(row.rows() == 1 && row.columns() == from.columns(), from, row);
    for (int r = 0; r < from.rows(); r++) {
      for (int i = 0; i < from.columns(); i++) {
        double sum = get(numbers(from), from.start(r) + i) + get(numbers(row), row.start(0) + i);
        put(numbers(to), to.start(r) + i, Math.tanh(sum));
      }
    }
  }

  @Override
  public void tanhBackward(Matrix tanh, Matrix gradient) {
    Shapes.requireSame(tanh, gradient);
    for (int r = 0; r < tanh.rows(); r++) {
      for (int i = 0; i < tanh.columns(); i++) {
        double y = get(numbers(tanh), tanh.start(r) + i);
        int at = gradient.start(r) + i;
        put(numbers(gradient), at, get(numbers(gradient), at) * (1 - y * y));
      }
    }
  }

  private static double logistic(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  @Override
  public double[] largest(Matrix matrix) {
    B numbers = numbers(matrix);
    double[] largest = new double[matrix.rows()];
    for (int r = 0; r < largest.length; r++) {
      int start = matrix.start(r);
      largest[r] = Double.NEGATIVE_INFINITY;
      for (int i = start; i < start + matrix.columns(); i++) {
        largest[r] = Math.max(largest[r], get(numbers, i));
      }
    }
    return largest;
  }

  @Override
  public double[] logSums(Matrix logits, double[] largest) {
    Shapes.require(largest.length == logits.rows(), logits);
    B numbers = numbers(logits);
    double[] logSums = new double[largest.length];
    for (int r = 0; r < logSums.length; r++) {
      int start = logits.start(r);
      double sum = 0;
      for (int i = start; i < start + logits.columns(); i++) {
        sum += Math.exp(get(numbers, i) - largest[r]);
      }
      logSums[r] = largest[r] + Math.log(sum);
    }
    return logSums;
  }

  @Override
  public void addToRows(double[] numbers, Matrix matrix) {
    Shapes.require(numbers.length == matrix.rows(), matrix);
    B target = numbers(matrix);
    for (int r = 0; r < numbers.length; r++) {
      int start = matrix.start(r);
      for (int i = start; i < start + matrix.columns(); i++) {
        put(target, i, get(target, i) + numbers[r]);
      }
    }
  }

  @Override
  public void scaleRows(double[] factors, Matrix matrix) {
    Shapes.require(factors.length == matrix.rows(), matrix);
    B target = numbers(matrix);
    for (int r = 0; r < factors.length; r++) {
      int start = matrix.start(r);
      int end = factors[r] == 1 ? start : start + matrix.columns();
      for (int i = start; i < end; i++) {
        put(target, i, get(target, i) * factors[r]);
      }
    }
  }
}
