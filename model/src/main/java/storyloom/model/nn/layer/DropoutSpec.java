package storyloom.model.nn.layer;

import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Configuration of a {@link DropoutVertex}: packed [N,W] in, packed [N,W] out. */
public final class DropoutSpec extends VertexSpec {

  private double rate;
  private boolean variational;
  private int sequence;

  /** For JSON. */
  public DropoutSpec() {}

  /**
   * @param rate share of the numbers that is zeroed
   * @param variational whether a row of the batch drops the same numbers at each of its steps
   * @param sequence which of the graph's inputs holds the ids whose lengths count
   */
  public DropoutSpec(double rate, boolean variational, int sequence) {
    this.rate = rate;
    this.variational = variational;
    this.sequence = sequence;
  }

  public double getRate() {
    return rate;
  }

  public void setRate(double rate) {
    this.rate = rate;
  }

  public boolean isVariational() {
    return variational;
  }

  public void setVariational(boolean variational) {
    this.variational = variational;
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
    return new DropoutSpec(rate, variational, sequence);
  }

  @Override
  ParameterVertex vertex(
      ComputationGraph graph, String name, int index, INDArray parameters, DataType type) {
    return new DropoutVertex(this, graph, name, index, parameters, type);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DropoutSpec that
        && rate == that.rate
        && variational == that.variational
        && sequence == that.sequence;
  }

  @Override
  public int hashCode() {
    return Objects.hash(rate, variational, sequence);
  }
}
