package storyloom.model.nn.output;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import storyloom.model.nn.kernel.Kernel.Side;
import storyloom.model.nn.layer.EmbeddingVertex;

/**
 * Dense softmax over the vocabulary by the matrix that also embeds the tokens.
 *
 * <pre>
 *   logits [N,V] = (x·projection)·embeddingᵀ + bias
 *   loss         = mean over the N tokens of −ln softmax(logits)[target]
 * </pre>
 *
 * <p>x packed [N,I]; projection [I,E], embedding [V,E], bias [V]. The backward pass overwrites the
 * gradient of the embedding; the embedding vertices, whose backward passes come later, add theirs.
 * Source: Press and Wolf 2017; Inan, Khosravi and Socher 2017.
 */
public final class TiedSoftmaxLayer extends OutputLayer<TiedSoftmaxSpec> {

  private EmbeddingVertex embedding;

  TiedSoftmaxLayer(NeuralNetConfiguration conf, DataType type) {
    super(conf, type);
  }

  /** Shares the weight of a vertex of the same graph. */
  public void tie(EmbeddingVertex owner) {
    embedding = owner;
  }

  @Override
  ChunkedSoftmax distribution(ScratchMemory scratch) {
    return new ChunkedSoftmax(
        scratch,
        scratch.matrix(scratch.chunk(), layerConf().getNOut()),
        List.of(
            new LinearMap(parameter(TiedSoftmaxSpec.PROJECTION), Side.PLAIN),
            new LinearMap(embedding.parameter(), Side.TRANSPOSED)),
        parameter(OutputSpec.BIAS),
        layerConf().getLabelSmoothing());
  }
}
