package storyloom.model.nn.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class VectorInliningTest {

  private static final int ROWS = 64;
  private static final int VOCABULARY = 20_000;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Kernel kernel = new VectorKernel(Gemm.OneDnn.orOpenBlas());

  /** A vector on the heap is 80 bytes or more, and each row has more than a thousand. */
  @Test
  void compiledLoopsPutNoVectorsOnTheHeap() {
    Matrix logits = Matrix.of(Nd4j.rand(DataType.FLOAT, ROWS, VOCABULARY));
    Matrix bias = Matrix.of(Nd4j.rand(DataType.FLOAT, 1, VOCABULARY));
    int[] targets = new int[ROWS];

    long bytes = Long.MAX_VALUE;
    for (int update = 0; update < 60 && bytes > ROWS * 1_000L; update++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      kernel.softmaxCrossEntropy(logits, bias, targets, 0.25, 0);
      bytes = threads.getCurrentThreadAllocatedBytes() - before;
    }

    assertThat(bytes).isLessThan(ROWS * 1_000L);
  }
}
