package storyloom.pipeline.corpus;

import static org.apache.spark.sql.functions.col;

import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import storyloom.pipeline.Release;

/** The pairs of a corpus after cleaning, kept with the executors until closed. */
final class CleanCorpus implements AutoCloseable {

  private final Dataset<Row> judged;
  private final CleaningReport report;

  /**
   * @param judged rows of {@link CleanPairs}, persistent
   */
  CleanCorpus(Dataset<Row> judged, CleaningReport report) {
    this.judged = judged;
    this.report = report;
  }

  /** What cleaning did. */
  CleaningReport report() {
    return report;
  }

  /** The pairs of a split that were kept, as in {@link CleanPairs}; nothing if it was not given. */
  Optional<Dataset<Row>> pairs(Split split) {
    return report
        .split(split)
        .map(
            given ->
                judged
                    .filter(col(CleanPairs.SPLIT).equalTo(split.toString()))
                    .filter(col(CleanPairs.REASON).isNull()));
  }

  /** Lets the executors forget the pairs; they must not be used after this. */
  @Override
  public void close() {
    Release.of(judged);
  }
}
