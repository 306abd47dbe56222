package storyloom.bench.kernel;

import java.util.Collections;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import storyloom.model.nn.kernel.AdamStep;
import storyloom.model.nn.kernel.AdamTensor;
import storyloom.model.nn.kernel.Matrix;

/** What is done to the gradient of all 21.5 million parameters in each update. */
public class AdamBenchmark extends KernelBenchmark {

  /** Two embeddings, two LSTMs and the output. */
  private static final int PARAMETERS =
      2 * VOCABULARY * EMBEDDING
          + 2 * GATES * (EMBEDDING + HIDDEN + 1)
          + VOCABULARY * (2 * HIDDEN + 1);

  private static final AdamStep STEP = AdamStep.of(0.001, 0.9, 0.999, 1e-8, 100);

  /** Updates in a round of the default length. */
  private static final List<AdamStep> ROUND = Collections.nCopies(20, STEP);

  private AdamTensor tensor;

  @Override
  void setMatrices() {
    Matrix v = matrix(1, PARAMETERS);
    kernel(v).softmax(v); // a mean of squares is never negative
    tensor = new AdamTensor(matrix(1, PARAMETERS), matrix(1, PARAMETERS), matrix(1, PARAMETERS), v);
  }

  /** Parameters and moments by a gradient. */
  @Benchmark
  public void adam() {
    kernel(tensor.gradient()).adam(tensor, 0.5, STEP);
  }

  /** The same of twenty updates without one, at once. */
  @Benchmark
  public void adamWithoutGradient() {
    kernel(tensor.gradient()).adamWithoutGradient(tensor, ROUND);
  }

  /** As clipping needs it. */
  @Benchmark
  public double squaredNorm() {
    return kernel(tensor.gradient()).squaredNorm(tensor.gradient());
  }
}
