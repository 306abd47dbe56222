package storyloom.model.nn.layer;

import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Configuration of a {@link BidirectionalVertex}: two LSTMs' packed [N+2b,H/2] in, packed [N+2b,H]
 * out.
 */
public final class BidirectionalSpec extends VertexSpec {

  private int hidden;
  private int sequence;

  /** For JSON. */
  public BidirectionalSpec() {}

  /**
   * @param hidden H, width of both LSTMs together
   * @param sequence which of the graph's inputs holds the ids whose lengths count
   */
  public BidirectionalSpec(int hidden, int sequence) {
    this.hidden = hidden;
    this.sequence = sequence;
  }

  public int getHidden() {
    return hidden;
  }

  public void setHidden(int hidden) {
    this.hidden = hidden;
  }

  public int getSequence() {
    return sequence;
  }

  public void setSequence(int sequence) {
    this.sequence = sequence;
  }

  @Override
  Map<String, long[]> shapes() {
    return Map.of();
  }

  @Override
  VertexSpec copy() {
    return new BidirectionalSpec(hidden, sequence);
  }

  @Override
  ParameterVertex vertex(
      ComputationGraph graph, String name, int index, INDArray parameters, DataType type) {
    return new BidirectionalVertex(this, graph, name, index, parameters, type);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BidirectionalSpec that
        && hidden == that.hidden
        && sequence == that.sequence;
  }

  @Override
  public int hashCode() {
    return Objects.hash(hidden, sequence);
  }
}
