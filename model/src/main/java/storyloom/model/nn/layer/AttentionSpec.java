package storyloom.model.nn.layer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.config.AttentionKind;

/**
 * Configuration of an {@link AttentionVertex}: packed decoder and encoder in, packed [N,2H] out.
 */
public final class AttentionSpec extends VertexSpec {

  static final String WEIGHT = "weight";
  static final String QUERY_WEIGHT = "queryWeight";
  static final String KEY_WEIGHT = "keyWeight";
  static final String VECTOR = "vector";

  private int hidden;
  private AttentionKind kind;

  /** For JSON. */
  public AttentionSpec() {}

  /**
   * @param hidden H
   * @param kind any but {@link AttentionKind#NONE}
   */
  public AttentionSpec(int hidden, AttentionKind kind) {
    this.hidden = hidden;
    this.kind = kind;
  }

  public int getHidden() {
    return hidden;
  }

  public void setHidden(int hidden) {
    this.hidden = hidden;
  }

  public AttentionKind getKind() {
    return kind;
  }

  public void setKind(AttentionKind kind) {
    this.kind = kind;
  }

  @Override
  Map<String, long[]> shapes() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    if (kind == AttentionKind.GENERAL) {
      shapes.put(WEIGHT, new long[] {hidden, hidden});
    } else if (kind == AttentionKind.ADDITIVE) {
      shapes.put(QUERY_WEIGHT, new long[] {hidden, hidden});
      shapes.put(KEY_WEIGHT, new long[] {hidden, hidden});
      shapes.put(VECTOR, new long[] {hidden});
    }
    return shapes;
  }

  @Override
  VertexSpec copy() {
    return new AttentionSpec(hidden, kind);
  }

  @Override
  ParameterVertex vertex(
      ComputationGraph graph, String name, int index, INDArray parameters, DataType type) {
    return new AttentionVertex(this, graph, name, index, parameters, type);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AttentionSpec that && hidden == that.hidden && kind == that.kind;
  }

  @Override
  public int hashCode() {
    return Objects.hash(hidden, kind);
  }
}
