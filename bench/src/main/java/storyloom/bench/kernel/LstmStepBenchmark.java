package storyloom.bench.kernel;

import org.openjdk.jmh.annotations.Benchmark;
import storyloom.model.nn.kernel.Matrix;

/** The gates of one LSTM step of 64 rows. */
public class LstmStepBenchmark extends KernelBenchmark {

  private Matrix z;
  private Matrix gates;
  private Matrix bias;
  private Matrix cBefore;
  private Matrix c;
  private Matrix h;
  private Matrix cGradient;

  @Override
  void setMatrices() {
    z = matrix(BATCH, GATES);
    gates = matrix(BATCH, GATES);
    bias = matrix(1, GATES);
    cBefore = matrix(BATCH, HIDDEN);
    c = matrix(BATCH, HIDDEN);
    h = matrix(BATCH, HIDDEN);
    cGradient = matrix(BATCH, HIDDEN);
  }

  /** In place, a copy of 0.26 MB included. */
  @Benchmark
  public void forward() {
    kernel(gates).copy(z, gates);
    kernel(gates).lstmForward(gates, bias, cBefore, c, h);
  }

  /** In place, a copy of 0.26 MB included. */
  @Benchmark
  public void backward() {
    kernel(gates).copy(z, gates);
    kernel(gates).lstmBackward(gates, cBefore, c, h, cGradient);
  }
}
