package storyloom.model.decode.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.config.AdaptiveClusters;
import storyloom.model.nn.config.Seq2SeqTensors;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.kernel.RowProduct;

/**
 * The logits of an adaptive softmax (Grave et al. 2017) over all of V: those of the head's
 * shortlist, and of each tail, all of which are raised alike, so that their exponentials sum to
 * that of the tail's column of the head.
 *
 * @param head [I,c0+K]
 * @param tails K clusters, in the order of their ids
 */
record AdaptiveProjection(RowProduct head, List<Tail> tails) implements OutputProjection {

  /**
   * A cluster of rare tokens.
   *
   * @param projection [I,d]
   * @param weight [d,n]
   */
  record Tail(RowProduct projection, RowProduct weight) {}

  static AdaptiveProjection of(Map<String, INDArray> tensors, int clusters) {
    List<Tail> tails = new ArrayList<>();
    for (int k = 0; k < clusters; k++) {
      tails.add(
          new Tail(
              product(tensors, AdaptiveClusters.projection(k)),
              product(tensors, AdaptiveClusters.weight(k))));
    }
    return new AdaptiveProjection(product(tensors, AdaptiveClusters.HEAD), tails);
  }

  private static RowProduct product(Map<String, INDArray> tensors, String name) {
    return RowProduct.of(Matrix.of(tensors.get(Seq2SeqTensors.name(Seq2SeqTensors.OUTPUT, name))));
  }

  private int shortlist() {
    return head.columns() - tails.size();
  }

  @Override
  public int vocabulary() {
    return shortlist() + tails.stream().mapToInt(tail -> tail.weight().columns()).sum();
  }

  @Override
  public int scratchColumns() {
    int widest = tails.stream().mapToInt(tail -> tail.projection().columns()).max().orElseThrow();
    return head.columns() + widest;
  }

  @Override
  public double[] logits(Kernel kernel, Matrix[] features, Matrix scratch, Matrix logits) {
    Matrix columns = scratch.columns(0, head.columns());
    head.multiply(columns, features);
    kernel.copy(columns.columns(0, shortlist()), logits.columns(0, shortlist()));
    int first = shortlist();
    for (int k = 0; k < tails.size(); k++) {
      Tail tail = tails.get(k);
      int end = first + tail.weight().columns();
      int width = tail.projection().columns();
      Matrix hidden = scratch.columns(head.columns(), head.columns() + width);
      Matrix some = logits.columns(first, end);
      tail.projection().multiply(hidden, features);
      tail.weight().multiply(some, hidden);
      raise(kernel, some, columns.column(shortlist() + k));
      first = end;
    }
    return kernel.logSums(columns);
  }

  @Override
  public void close() {
    head.close();
    for (Tail tail : tails) {
      tail.projection().close();
      tail.weight().close();
    }
  }

  /** Adds to each row what makes its exponentials sum to that of its cluster's logit. */
  private static void raise(Kernel kernel, Matrix tail, double[] cluster) {
    double[] by = kernel.logSums(tail);
    Arrays.setAll(by, row -> cluster[row] - by[row]);
    kernel.addToRows(by, tail);
  }
}
