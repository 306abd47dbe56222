package storyloom.model.nn.kernel;

import storyloom.model.nn.loss.TokenLosses;

/**
 * The hot loops of {@link FloatKernel} for JVMs without jdk.incubator.vector, as a foreign
 * spark-submit in local mode starts them: row by row on the Java heap, in float.
 */
final class ScalarKernel extends FloatKernel {

  ScalarKernel(Gemm products) {
    super(products);
  }

  private static void read(Matrix matrix, int row, int column, float[] into, int length) {
    matrix.floats().get(matrix.start(row) + column, into, 0, length);
  }

  private static void write(float[] from, Matrix matrix, int row, int column, int length) {
    matrix.floats().put(matrix.start(row) + column, from, 0, length);
  }

  private static float[] row(Matrix matrix) {
    float[] row = new float[matrix.columns()];
    read(matrix, 0, 0, row, row.length);
    return row;
  }

  @Override
  public void addColumnSums(Matrix from, Matrix to) {
    Shapes.require(to.rows() == 1 && to.columns() == from.columns(), from, to);
    int width = from.columns();
    float[] sums = row(to);
    float[] row = new float[width];
    for (int r = 0; r < from.rows(); r++) {
      read(from, r, 0, row, width);
      FloatLoops.add(sums, row, width);
    }
    write(sums, to, 0, 0, width);
  }

  @Override
  public void lstmForward(Matrix gates, Matrix bias, Matrix cBefore, Matrix c, Matrix h) {
    Shapes.requireStep(gates, cBefore, c, h);
    Shapes.require(bias.rows() == 1 && bias.columns() == gates.columns(), gates, bias);
    int hidden = c.columns();
    float[][] biases = new float[4][hidden];
    float[][] gate = new float[4][hidden];
    for (int k = 0; k < 4; k++) {
      read(bias, 0, k * hidden, biases[k], hidden);
    }
    float[] before = new float[hidden];
    float[] cell = new float[hidden];
    float[] out = new float[hidden];
    float[] scratch = new float[hidden];
    for (int r = 0; r < gates.rows(); r++) {
      for (int k = 0; k < 4; k++) {
        read(gates, r, k * hidden, gate[k], hidden);
        FloatLoops.add(gate[k], biases[k], hidden);
        if (k == 2) {
          FloatLoops.tanh(gate[k], hidden, scratch);
        } else {
          FloatLoops.sigmoid(gate[k], hidden, scratch);
        }
        write(gate[k], gates, r, k * hidden, hidden);
      }
      read(cBefore, r, 0, before, hidden);
      FloatLoops.cell(gate[0], gate[1], gate[2], before, cell, hidden);
      write(cell, c, r, 0, hidden);
      FloatLoops.tanh(cell, hidden, scratch);
      FloatLoops.product(gate[3], cell, out, hidden);
      write(out, h, r, 0, hidden);
    }
  }

  @Override
  public void lstmBackward(
      Matrix gates, Matrix cBefore, Matrix c, Matrix hGradient, Matrix cGradient) {
    Shapes.requireStep(gates, cBefore, c, hGradient, cGradient);
    int hidden = c.columns();
    float[][] gate = new float[4][hidden];
    float[] before = new float[hidden];
    float[] tanh = new float[hidden];
    float[] byH = new float[hidden];
    float[] byC = new float[hidden];
    float[] scratch = new float[hidden];
    for (int r = 0; r < gates.rows(); r++) {
      for (int k = 0; k < 4; k++) {
        read(gates, r, k * hidden, gate[k], hidden);
      }
      read(cBefore, r, 0, before, hidden);
      read(c, r, 0, tanh, hidden);
      read(hGradient, r, 0, byH, hidden);
      read(cGradient, r, 0, byC, hidden);
      FloatLoops.tanh(tanh, hidden, scratch);
      FloatLoops.outputBackward(gate[3], tanh, byH, byC, hidden);
      FloatLoops.cellBackward(gate[0], gate[1], gate[2], before, byC, hidden);
      for (int k = 0; k < 4; k++) {
        write(gate[k], gates, r, k * hidden, hidden);
      }
      write(byC, cGradient, r, 0, hidden);
    }
  }

  @Override
  public double[] addBias(Matrix logits, Matrix bias) {
    Shapes.require(bias.rows() == 1 && bias.columns() == logits.columns(), logits, bias);
    int width = logits.columns();
    float[] biases = row(bias);
    float[] row = new float[width];
    double[] largest = new double[logits.rows()];
    for (int r = 0; r < largest.length; r++) {
      read(logits, r, 0, row, width);
      FloatLoops.add(row, biases, width);
      write(row, logits, r, 0, width);
      largest[r] = FloatLoops.largest(row, width);
    }
    return largest;
  }

  @Override
  public double[] logSums(Matrix logits, double[] largest) {
    Shapes.require(largest.length == logits.rows(), logits);
    int width = logits.columns();
    float[] row = new float[width];
    float[] scratch = new float[width];
    double[] logSums = new double[largest.length];
    for (int r = 0; r < logSums.length; r++) {
      read(logits, r, 0, row, width);
      FloatLoops.subtract(row, (float) largest[r], width);
      FloatLoops.exp(row, width, scratch);
      logSums[r] = largest[r] + Math.log(FloatLoops.sum(row, width));
    }
    return logSums;
  }

  @Override
  public TokenLosses softmaxCrossEntropy(
      Matrix logits, Matrix bias, int[] targets, double scale, double smoothing) {
    Shapes.require(targets.length == logits.rows(), logits);
    Shapes.require(bias.rows() == 1 && bias.columns() == logits.columns(), logits, bias);
    int width = logits.columns();
    float everywhere = (float) (scale * smoothing / width);
    float there = (float) (scale * (1 - smoothing));
    float[] biases = row(bias);
    float[] row = new float[width];
    float[] scratch = new float[width];
    TokenLosses losses = TokenLosses.of(targets.length);
    for (int r = 0; r < targets.length; r++) {
      read(logits, r, 0, row, width);
      FloatLoops.add(row, biases, width);
      float largest = FloatLoops.largest(row, width);
      float target = row[targets[r]];
      double mean = smoothing == 0 ? 0 : FloatLoops.sum(row, width) / width;
      FloatLoops.subtract(row, largest, width);
      FloatLoops.exp(row, width, scratch);
      double powers = FloatLoops.sum(row, width);
      losses.set(r, largest + Math.log(powers), target, largest, mean);
      FloatLoops.scaleAndSubtract(row, (float) (scale / powers), everywhere, width);
      row[targets[r]] -= there;
      write(row, logits, r, 0, width);
    }
    return losses;
  }
}
