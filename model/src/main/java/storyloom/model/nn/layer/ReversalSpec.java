package storyloom.model.nn.layer;

import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Configuration of a {@link ReversalVertex}: packed [N,W] in, packed [N,W] out. */
public final class ReversalSpec extends VertexSpec {

  private int sequence;

  /** For JSON. */
  public ReversalSpec() {}

  /**
   * @param sequence which of the graph's inputs holds the ids whose lengths count
   */
  public ReversalSpec(int sequence) {
    this.sequence = sequence;
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
    return new ReversalSpec(sequence);
  }

  @Override
  ParameterVertex vertex(
      ComputationGraph graph, String name, int index, INDArray parameters, DataType type) {
    return new ReversalVertex(this, graph, name, index, parameters, type);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ReversalSpec that && sequence == that.sequence;
  }

  @Override
  public int hashCode() {
    return Objects.hash(sequence);
  }
}
