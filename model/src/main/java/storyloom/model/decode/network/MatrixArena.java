package storyloom.model.decode.network;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.kernel.Matrix;

/** Off-heap matrices that live and die together. */
final class MatrixArena implements AutoCloseable {

  private final List<INDArray> arrays = new ArrayList<>();
  private final MatrixPool pool;

  /**
   * @param pool where their memory comes from and goes to; closed after the arena
   */
  MatrixArena(MatrixPool pool) {
    this.pool = pool;
  }

  /** A matrix of floats, not cleared, until the arena is closed. */
  Matrix floats(int rows, int columns) {
    INDArray memory = pool.take((long) rows * columns);
    arrays.add(memory);
    return Matrix.of(memory).shaped(rows, columns);
  }

  @Override
  public void close() {
    arrays.forEach(pool::giveBack);
    arrays.clear();
  }
}
