package storyloom.model.nn.output;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.config.Seq2SeqTensors;
import storyloom.model.nn.config.Tensor;
import storyloom.model.nn.layer.Parameter;

/**
 * The configuration of an {@link OutputLayer}: packed [N,I] in, a distribution over V tokens out. I
 * and V are DL4J's nIn and nOut. DL4J's JSON does not know it.
 */
public final class OutputSpec extends BaseOutputLayer {

  private final Seq2SeqConfig model;
  private final double labelSmoothing;

  /**
   * @param model which softmax, and its sizes
   * @param labelSmoothing share of each target that is spread evenly over all V tokens while
   *     training
   */
  public OutputSpec(Seq2SeqConfig model, double labelSmoothing) {
    this.model = model;
    this.labelSmoothing = labelSmoothing;
    setNIn(model.features());
    setNOut(model.vocabulary());
    setActivationFn(new ActivationSoftmax());
    setLossFn(new LossSparseMCXENT());
  }

  Seq2SeqConfig model() {
    return model;
  }

  double labelSmoothing() {
    return labelSmoothing;
  }

  @Override
  public OutputLayer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialise,
      DataType type) {
    OutputLayer layer = new OutputLayer(conf, type);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(conf, parameters, initialise));
    layer.setConf(conf);
    return layer;
  }

  @Override
  public ParamInitializer initializer() {
    return Parameters.INSTANCE;
  }

  @Override
  public InputType getOutputType(int index, InputType input) {
    return InputType.recurrent(getNOut());
  }

  @Override
  public void setNIn(InputType input, boolean override) {
    // sizes come with the constructor
  }

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType input) {
    return null;
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other)
        && other instanceof OutputSpec that
        && model.equals(that.model)
        && labelSmoothing == that.labelSmoothing;
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), model, labelSmoothing);
  }

  /**
   * The parameters of the layer, row-major: DL4J's own initialiser stores matrices column by
   * column. Their numbers are drawn once the whole graph stands.
   */
  private static final class Parameters implements ParamInitializer {

    static final Parameters INSTANCE = new Parameters();

    private Parameters() {}

    private static List<Tensor> tensors(Layer layer) {
      return Seq2SeqTensors.output(((OutputSpec) layer).model);
    }

    @Override
    public long numParams(NeuralNetConfiguration conf) {
      return numParams(conf.getLayer());
    }

    @Override
    public long numParams(Layer layer) {
      return tensors(layer).stream().mapToLong(Tensor::length).sum();
    }

    @Override
    public List<String> paramKeys(Layer layer) {
      return tensors(layer).stream().map(Tensor::key).toList();
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
      return Seq2SeqTensors.BIAS.equals(key);
    }

    @Override
    public Map<String, INDArray> init(
        NeuralNetConfiguration conf, INDArray parameters, boolean initialise) {
      paramKeys(conf.getLayer()).forEach(conf::addVariable);
      return Parameter.views(tensors(conf.getLayer()), parameters);
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(
        NeuralNetConfiguration conf, INDArray gradients) {
      return Parameter.views(tensors(conf.getLayer()), gradients);
    }
  }
}
