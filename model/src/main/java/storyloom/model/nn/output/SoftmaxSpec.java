package storyloom.model.nn.output;

import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;

/** Configuration of a {@link SoftmaxLayer}: packed [N,I] in, a distribution over V tokens out. */
public final class SoftmaxSpec extends OutputSpec {

  static final String WEIGHT = "weight";

  /** For JSON. */
  public SoftmaxSpec() {}

  /**
   * @param inputs I, width of a token's input
   * @param vocabulary V
   * @param labelSmoothing share of each target spread over all tokens while training
   */
  SoftmaxSpec(int inputs, int vocabulary, double labelSmoothing) {
    super(inputs, vocabulary, labelSmoothing);
  }

  @Override
  public Map<String, long[]> shapes() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put(WEIGHT, new long[] {getNIn(), getNOut()});
    shapes.put(BIAS, new long[] {getNOut()});
    return shapes;
  }

  @Override
  SoftmaxLayer layer(NeuralNetConfiguration conf, DataType type) {
    return new SoftmaxLayer(conf, type);
  }
}
