package storyloom.model.decode.network;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import storyloom.model.nn.kernel.Matrix;

/** Off-heap matrices that live and die together. */
final class MatrixArena implements AutoCloseable {

  private final List<INDArray> arrays = new ArrayList<>();

  /** A matrix of floats, not cleared, until the arena is closed. */
  Matrix floats(int rows, int columns) {
    try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
      INDArray array = Nd4j.createUninitialized(DataType.FLOAT, new long[] {rows, columns}, 'c');
      arrays.add(array);
      return Matrix.of(array);
    }
  }

  @Override
  public void close() {
    arrays.forEach(INDArray::close);
    arrays.clear();
  }
}
