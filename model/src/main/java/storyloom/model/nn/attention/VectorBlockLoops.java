package storyloom.model.nn.attention;

import static storyloom.model.nn.kernel.VectorMath.LANES;
import static storyloom.model.nn.kernel.VectorMath.SPECIES;
import static storyloom.model.nn.kernel.VectorMath.exp;
import static storyloom.model.nn.kernel.VectorMath.sigmoidOf;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import storyloom.model.nn.kernel.FloatLoops;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.kernel.VectorMath;

/**
 * {@link FloatBlockLoops} with exponentials by jdk.incubator.vector, which the compiler does not
 * make vectors of by itself; still row by row on the Java heap.
 */
final class VectorBlockLoops extends FloatBlockLoops {

  /** So much below the largest number that its exponential is as good as 0. */
  private static final float FAR_BELOW = 1000;

  @Override
  public void gelu(Matrix z, Matrix a) {
    if (z.columns() % LANES != 0) {
      super.gelu(z, a);
      return;
    }
    float[] numbers = new float[z.columns()];
    float[] shares = new float[z.columns()];
    for (int r = 0; r < z.rows(); r++) {
      z.copyRow(r, numbers);
      shares(numbers, shares);
      multiply(shares, numbers);
      a.writeRow(r, numbers);
    }
  }

  /** shares = sigmoid(2·√(2/π)·(z + 0.044715·z³)). */
  private static void shares(float[] z, float[] shares) {
    for (int i = 0; i < z.length; i += LANES) {
      FloatVector number = FloatVector.fromArray(SPECIES, z, i);
      FloatVector steepness = number.mul(number).mul(STEEPNESS * CUBE).add(STEEPNESS);
      steepness.mul(number).neg().intoArray(shares, i);
    }
    exponentials(shares, shares.length);
    for (int i = 0; i < shares.length; i += LANES) {
      sigmoidOf(FloatVector.fromArray(SPECIES, shares, i)).intoArray(shares, i);
    }
  }

  /** x = exp(x), in a loop of its own: see {@link VectorMath}. */
  private static void exponentials(float[] x, int length) {
    for (int i = 0; i < length; i += LANES) {
      exp(FloatVector.fromArray(SPECIES, x, i)).intoArray(x, i);
    }
  }

  private static void multiply(float[] factors, float[] numbers) {
    for (int i = 0; i < numbers.length; i += LANES) {
      FloatVector number = FloatVector.fromArray(SPECIES, numbers, i);
      number.mul(FloatVector.fromArray(SPECIES, factors, i)).intoArray(numbers, i);
    }
  }

  @Override
  public void geluBackward(Matrix z, Matrix a, Matrix gradient) {
    if (z.columns() % LANES != 0) {
      super.geluBackward(z, a, gradient);
      return;
    }
    float[] numbers = new float[z.columns()];
    float[] shares = new float[z.columns()];
    float[] slope = new float[z.columns()];
    for (int r = 0; r < z.rows(); r++) {
      z.copyRow(r, numbers);
      gradient.copyRow(r, slope);
      shares(numbers, shares);
      geluBackward(numbers, shares, slope);
      gradient.writeRow(r, slope);
      a.writeRow(r, numbers);
    }
  }

  private static void geluBackward(float[] z, float[] shares, float[] gradient) {
    for (int i = 0; i < z.length; i += LANES) {
      FloatVector number = FloatVector.fromArray(SPECIES, z, i);
      FloatVector share = FloatVector.fromArray(SPECIES, shares, i);
      FloatVector kept = number.mul(share);
      FloatVector steepness = number.mul(number).mul(3 * CUBE * STEEPNESS).add(STEEPNESS);
      FloatVector slope = kept.sub(kept.mul(share)).mul(steepness).add(share);
      FloatVector.fromArray(SPECIES, gradient, i).mul(slope).intoArray(gradient, i);
      kept.intoArray(z, i);
    }
  }

  @Override
  public void softmax(Matrix scores, boolean causal) {
    int columns = scores.columns();
    float[] numbers = new float[(columns + LANES - 1) / LANES * LANES];
    for (int r = 0; r < scores.rows(); r++) {
      int seen = causal ? columns - scores.rows() + r + 1 : columns;
      scores.copyRow(r, numbers);
      float largest = FloatLoops.largest(numbers, seen);
      Arrays.fill(numbers, seen, numbers.length, largest - FAR_BELOW);
      softmax(numbers, seen, largest);
      Arrays.fill(numbers, seen, numbers.length, 0f);
      scores.writeRow(r, numbers);
    }
  }

  private static void softmax(float[] x, int length, float largest) {
    for (int i = 0; i < length; i += LANES) {
      FloatVector.fromArray(SPECIES, x, i).sub(largest).intoArray(x, i);
    }
    exponentials(x, length);
    FloatVector sums = FloatVector.zero(SPECIES);
    for (int i = 0; i < length; i += LANES) {
      sums = sums.add(FloatVector.fromArray(SPECIES, x, i));
    }
    float factor = 1 / sums.reduceLanes(VectorOperators.ADD);
    for (int i = 0; i < length; i += LANES) {
      FloatVector.fromArray(SPECIES, x, i).mul(factor).intoArray(x, i);
    }
  }
}
