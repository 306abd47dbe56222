package storyloom.model.nn.output;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;
import storyloom.model.nn.config.Seq2SeqConfig;

/**
 * The configuration half of our output layers: packed [N,I] in, a distribution over V tokens out. I
 * and V are DL4J's nIn and nOut.
 */
public abstract class OutputSpec extends BaseOutputLayer {

  static final String BIAS = "bias";

  private double labelSmoothing;

  OutputSpec() {}

  OutputSpec(int inputs, int vocabulary, double labelSmoothing) {
    setNIn(inputs);
    setNOut(vocabulary);
    setActivationFn(new ActivationSoftmax());
    setLossFn(new LossSparseMCXENT());
    this.labelSmoothing = labelSmoothing;
  }

  /** The output layer that a model asks for. */
  public static OutputSpec of(Seq2SeqConfig config, double labelSmoothing) {
    int inputs = config.features();
    int vocabulary = config.vocabulary();
    if (config.tiedEmbeddings()) {
      return new TiedSoftmaxSpec(inputs, config.embedding(), vocabulary, labelSmoothing);
    }
    return config.adaptiveSoftmax().isEmpty()
        ? new SoftmaxSpec(inputs, vocabulary, labelSmoothing)
        : new AdaptiveSoftmaxSpec(inputs, vocabulary, config.adaptiveSoftmax());
  }

  /** Names and shapes of the parameters, in the order in which they stand in memory. */
  public abstract Map<String, long[]> shapes();

  abstract OutputLayer<?> layer(NeuralNetConfiguration conf, DataType type);

  /** Share of each target that is spread evenly over all V tokens while training. */
  public double getLabelSmoothing() {
    return labelSmoothing;
  }

  public void setLabelSmoothing(double labelSmoothing) {
    this.labelSmoothing = labelSmoothing;
  }

  @Override
  public final Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialise,
      DataType type) {
    OutputLayer<?> layer = layer(conf, type);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(conf, parameters, initialise));
    layer.setConf(conf);
    return layer;
  }

  @Override
  public final ParamInitializer initializer() {
    return OutputParameters.INSTANCE;
  }

  @Override
  public final InputType getOutputType(int index, InputType input) {
    return InputType.recurrent(getNOut());
  }

  @Override
  public final void setNIn(InputType input, boolean override) {
    // sizes come with the constructor
  }

  @Override
  public final InputPreProcessor getPreProcessorForInputType(InputType input) {
    return null;
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other)
        && other instanceof OutputSpec that
        && getClass() == that.getClass()
        && labelSmoothing == that.labelSmoothing;
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), labelSmoothing);
  }
}
