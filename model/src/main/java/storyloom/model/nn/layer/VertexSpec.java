package storyloom.model.nn.layer;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDVertexParams;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.config.Tensor;

/**
 * The configuration of any of our vertices: its {@link Options} within what DL4J wants to know. It
 * extends {@link SameDiffVertex} because the graph builder hands updaters only to that class;
 * nothing of SameDiff runs. DL4J's JSON does not know it: a bundle says what the graph is built of.
 */
public final class VertexSpec extends SameDiffVertex {

  /** What one kind of vertex can be set to: a record, so specs with equal options are equal. */
  public interface Options extends Serializable {

    /** What the vertex learns, in the order in which it stands in memory. */
    default List<Tensor> tensors() {
      return List.of();
    }

    /** The running half. */
    ParameterVertex vertex(Place place);
  }

  /**
   * Where a vertex stands in its graph.
   *
   * @param spec what it is
   * @param graph the graph
   * @param name of the vertex
   * @param index of the vertex
   * @param parameters its stretch of the graph's flat array
   * @param type of all numbers
   */
  public record Place(
      VertexSpec spec,
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      DataType type) {}

  private final Options options;

  /** A vertex of the kind that the options belong to. */
  public VertexSpec(Options options) {
    this.options = options;
  }

  List<Tensor> tensors() {
    return options.tensors();
  }

  @Override
  public void defineParametersAndInputs(SDVertexParams params) {
    params.clear();
    tensors().forEach(tensor -> params.addWeightParam(tensor.key(), tensor.shape()));
  }

  @Override
  public ParameterVertex instantiate(
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      boolean initialise,
      DataType type) {
    setName(name);
    return options.vertex(new Place(this, graph, name, index, parameters, type));
  }

  /** In 64 bits; DL4J's own would cut it to 32. */
  @Override
  public long numParams(boolean backprop) {
    return tensors().stream().mapToLong(Tensor::length).sum();
  }

  /** DL4J's workers clone configurations; a clone without the updater cannot train. */
  @Override
  public GraphVertex clone() {
    VertexSpec copy = new VertexSpec(options);
    copy.setName(getLayerName());
    copy.setUpdater(getUpdater());
    copy.setBiasUpdater(getBiasUpdater());
    copy.setRegularization(getRegularization());
    copy.setRegularizationBias(getRegularizationBias());
    copy.setGradientNormalization(getGradientNormalization());
    copy.setGradientNormalizationThreshold(getGradientNormalizationThreshold());
    copy.setDataType(getDataType());
    return copy;
  }

  @Override
  public Pair<INDArray, MaskState> feedForwardMaskArrays(
      INDArray[] masks, MaskState state, int rows) {
    return Pair.of(null, state);
  }

  @Override
  public InputType getOutputType(int index, InputType... inputs) {
    throw new UnsupportedOperationException("sizes are set by Seq2SeqGraph, not by setInputTypes");
  }

  @Override
  public void initializeParameters(Map<String, INDArray> params) {
    throw new UnsupportedOperationException("the weights are filled by InitialWeights");
  }

  @Override
  public SDVariable defineVertex(
      SameDiff graph,
      Map<String, SDVariable> inputs,
      Map<String, SDVariable> params,
      Map<String, SDVariable> masks) {
    throw new UnsupportedOperationException("this vertex is native, not SameDiff");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VertexSpec that && options.equals(that.options);
  }

  @Override
  public int hashCode() {
    return options.hashCode();
  }
}
