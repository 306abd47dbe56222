package storyloom.bench.kernel;

import org.openjdk.jmh.annotations.Benchmark;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Kernel.Side;
import storyloom.model.nn.kernel.Matrix;

/** Products of matrices, in the shapes in which training asks for them. */
public class GemmBenchmark extends KernelBenchmark {

  private Matrix features;
  private Matrix weight;
  private Matrix logits;
  private Matrix embedded;
  private Matrix inputWeight;
  private Matrix gates;
  private Matrix state;
  private Matrix recurrentWeight;
  private Matrix step;

  @Override
  void setMatrices() {
    features = matrix(CHUNK, 2 * HIDDEN);
    weight = matrix(2 * HIDDEN, VOCABULARY);
    logits = matrix(CHUNK, VOCABULARY);
    embedded = matrix(TOKENS, EMBEDDING);
    inputWeight = matrix(EMBEDDING, GATES);
    gates = matrix(TOKENS, GATES);
    state = matrix(BATCH, HIDDEN);
    recurrentWeight = matrix(HIDDEN, GATES);
    step = matrix(BATCH, GATES);
  }

  /** [512,2H]·[2H,V]: 10.5 GFLOP. */
  @Benchmark
  public void logits() {
    kernel(logits).multiply(features, Side.PLAIN, weight, Side.PLAIN, 0, logits);
  }

  /** The same with factors rounded to bfloat16, where the processor can. */
  @Benchmark
  public void logitsInBfloat16() {
    Kernel.of(logits, true).multiply(features, Side.PLAIN, weight, Side.PLAIN, 0, logits);
  }

  /** [2H,512]·[512,V], added to what is there, halved lest it grow: 10.5 GFLOP. */
  @Benchmark
  public void weightGradient() {
    kernel(logits).multiply(features, Side.TRANSPOSED, logits, Side.PLAIN, 0.5, weight);
  }

  /** [512,V]·[V,2H]: 10.5 GFLOP. */
  @Benchmark
  public void featureGradient() {
    kernel(logits).multiply(logits, Side.PLAIN, weight, Side.TRANSPOSED, 0, features);
  }

  /** [6400,E]·[E,4H], the input of all steps at once: 3.4 GFLOP. */
  @Benchmark
  public void inputProjection() {
    kernel(gates).multiply(embedded, Side.PLAIN, inputWeight, Side.PLAIN, 0, gates);
  }

  /** [64,H]·[H,4H], one step: 34 MFLOP. */
  @Benchmark
  public void recurrentStep() {
    kernel(step).multiply(state, Side.PLAIN, recurrentWeight, Side.PLAIN, 0, step);
  }
}
