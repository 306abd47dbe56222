package storyloom.model.nn.output;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Configuration of a {@link TiedSoftmaxLayer}: packed [N,I] in, a distribution over V tokens out.
 */
public final class TiedSoftmaxSpec extends OutputSpec {

  static final String PROJECTION = "projection";

  private int embedding;

  /** For JSON. */
  public TiedSoftmaxSpec() {}

  /**
   * @param inputs I, width of a token's input
   * @param embedding E
   * @param vocabulary V
   * @param labelSmoothing share of each target spread over all tokens while training
   */
  TiedSoftmaxSpec(int inputs, int embedding, int vocabulary, double labelSmoothing) {
    super(inputs, vocabulary, labelSmoothing);
    this.embedding = embedding;
  }

  public int getEmbedding() {
    return embedding;
  }

  public void setEmbedding(int embedding) {
    this.embedding = embedding;
  }

  @Override
  public Map<String, long[]> shapes() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put(PROJECTION, new long[] {getNIn(), embedding});
    shapes.put(BIAS, new long[] {getNOut()});
    return shapes;
  }

  @Override
  TiedSoftmaxLayer layer(NeuralNetConfiguration conf, DataType type) {
    return new TiedSoftmaxLayer(conf, type);
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other)
        && other instanceof TiedSoftmaxSpec that
        && embedding == that.embedding;
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), embedding);
  }
}
