package storyloom.model.nn.attention;

import storyloom.model.nn.kernel.Matrix;

/** {@link BlockLoops} as the equations stand there: for gradient checks rather than for speed. */
final class DoubleBlockLoops implements BlockLoops {

  static final DoubleBlockLoops INSTANCE = new DoubleBlockLoops();

  private static final double STEEPNESS = 2 * Math.sqrt(2 / Math.PI);
  private static final double CUBE = 0.044715;

  private DoubleBlockLoops() {}

  private static double mean(Matrix x, int row) {
    double sum = 0;
    for (int i = 0; i < x.columns(); i++) {
      sum += x.get(row, i);
    }
    return sum / x.columns();
  }

  private static double inverseDeviation(Matrix x, int row, double mean) {
    double squares = 0;
    for (int i = 0; i < x.columns(); i++) {
      double distance = x.get(row, i) - mean;
      squares += distance * distance;
    }
    return 1 / Math.sqrt(squares / x.columns() + EPSILON);
  }

  @Override
  public void norm(Matrix x, Matrix gain, Matrix bias, Matrix y) {
    for (int row = 0; row < x.rows(); row++) {
      double mean = mean(x, row);
      double scale = inverseDeviation(x, row, mean);
      for (int i = 0; i < x.columns(); i++) {
        y.set(row, i, (x.get(row, i) - mean) * scale * gain.get(0, i) + bias.get(0, i));
      }
    }
  }

  @Override
  public void normBackward(
      Matrix x, Matrix gain, Matrix dy, Matrix dGain, Matrix dBias, Matrix dx) {
    int width = x.columns();
    for (int row = 0; row < x.rows(); row++) {
      double mean = mean(x, row);
      double scale = inverseDeviation(x, row, mean);
      double slope = 0;
      double inner = 0;
      for (int i = 0; i < width; i++) {
        double normal = (x.get(row, i) - mean) * scale;
        double byY = dy.get(row, i);
        slope += byY * gain.get(0, i) / width;
        inner += byY * gain.get(0, i) * normal / width;
        dGain.set(0, i, dGain.get(0, i) + byY * normal);
        dBias.set(0, i, dBias.get(0, i) + byY);
      }
      for (int i = 0; i < width; i++) {
        double normal = (x.get(row, i) - mean) * scale;
        double byX = (dy.get(row, i) * gain.get(0, i) - slope - normal * inner) * scale;
        dx.set(row, i, dx.get(row, i) + byX);
      }
    }
  }

  private static double share(double z) {
    return 1 / (1 + Math.exp(-STEEPNESS * (z + CUBE * z * z * z)));
  }

  @Override
  public void gelu(Matrix z, Matrix a) {
    for (int row = 0; row < z.rows(); row++) {
      for (int i = 0; i < z.columns(); i++) {
        a.set(row, i, z.get(row, i) * share(z.get(row, i)));
      }
    }
  }

  @Override
  public void geluBackward(Matrix z, Matrix a, Matrix gradient) {
    gelu(z, a);
    for (int row = 0; row < z.rows(); row++) {
      for (int i = 0; i < z.columns(); i++) {
        double number = z.get(row, i);
        double share = share(number);
        double steepness = STEEPNESS * (1 + 3 * CUBE * number * number);
        double slope = share + number * share * (1 - share) * steepness;
        gradient.set(row, i, gradient.get(row, i) * slope);
      }
    }
  }

  @Override
  public void rotate(Matrix x, int heads, int first, boolean backwards, double scale) {
    int width = x.columns() / heads;
    int half = width / 2;
    for (int row = 0; row < x.rows(); row++) {
      for (int i = 0; i < half; i++) {
        double angle = (first + row) * Math.pow(SLOWEST, -2.0 * i / width);
        double cosine = Math.cos(angle) * scale;
        double sine = Math.sin(backwards ? -angle : angle) * scale;
        for (int at = i; at < x.columns(); at += width) {
          double one = x.get(row, at);
          double other = x.get(row, at + half);
          x.set(row, at, one * cosine - other * sine);
          x.set(row, at + half, other * cosine + one * sine);
        }
      }
    }
  }

  @Override
  public void softmax(Matrix scores, boolean causal) {
    for (int row = 0; row < scores.rows(); row++) {
      int seen = scores.columns() - (causal ? scores.rows() - row - 1 : 0);
      double most = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < seen; i++) {
        most = Math.max(most, scores.get(row, i));
      }
      double sum = 0;
      for (int i = 0; i < seen; i++) {
        sum += Math.exp(scores.get(row, i) - most);
      }
      for (int i = 0; i < scores.columns(); i++) {
        scores.set(row, i, i < seen ? Math.exp(scores.get(row, i) - most) / sum : 0);
      }
    }
  }

  @Override
  public void softmaxBackward(Matrix weights, Matrix gradient) {
    for (int row = 0; row < weights.rows(); row++) {
      double inner = 0;
      for (int i = 0; i < weights.columns(); i++) {
        inner += weights.get(row, i) * gradient.get(row, i);
      }
      for (int i = 0; i < weights.columns(); i++) {
        gradient.set(row, i, weights.get(row, i) * (gradient.get(row, i) - inner));
      }
    }
  }
}
