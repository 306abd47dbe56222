package storyloom.model.decode.network;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.kernel.Precision;
import storyloom.model.nn.kernel.RowProduct;

/**
 * The product of rows with several matrices side by side: one product is sooner done than several.
 *
 * @param product with all of them
 * @param memory of all of them
 */
record JointProduct(RowProduct product, INDArray memory) implements AutoCloseable {

  /**
   * @param parts of as many rows each
   */
  static JointProduct of(Precision precision, Matrix... parts) {
    int columns = Arrays.stream(parts).mapToInt(Matrix::columns).sum();
    try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
      long[] shape = {parts[0].rows(), columns};
      INDArray memory = Nd4j.createUninitialized(DataType.FLOAT, shape, 'c');
      Matrix joint = Matrix.of(memory);
      int from = 0;
      for (Matrix part : parts) {
        int to = from + part.columns();
        Kernel.of(part).copy(part, joint.columns(from, to));
        from = to;
      }
      return new JointProduct(precision.product(joint), memory);
    }
  }

  @Override
  public void close() {
    product.close();
    memory.close();
  }
}
