package storyloom.model.nn;

import java.util.Collection;
import java.util.Map;
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

/** Configuration of a {@link SoftmaxLayer}: packed [N,I] in, a distribution over V tokens out. */
public final class SoftmaxSpec extends BaseOutputLayer {

  /** For JSON. */
  public SoftmaxSpec() {}

  /**
   * @param inputs I, width of a token's input
   * @param vocabulary V
   */
  SoftmaxSpec(int inputs, int vocabulary) {
    setNIn(inputs);
    setNOut(vocabulary);
    setActivationFn(new ActivationSoftmax());
    setLossFn(new LossSparseMCXENT());
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialise,
      DataType type) {
    SoftmaxLayer layer = new SoftmaxLayer(conf, type);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    Map<String, INDArray> table = initializer().init(conf, parameters, initialise);
    layer.setParamTable(table);
    layer.setConf(conf);
    return layer;
  }

  @Override
  public ParamInitializer initializer() {
    return SoftmaxParameters.INSTANCE;
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
}
