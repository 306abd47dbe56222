package storyloom.model.nn.output;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import storyloom.model.nn.config.AdaptiveClusters;

/**
 * Configuration of an {@link AdaptiveSoftmaxLayer}: packed [N,I] in, a distribution over V tokens
 * out.
 */
public final class AdaptiveSoftmaxSpec extends OutputSpec {

  private List<Integer> cutoffs = List.of();

  /** For JSON. */
  public AdaptiveSoftmaxSpec() {}

  /**
   * @param inputs I, width of a token's input
   * @param vocabulary V
   * @param cutoffs first ids of the tail clusters, ascending
   */
  AdaptiveSoftmaxSpec(int inputs, int vocabulary, List<Integer> cutoffs) {
    super(inputs, vocabulary, 0);
    this.cutoffs = List.copyOf(cutoffs);
  }

  public List<Integer> getCutoffs() {
    return cutoffs;
  }

  public void setCutoffs(List<Integer> cutoffs) {
    this.cutoffs = List.copyOf(cutoffs);
  }

  AdaptiveClusters clusters() {
    return new AdaptiveClusters((int) getNIn(), (int) getNOut(), cutoffs);
  }

  @Override
  public Map<String, long[]> shapes() {
    return clusters().shapes();
  }

  @Override
  AdaptiveSoftmaxLayer layer(NeuralNetConfiguration conf, DataType type) {
    return new AdaptiveSoftmaxLayer(conf, type);
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other)
        && other instanceof AdaptiveSoftmaxSpec that
        && cutoffs.equals(that.cutoffs);
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), cutoffs);
  }
}
