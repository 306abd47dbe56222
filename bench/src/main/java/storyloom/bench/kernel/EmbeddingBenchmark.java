package storyloom.bench.kernel;

import org.openjdk.jmh.annotations.Benchmark;
import storyloom.model.nn.kernel.Matrix;

/** Rows gathered from a table of embeddings, and added up in it, for 6,400 tokens. */
public class EmbeddingBenchmark extends KernelBenchmark {

  private Matrix table;
  private Matrix rows;
  private int[] ids;

  @Override
  void setMatrices() {
    table = matrix(VOCABULARY, EMBEDDING);
    rows = matrix(TOKENS, EMBEDDING);
    ids = ids(TOKENS);
  }

  /** Embeddings of the tokens. */
  @Benchmark
  public void gather() {
    kernel(table).gatherRows(table, ids, rows);
  }

  /** Their gradients. */
  @Benchmark
  public void scatterAdd() {
    kernel(table).scatterAddRows(rows, ids, table);
  }

  /** Empties the table of gradients before they are added up. */
  @Benchmark
  public void clear() {
    kernel(table).clear(table);
  }
}
