package storyloom.model.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Gradients beside central differences, in double, for some numbers of each tensor. */
final class FiniteDifferences {

  private static final int SAMPLE = 8;
  private static final double STEP = 1e-5;
  private static final double TOLERANCE = 1e-7;

  private FiniteDifferences() {}

  /** Copies of the gradients of the last backward pass. */
  static Map<String, INDArray> gradients(Seq2SeqGraph model) {
    Map<String, INDArray> gradients = new LinkedHashMap<>();
    model.gradients().forEach((name, gradient) -> gradients.put(name, gradient.dup('c')));
    return gradients;
  }

  /**
   * Changes weights, and puts them back.
   *
   * @param gradients of the loss by the weights of the model
   * @param loss by the weights as they are when it is asked for
   */
  static void assertAgree(
      Seq2SeqGraph model, Map<String, INDArray> gradients, DoubleSupplier loss) {
    model
        .weights()
        .forEach(
            (name, weight) -> {
              for (long i : new Random(5).longs(SAMPLE, 0, weight.length()).toArray()) {
                double kept = weight.getDouble(i);
                weight.putScalar(i, kept + STEP);
                double above = loss.getAsDouble();
                weight.putScalar(i, kept - STEP);
                double below = loss.getAsDouble();
                weight.putScalar(i, kept);
                assertThat(gradients.get(name).getDouble(i))
                    .as("%s[%d]", name, i)
                    .isCloseTo((above - below) / (2 * STEP), within(TOLERANCE));
              }
            });
  }
}
