package storyloom.model.nn;

import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Configuration of an {@link AttentionVertex}: packed decoder and encoder in, packed [N,2H] out.
 */
public final class AttentionSpec extends VertexSpec {

  private int hidden;
  private double dropout;

  /** For JSON. */
  public AttentionSpec() {}

  AttentionSpec(int hidden, double dropout) {
    this.hidden = hidden;
    this.dropout = dropout;
  }

  public int getHidden() {
    return hidden;
  }

  public void setHidden(int hidden) {
    this.hidden = hidden;
  }

  public double getDropout() {
    return dropout;
  }

  public void setDropout(double dropout) {
    this.dropout = dropout;
  }

  @Override
  Map<String, long[]> shapes() {
    return Map.of();
  }

  @Override
  VertexSpec copy() {
    return new AttentionSpec(hidden, dropout);
  }

  @Override
  ParameterVertex vertex(
      ComputationGraph graph, String name, int index, INDArray parameters, DataType type) {
    return new AttentionVertex(this, graph, name, index, parameters, type);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AttentionSpec that && hidden == that.hidden && dropout == that.dropout;
  }

  @Override
  public int hashCode() {
    return Objects.hash(hidden, dropout);
  }
}
