package storyloom.pipeline.corpus;

import static org.apache.spark.sql.functions.col;

import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import storyloom.pipeline.Unpersist;
import storyloom.pipeline.corpus.read.Split;
import storyloom.pipeline.corpus.report.CleaningReport;

/** The pairs of a corpus after cleaning, kept with the executors until closed. */
public final class CachedPairs implements AutoCloseable {

  private final Dataset<Row> judged;
  private final CleaningReport report;

  /**
   * @param judged rows of {@link PairCleaning}, persistent
   */
  CachedPairs(Dataset<Row> judged, CleaningReport report) {
    this.judged = judged;
    this.report = report;
  }

  /** What cleaning did. */
  public CleaningReport report() {
    return report;
  }

  /**
   * The pairs of a split that were kept, as in {@link PairCleaning}; nothing if it was not given.
   */
  Optional<Dataset<Row>> pairs(Split split) {
    return report
        .split(split)
        .map(
            given ->
                judged
                    .filter(col(PairCleaning.SPLIT).equalTo(split.toString()))
                    .filter(col(PairCleaning.REASON).isNull()));
  }

  /** Lets the executors forget the pairs; they must not be used after this. */
  @Override
  public void close() {
    Unpersist.of(judged);
  }
}
