package storyloom.model.nn.output;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.InitialWeights;
import storyloom.model.nn.layer.ParameterViews;

/**
 * The parameters that an {@link OutputSpec} names, row-major: DL4J's own initialiser stores
 * matrices column by column. The weights are filled by {@link InitialWeights}, which knows the
 * seed.
 */
final class OutputParameters implements ParamInitializer {

  static final OutputParameters INSTANCE = new OutputParameters();

  private OutputParameters() {}

  private static Map<String, long[]> shapes(Layer layer) {
    return ((OutputSpec) layer).shapes();
  }

  @Override
  public long numParams(NeuralNetConfiguration conf) {
    return numParams(conf.getLayer());
  }

  @Override
  public long numParams(Layer layer) {
    return shapes(layer).values().stream().mapToLong(ParameterViews::length).sum();
  }

  @Override
  public List<String> paramKeys(Layer layer) {
    return List.copyOf(shapes(layer).keySet());
  }

  @Override
  public List<String> weightKeys(Layer layer) {
    return paramKeys(layer).stream().filter(key -> isWeightParam(layer, key)).toList();
  }

  @Override
  public List<String> biasKeys(Layer layer) {
    return paramKeys(layer).stream().filter(key -> isBiasParam(layer, key)).toList();
  }

  @Override
  public boolean isWeightParam(Layer layer, String key) {
    return !isBiasParam(layer, key);
  }

  @Override
  public boolean isBiasParam(Layer layer, String key) {
    return OutputSpec.BIAS.equals(key);
  }

  @Override
  public Map<String, INDArray> init(
      NeuralNetConfiguration conf, INDArray parameters, boolean initialise) {
    paramKeys(conf.getLayer()).forEach(conf::addVariable);
    return ParameterViews.of(shapes(conf.getLayer()), parameters);
  }

  @Override
  public Map<String, INDArray> getGradientsFromFlattened(
      NeuralNetConfiguration conf, INDArray gradients) {
    return ParameterViews.of(shapes(conf.getLayer()), gradients);
  }
}
