package storyloom.model.nn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Weight [I,V] and bias [V] of a {@link SoftmaxLayer}, row-major: DL4J's own initialiser stores
 * matrices column by column.
 */
final class SoftmaxParameters implements ParamInitializer {

  static final SoftmaxParameters INSTANCE = new SoftmaxParameters();

  static final String WEIGHT = "weight";
  static final String BIAS = "bias";

  private SoftmaxParameters() {}

  private static SoftmaxSpec spec(Layer layer) {
    return (SoftmaxSpec) layer;
  }

  private static Map<String, INDArray> views(SoftmaxSpec spec, INDArray flat) {
    long weights = spec.getNIn() * spec.getNOut();
    INDArray all = flat.reshape(flat.length());
    Map<String, INDArray> views = new LinkedHashMap<>();
    views.put(
        WEIGHT,
        all.get(NDArrayIndex.interval(0, weights)).reshape('c', spec.getNIn(), spec.getNOut()));
    views.put(BIAS, all.get(NDArrayIndex.interval(weights, weights + spec.getNOut())));
    return views;
  }

  @Override
  public long numParams(NeuralNetConfiguration conf) {
    return numParams(conf.getLayer());
  }

  @Override
  public long numParams(Layer layer) {
    return (spec(layer).getNIn() + 1) * spec(layer).getNOut();
  }

  @Override
  public List<String> paramKeys(Layer layer) {
    return List.of(WEIGHT, BIAS);
  }

  @Override
  public List<String> weightKeys(Layer layer) {
    return List.of(WEIGHT);
  }

  @Override
  public List<String> biasKeys(Layer layer) {
    return List.of(BIAS);
  }

  @Override
  public boolean isWeightParam(Layer layer, String key) {
    return WEIGHT.equals(key);
  }

  @Override
  public boolean isBiasParam(Layer layer, String key) {
    return BIAS.equals(key);
  }

  @Override
  public Map<String, INDArray> init(
      NeuralNetConfiguration conf, INDArray parameters, boolean initialise) {
    paramKeys(conf.getLayer()).forEach(conf::addVariable);
    return views(spec(conf.getLayer()), parameters);
  }

  @Override
  public Map<String, INDArray> getGradientsFromFlattened(
      NeuralNetConfiguration conf, INDArray gradients) {
    return views(spec(conf.getLayer()), gradients);
  }
}
