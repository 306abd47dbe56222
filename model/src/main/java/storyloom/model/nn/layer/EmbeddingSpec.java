package storyloom.model.nn.layer;

import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Configuration of an {@link EmbeddingVertex}: [b,L] ids in, packed [N,E] out. One that borrows its
 * weight has no parameters.
 */
public final class EmbeddingSpec extends VertexSpec {

  static final String WEIGHT = "weight";

  private int vocabulary;
  private int embedding;
  private boolean borrowing;

  /** For JSON. */
  public EmbeddingSpec() {}

  /**
   * @param vocabulary V
   * @param embedding E
   * @param borrowing whether the weight is another vertex's
   */
  public EmbeddingSpec(int vocabulary, int embedding, boolean borrowing) {
    this.vocabulary = vocabulary;
    this.embedding = embedding;
    this.borrowing = borrowing;
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

  public boolean isBorrowing() {
    return borrowing;
  }

  public void setBorrowing(boolean borrowing) {
    this.borrowing = borrowing;
  }

  @Override
  Map<String, long[]> shapes() {
    return borrowing ? Map.of() : Map.of(WEIGHT, new long[] {vocabulary, embedding});
  }

  @Override
  VertexSpec copy() {
    return new EmbeddingSpec(vocabulary, embedding, borrowing);
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
        && embedding == that.embedding
        && borrowing == that.borrowing;
  }

  @Override
  public int hashCode() {
    return Objects.hash(vocabulary, embedding, borrowing);
  }
}
