package storyloom.model.decode.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.config.AdaptiveClusters;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.config.Seq2SeqTensors;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.kernel.Precision;
import storyloom.model.nn.kernel.RowProduct;
import storyloom.model.nn.output.StepLogits;

/**
 * From the decoder's features to the next token's logits. What a row gets depends on that row
 * alone, to the last bit.
 */
interface OutputProjection extends AutoCloseable {

  /**
   * The projection of a model.
   *
   * @param tensors weights by the names of a bundle
   */
  static OutputProjection of(
      Seq2SeqConfig config, Map<String, INDArray> tensors, Precision precision) {
    if (config.tiedEmbeddings()) {
      return Tied.of(tensors, precision);
    }
    return config.adaptiveSoftmax().isEmpty()
        ? Full.of(tensors, precision)
        : Adaptive.of(tensors, config.adaptiveSoftmax().size(), precision);
  }

  /** V. */
  int vocabulary();

  /** Numbers of working memory that a row needs. */
  int scratchColumns();

  /**
   * Logits of the next token.
   *
   * @param features m rows each, side by side I wide
   * @param scratch [m,{@link #scratchColumns}]
   * @param logits [m,V], written
   */
  StepLogits logits(Kernel kernel, Matrix[] features, Matrix scratch, Matrix logits);

  /** logits = a·weight + bias. */
  private static StepLogits logits(
      Kernel kernel, RowProduct weight, Matrix bias, Matrix logits, Matrix... a) {
    StepLogits made = new StepLogits(logits);
    weight.multiply(logits, (from, to) -> made.addBias(kernel, bias, from, to), a);
    return made;
  }

  /** Frees what was made of the weights. */
  @Override
  void close();

  /**
   * logits = features·weight + bias.
   *
   * @param weight [I,V]
   * @param bias [V]
   */
  record Full(RowProduct weight, Matrix bias) implements OutputProjection {

    static Full of(Map<String, INDArray> tensors, Precision precision) {
      return new Full(
          precision.product(
              Matrix.of(
                  tensors.get(Seq2SeqTensors.name(Seq2SeqTensors.OUTPUT, Seq2SeqTensors.WEIGHT)))),
          Matrix.of(tensors.get(Seq2SeqTensors.name(Seq2SeqTensors.OUTPUT, Seq2SeqTensors.BIAS))));
    }

    @Override
    public int vocabulary() {
      return weight.columns();
    }

    @Override
    public int scratchColumns() {
      return 0;
    }

    @Override
    public StepLogits logits(Kernel kernel, Matrix[] features, Matrix scratch, Matrix logits) {
      return OutputProjection.logits(kernel, weight, bias, logits, features);
    }

    @Override
    public void close() {
      weight.close();
    }
  }

  /**
   * logits = (features·projection)·embeddingᵀ + bias.
   *
   * @param projection [I,E]; empty where features are as wide as an embedding, and none is needed
   * @param embedding [E,V], turned around
   * @param bias [V]
   */
  record Tied(Optional<RowProduct> projection, RowProduct embedding, Matrix bias)
      implements OutputProjection {

    static Tied of(Map<String, INDArray> tensors, Precision precision) {
      return new Tied(
          Optional.ofNullable(
                  tensors.get(
                      Seq2SeqTensors.name(Seq2SeqTensors.OUTPUT, Seq2SeqTensors.PROJECTION)))
              .map(weight -> precision.product(Matrix.of(weight))),
          precision.productWithTransposed(
              Matrix.of(
                  tensors.get(
                      Seq2SeqTensors.name(Seq2SeqTensors.STORY_EMBEDDING, Seq2SeqTensors.WEIGHT)))),
          Matrix.of(tensors.get(Seq2SeqTensors.name(Seq2SeqTensors.OUTPUT, Seq2SeqTensors.BIAS))));
    }

    @Override
    public int vocabulary() {
      return embedding.columns();
    }

    @Override
    public int scratchColumns() {
      return projection.isPresent() ? embedding.inner() : 0;
    }

    @Override
    public StepLogits logits(Kernel kernel, Matrix[] features, Matrix scratch, Matrix logits) {
      if (projection.isEmpty()) {
        return OutputProjection.logits(kernel, embedding, bias, logits, features);
      }
      projection.get().multiply(scratch, features);
      return OutputProjection.logits(kernel, embedding, bias, logits, scratch);
    }

    @Override
    public void close() {
      projection.ifPresent(RowProduct::close);
      embedding.close();
    }
  }

  /**
   * The logits of an adaptive softmax (Grave et al. 2017) over all of V: those of the head's
   * shortlist, and of each tail, all of which are raised alike, so that their exponentials sum to
   * that of the tail's column of the head.
   *
   * @param head [I,c0+K]
   * @param tails K clusters, in the order of their ids
   */
  record Adaptive(RowProduct head, List<Tail> tails) implements OutputProjection {

    /**
     * A cluster of rare tokens.
     *
     * @param projection [I,d]
     * @param weight [d,n]
     */
    record Tail(RowProduct projection, RowProduct weight) {}

    static Adaptive of(Map<String, INDArray> tensors, int clusters, Precision precision) {
      List<Tail> tails = new ArrayList<>();
      for (int k = 0; k < clusters; k++) {
        tails.add(
            new Tail(
                precision.product(
                    Matrix.of(
                        tensors.get(
                            Seq2SeqTensors.name(
                                Seq2SeqTensors.OUTPUT, AdaptiveClusters.projection(k))))),
                precision.product(
                    Matrix.of(
                        tensors.get(
                            Seq2SeqTensors.name(
                                Seq2SeqTensors.OUTPUT, AdaptiveClusters.weight(k)))))));
      }
      return new Adaptive(
          precision.product(
              Matrix.of(
                  tensors.get(Seq2SeqTensors.name(Seq2SeqTensors.OUTPUT, AdaptiveClusters.HEAD)))),
          tails);
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
    public StepLogits logits(Kernel kernel, Matrix[] features, Matrix scratch, Matrix logits) {
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
      return StepLogits.of(kernel, logits, kernel.logSums(columns));
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
}
