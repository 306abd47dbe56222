package storyloom.bench.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.kernel.NativeThreads;

/**
 * What all benchmarks share: threads, random matrices off the heap, and the shapes of the standard
 * case, a batch of 64 stories of 100 tokens for prompts of 40, with E = H = 256 and V = 20,000.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public abstract class KernelBenchmark {

  static final int BATCH = 64;
  static final int STORY = 100;
  static final int PROMPT = 40;
  static final int TOKENS = BATCH * STORY;
  static final int EMBEDDING = 256;
  static final int HIDDEN = 256;
  static final int GATES = 4 * HIDDEN;
  static final int VOCABULARY = 20_000;

  /** Tokens whose logits stand in memory together. */
  static final int CHUNK = 512;

  /** Threads that a kernel may split its work over. */
  @Param("1")
  public int threads;

  private final List<INDArray> arrays = new ArrayList<>();
  private final Random random = new Random(1);

  /** Here rather than by the caller, since JMH measures on a thread of its own. */
  @Setup
  public final void setThreads() {
    NativeThreads.set(threads);
    setMatrices();
  }

  /** Makes what is measured on. */
  abstract void setMatrices();

  /** Frees the matrices. */
  @TearDown
  public final void free() {
    arrays.forEach(INDArray::close);
    arrays.clear();
  }

  /** Numbers within ±0.5. */
  final Matrix matrix(int rows, int columns) {
    INDArray array = Nd4j.rand(DataType.FLOAT, rows, columns).subi(0.5);
    arrays.add(array);
    return Matrix.of(array);
  }

  final int[] ids(int length) {
    return random.ints(length, 0, VOCABULARY).toArray();
  }

  final Kernel kernel(Matrix matrix) {
    return Kernel.of(matrix);
  }
}
