package storyloom.model.nn;

import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Configuration of an {@link EmbeddingVertex}: [b,L] ids in, packed [N,E] out. */
public final class EmbeddingSpec extends VertexSpec {

  static final String WEIGHT = "weight";

  private int vocabulary;
  private int embedding;

  /** For JSON. */
  public EmbeddingSpec() {}

  EmbeddingSpec(int vocabulary, int embedding) {
    this.vocabulary = vocabulary;
    this.embedding = embedding;
  }

  public int getVocabulary() {
    return vocabulary;
  }

  public void setVocabulary(int vocabulary) {
    this.vocabulary = vocabulary;
  }

  public int getEmbedding() {
    return embedding;
  }

  public void setEmbedding(int embedding) {
    this.embedding = embedding;
  }

  @Override
  Map<String, long[]> shapes() {
    return Map.of(WEIGHT, new long[] {vocabulary, embedding});
  }

  @Override
  VertexSpec copy() {
    return new EmbeddingSpec(vocabulary, embedding);
  }

  @Override
  ParameterVertex vertex(
      ComputationGraph graph, String name, int index, INDArray parameters, DataType type) {
    return new EmbeddingVertex(this, graph, name, index, parameters, type);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EmbeddingSpec that
        && vocabulary == that.vocabulary
        && embedding == that.embedding;
  }

  @Override
  public int hashCode() {
    return Objects.hash(vocabulary, embedding);
  }
}
