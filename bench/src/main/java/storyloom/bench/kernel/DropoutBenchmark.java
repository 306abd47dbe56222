package storyloom.bench.kernel;

import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import storyloom.model.nn.kernel.DropoutStream;
import storyloom.model.nn.kernel.Matrix;

/** Dropout of 6,400 embeddings, a copy of 6.6 MB included. */
public class DropoutBenchmark extends KernelBenchmark {

  private static final DropoutStream STREAM = new DropoutStream(1, 0.2);

  private Matrix source;
  private Matrix numbers;
  private int[] masks;

  @Override
  void setMatrices() {
    source = matrix(TOKENS, EMBEDDING);
    numbers = matrix(TOKENS, EMBEDDING);
    masks = IntStream.range(0, TOKENS).map(token -> token % BATCH).toArray();
  }

  /** A mask for each token. */
  @Benchmark
  public void plain() {
    kernel(numbers).copy(source, numbers);
    kernel(numbers).dropout(numbers, STREAM);
  }

  /** A mask for each story. */
  @Benchmark
  public void variational() {
    kernel(numbers).copy(source, numbers);
    kernel(numbers).dropout(numbers, masks, STREAM);
  }
}
