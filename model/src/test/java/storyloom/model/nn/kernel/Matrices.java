package storyloom.model.nn.kernel;

import java.util.Random;
import org.nd4j.linalg.factory.Nd4j;

/** Matrices of floats for tests. */
final class Matrices {

  private Matrices() {}

  /** Numbers from a normal distribution, the same for the same seed and shape. */
  static Matrix random(long seed, int rows, int columns) {
    Random random = new Random(seed);
    float[] numbers = new float[rows * columns];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return Matrix.of(Nd4j.create(numbers, new long[] {rows, columns}, 'c'));
  }
}
