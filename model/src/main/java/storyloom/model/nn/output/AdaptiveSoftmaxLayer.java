package storyloom.model.nn.output;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import storyloom.model.nn.config.AdaptiveClusters;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Kernel.Side;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.layer.Parameter;

/**
 * An {@link AdaptiveSoftmax} as output layer, without biases.
 *
 * <pre>
 *   loss = mean over the N tokens of −ln p(target)
 * </pre>
 *
 * <p>x packed [N,I]; {@code head.weight} [I,c0+K], {@code tail.k.projection} [I,I/4^(k+1)], {@code
 * tail.k.weight} [I/4^(k+1), ids of tail k].
 */
final class AdaptiveSoftmaxLayer extends OutputLayer<AdaptiveSoftmaxSpec> {

  AdaptiveSoftmaxLayer(NeuralNetConfiguration conf, DataType type) {
    super(conf, type);
  }

  @Override
  AdaptiveSoftmax distribution(ScratchMemory scratch) {
    AdaptiveClusters clusters = layerConf().clusters();
    Matrix logits = scratch.matrix(scratch.chunk(), clusters.largest());
    Matrix zeros = scratch.matrix(1, clusters.largest());
    Kernel.of(zeros).clear(zeros);
    List<ChunkedSoftmax> tails =
        IntStream.range(0, clusters.tails())
            .mapToObj(
                k ->
                    softmax(
                        scratch,
                        logits,
                        zeros,
                        AdaptiveClusters.projection(k),
                        AdaptiveClusters.weight(k)))
            .toList();
    return new AdaptiveSoftmax(
        clusters, scratch, softmax(scratch, logits, zeros, AdaptiveClusters.HEAD), tails);
  }

  private ChunkedSoftmax softmax(
      ScratchMemory scratch, Matrix logits, Matrix zeros, String... weights) {
    List<LinearMap> maps =
        Stream.of(weights).map(name -> new LinearMap(parameter(name), Side.PLAIN)).toList();
    int classes = maps.get(maps.size() - 1).out();
    Parameter noBias = new Parameter(zeros.columns(0, classes), null);
    return new ChunkedSoftmax(scratch, logits, maps, noBias, 0);
  }
}
