package storyloom.model.nn.attention;

import static storyloom.model.nn.kernel.VectorMath.LANES;
import static storyloom.model.nn.kernel.VectorMath.SPECIES;
import static storyloom.model.nn.kernel.VectorMath.expOfBounded;
import static storyloom.model.nn.kernel.VectorMath.sigmoid;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import storyloom.model.nn.kernel.FloatLoops;
import storyloom.model.nn.kernel.Matrix;

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
    for (int r = 0; r < z.rows(); r++) {
      z.copyRow(r, numbers);
      gelu(numbers);
      a.writeRow(r, numbers);
    }
  }

  private static void gelu(float[] z) {
    for (int i = 0; i < z.length; i += LANES) {
      FloatVector number = FloatVector.fromArray(SPECIES, z, i);
      number.mul(share(number)).intoArray(z, i);
    }
  }

  private static FloatVector share(FloatVector z) {
    return sigmoid(z.mul(z).mul(STEEPNESS * CUBE).add(STEEPNESS).mul(z));
  }

  @Override
  public void geluBackward(Matrix z, Matrix a, Matrix gradient) {
    if (z.columns() % LANES != 0) {
      super.geluBackward(z, a, gradient);
      return;
    }
    float[] numbers = new float[z.columns()];
    float[] slope = new float[z.columns()];
    for (int r = 0; r < z.rows(); r++) {
      z.copyRow(r, numbers);
      gradient.copyRow(r, slope);
      geluBackward(numbers, slope);
      gradient.writeRow(r, slope);
      a.writeRow(r, numbers);
    }
  }

  private static void geluBackward(float[] z, float[] gradient) {
    for (int i = 0; i < z.length; i += LANES) {
      FloatVector number = FloatVector.fromArray(SPECIES, z, i);
      FloatVector share = share(number);
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
    FloatVector sums = FloatVector.zero(SPECIES);
    for (int i = 0; i < length; i += LANES) {
      FloatVector power = expOfBounded(FloatVector.fromArray(SPECIES, x, i).sub(largest));
      power.intoArray(x, i);
      sums = sums.add(power);
    }
    float factor = 1 / sums.reduceLanes(VectorOperators.ADD);
    for (int i = 0; i < length; i += LANES) {
      FloatVector.fromArray(SPECIES, x, i).mul(factor).intoArray(x, i);
    }
  }
}
