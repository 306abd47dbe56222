package storyloom.model.decode.network;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;

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
  static OutputProjection of(Seq2SeqConfig config, Map<String, INDArray> tensors) {
    if (config.tiedEmbeddings()) {
      return TiedProjection.of(tensors);
    }
    return config.adaptiveSoftmax().isEmpty()
        ? FullProjection.of(tensors)
        : AdaptiveProjection.of(tensors, config.adaptiveSoftmax().size());
  }

  /** V. */
  int vocabulary();

  /** Numbers of working memory that a row needs. */
  int scratchColumns();

  /**
   * Logits, and what turns them into log probabilities.
   *
   * @param features m rows each, side by side I wide
   * @param scratch [m,{@link #scratchColumns}]
   * @param logits [m,V], written
   * @return for each row ln Σ exp of its logits
   */
  double[] logits(Kernel kernel, Matrix[] features, Matrix scratch, Matrix logits);

  /** Frees what was made of the weights. */
  @Override
  void close();
}
