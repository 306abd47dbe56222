package storyloom.model.nn.layer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Configuration of an {@link LstmVertex}: packed [N,E] in, packed [N,H] out, followed by 2b rows of
 * final states where {@code keepsState}.
 */
public final class LstmSpec extends VertexSpec {

  static final String INPUT_WEIGHT = "inputWeight";
  static final String RECURRENT_WEIGHT = "recurrentWeight";
  static final String BIAS = "bias";

  private int inputs;
  private int hidden;
  private int sequence;
  private boolean keepsState;

  /** For JSON. */
  public LstmSpec() {}

  /**
   * @param inputs E, width of a token's input
   * @param hidden H
   * @param sequence which of the graph's inputs holds the ids whose lengths count
   * @param keepsState whether the output also carries the final (h, c)
   */
  public LstmSpec(int inputs, int hidden, int sequence, boolean keepsState) {
    this.inputs = inputs;
    this.hidden = hidden;
    this.sequence = sequence;
    this.keepsState = keepsState;
  }

  public int getInputs() {
    return inputs;
  }

  public void setInputs(int inputs) {
    this.inputs = inputs;
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

  public boolean isKeepsState() {
    return keepsState;
  }

  public void setKeepsState(boolean keepsState) {
    this.keepsState = keepsState;
  }

  @Override
  Map<String, long[]> shapes() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put(INPUT_WEIGHT, new long[] {inputs, 4L * hidden});
    shapes.put(RECURRENT_WEIGHT, new long[] {hidden, 4L * hidden});
    shapes.put(BIAS, new long[] {4L * hidden});
    return shapes;
  }

  @Override
  VertexSpec copy() {
    return new LstmSpec(inputs, hidden, sequence, keepsState);
  }

  @Override
  ParameterVertex vertex(
      ComputationGraph graph, String name, int index, INDArray parameters, DataType type) {
    return new LstmVertex(this, graph, name, index, parameters, type);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LstmSpec that
        && inputs == that.inputs
        && hidden == that.hidden
        && sequence == that.sequence
        && keepsState == that.keepsState;
  }

  @Override
  public int hashCode() {
    return Objects.hash(inputs, hidden, sequence, keepsState);
  }
}
