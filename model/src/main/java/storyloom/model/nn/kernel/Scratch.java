package storyloom.model.nn.kernel;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Consumer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Working memory of products, kept from one to the next, as fresh memory is cleared, which takes
 * longer than many a product. Safe to share between threads.
 */
final class Scratch implements AutoCloseable {

  private final Deque<INDArray> idle = new ConcurrentLinkedDeque<>();

  /**
   * Lends memory to some work.
   *
   * @param work takes a matrix without gaps of so many rows and columns, whatever they hold
   */
  void lend(int rows, int columns, Consumer<Matrix> work) {
    long size = (long) rows * columns;
    INDArray memory = idle.poll();
    if (memory == null || memory.length() < size) {
      if (memory != null) {
        memory.close();
      }
      memory = floats(size);
    }
    try {
      work.accept(Matrix.of(memory).shaped(rows, columns));
    } finally {
      idle.push(memory);
    }
  }

  /** A row of floats, which stays when the workspace at hand is left. */
  static INDArray floats(long size) {
    try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
      return Nd4j.create(DataType.FLOAT, new long[] {size}, 'c');
    }
  }

  /** Frees the memory; nothing must be lent. */
  @Override
  public void close() {
    idle.forEach(INDArray::close);
    idle.clear();
  }
}
