package storyloom.bench.kernel;

import org.openjdk.jmh.annotations.Benchmark;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.loss.LossTally;
import storyloom.model.nn.loss.TokenLosses;

/** Softmax cross-entropy of 512 tokens over 20,000. */
public class CrossEntropyBenchmark extends KernelBenchmark {

  private Matrix logits;
  private Matrix bias;
  private int[] targets;

  @Override
  void setMatrices() {
    logits = matrix(CHUNK, VOCABULARY);
    bias = matrix(1, VOCABULARY);
    targets = ids(CHUNK);
  }

  /** As while training: the gradient takes the place of the logits. */
  @Benchmark
  public LossTally lossAndGradient() {
    return kernel(logits).softmaxCrossEntropy(logits, bias, targets, 1.0 / CHUNK);
  }

  /** As while training with label smoothing. */
  @Benchmark
  public TokenLosses smoothedLossAndGradient() {
    return kernel(logits).softmaxCrossEntropy(logits, bias, targets, 1.0 / CHUNK, 0.1);
  }

  /** As while validating. */
  @Benchmark
  public LossTally loss() {
    return kernel(logits).softmaxCrossEntropy(logits, bias, targets, 0);
  }

  /** As while decoding. */
  @Benchmark
  public double[] logSums() {
    return kernel(logits).logSums(logits);
  }
}
