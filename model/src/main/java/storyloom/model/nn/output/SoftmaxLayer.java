package storyloom.model.nn.output;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import storyloom.model.nn.kernel.Kernel.Side;

/**
 * Dense softmax over the vocabulary.
 *
 * <pre>
 *   logits [N,V] = x·weight + bias
 *   loss         = mean over the N tokens of −ln softmax(logits)[target]
 * </pre>
 *
 * <p>x packed [N,I]; weight [I,V], bias [V]. Keras: {@code Dense(V, softmax)}.
 */
final class SoftmaxLayer extends OutputLayer<SoftmaxSpec> {

  SoftmaxLayer(NeuralNetConfiguration conf, DataType type) {
    super(conf, type);
  }

  @Override
  ChunkedSoftmax distribution(ScratchMemory scratch) {
    return new ChunkedSoftmax(
        scratch,
        scratch.matrix(scratch.chunk(), layerConf().getNOut()),
        List.of(new LinearMap(parameter(SoftmaxSpec.WEIGHT), Side.PLAIN)),
        parameter(OutputSpec.BIAS),
        layerConf().getLabelSmoothing());
  }
}
