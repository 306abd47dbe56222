package storyloom.model.nn.layer;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import storyloom.model.nn.kernel.Matrix;

/**
 * Memory for rows that outlive a pass, outside of the graph's workspaces. It is taken when first
 * needed, and again only where more is needed: memory that is new each time costs page faults.
 */
public final class KeptRows implements AutoCloseable {

  private final DataType type;
  private INDArray array; // null until there are rows
  private Matrix rows;

  /** No rows yet, of numbers of this type. */
  public KeptRows(DataType type) {
    this.type = type;
  }

  /** Other rows in the place of those there are, filled with anything. */
  public Matrix replace(int number, int columns) {
    long numbers = (long) number * columns;
    if (array == null || array.length() < numbers) {
      close();
      try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
        array = Nd4j.createUninitialized(type, new long[] {1, numbers}, 'c');
      }
    }
    rows = Matrix.of(array).shaped(number, columns);
    return rows;
  }

  /** The rows that there are. */
  public Matrix rows() {
    return rows;
  }

  @Override
  public void close() {
    if (array != null) {
      array.close();
      array = null;
      rows = null;
    }
  }
}
