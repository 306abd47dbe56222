package storyloom.bench.kernel;

import org.openjdk.jmh.annotations.Benchmark;
import storyloom.model.nn.kernel.AdamStep;
import storyloom.model.nn.kernel.Matrix;

/** What is done to the gradient of all 21.5 million parameters in each update. */
public class AdamBenchmark extends KernelBenchmark {

  /** Two embeddings, two LSTMs and the output. */
  private static final int PARAMETERS =
      2 * VOCABULARY * EMBEDDING
          + 2 * GATES * (EMBEDDING + HIDDEN + 1)
          + VOCABULARY * (2 * HIDDEN + 1);

  private static final AdamStep STEP = new AdamStep(0.001, 0.9, 0.999, 1e-8, 100);

  private Matrix gradient;
  private Matrix m;
  private Matrix v;

  @Override
  void setMatrices() {
    gradient = matrix(1, PARAMETERS);
    m = matrix(1, PARAMETERS);
    v = matrix(1, PARAMETERS);
    kernel(v).softmax(v); // a mean of squares is never negative
  }

  /** Gradient and moments in, update and moments out. */
  @Benchmark
  public void adam() {
    kernel(gradient).adam(gradient, m, v, STEP);
  }

  /** As clipping needs it. */
  @Benchmark
  public double squaredNorm() {
    return kernel(gradient).squaredNorm(gradient);
  }

  /** As by clipping; with a factor that never leaves the range of normal numbers. */
  @Benchmark
  public void scale() {
    kernel(gradient).scale(gradient, -1);
  }
}
