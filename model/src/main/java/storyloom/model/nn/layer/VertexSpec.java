package storyloom.model.nn.layer;

import java.util.Arrays;
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
import storyloom.model.nn.InitialWeights;

/**
 * The configuration half of our vertices. It extends {@link SameDiffVertex} because the graph
 * builder hands updaters only to that class; nothing of SameDiff runs.
 *
 * <p>Two specs of one class with equal fields are equal. Subclasses have a public constructor
 * without arguments, getters and setters, so that DL4J can write them as JSON.
 */
public abstract class VertexSpec extends SameDiffVertex {

  /** Names and shapes of the parameters, in the order in which they stand in memory. */
  abstract Map<String, long[]> shapes();

  /** A spec with the same fields; what DL4J itself set is copied by {@link #clone}. */
  abstract VertexSpec copy();

  abstract ParameterVertex vertex(
      ComputationGraph graph, String name, int index, INDArray parameters, DataType type);

  @Override
  public final void defineParametersAndInputs(SDVertexParams params) {
    params.clear();
    shapes().forEach(params::addWeightParam);
  }

  @Override
  public final ParameterVertex instantiate(
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      boolean initialise,
      DataType type) {
    setName(name);
    return vertex(graph, name, index, parameters, type);
  }

  /** The sum over {@link #shapes}, in 64 bits; DL4J's own would cut it to 32. */
  @Override
  public final long numParams(boolean backprop) {
    return shapes().values().stream()
        .mapToLong(shape -> Arrays.stream(shape).reduce(1, Math::multiplyExact))
        .sum();
  }

  /** DL4J's workers clone configurations; a clone without the updater cannot train. */
  @Override
  public final GraphVertex clone() {
    VertexSpec copy = copy();
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
  public final Pair<INDArray, MaskState> feedForwardMaskArrays(
      INDArray[] masks, MaskState state, int rows) {
    return Pair.of(null, state);
  }

  @Override
  public final InputType getOutputType(int index, InputType... inputs) {
    throw new UnsupportedOperationException("sizes are set by Seq2SeqGraph, not by setInputTypes");
  }

  /** The weights are filled by {@link InitialWeights}, which knows the seed. */
  @Override
  public final void initializeParameters(Map<String, INDArray> params) {
    throw new UnsupportedOperationException("the weights are filled by InitialWeights");
  }

  @Override
  public final SDVariable defineVertex(
      SameDiff graph,
      Map<String, SDVariable> inputs,
      Map<String, SDVariable> params,
      Map<String, SDVariable> masks) {
    throw new UnsupportedOperationException("this vertex is native, not SameDiff");
  }
}
