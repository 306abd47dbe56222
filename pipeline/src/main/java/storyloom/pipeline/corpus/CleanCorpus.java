package storyloom.pipeline.corpus;

import static org.apache.spark.sql.functions.col;

import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The pairs of a corpus after cleaning, kept with the executors until closed. */
public final class CleanCorpus implements AutoCloseable {

  private final Dataset<Row> judged;
  private final CleaningReport report;

  CleanCorpus(Dataset<Row> judged, CleaningReport report) {
    this.judged = judged;
    this.report = report;
  }

  /** What cleaning did. */
  public CleaningReport report() {
    return report;
  }

  /** The pairs of a split that were kept, as string columns prompt and story; none if not given. */
  public Optional<Dataset<Row>> pairs(Split split) {
    return report.splits().containsKey(split)
        ? Optional.of(
            judged
                .filter(col(CleanPairs.SPLIT).equalTo(split.toString()))
                .filter(col(CleanPairs.REASON).isNull())
                .select(PairColumns.PROMPT, PairColumns.STORY))
        : Optional.empty();
  }

  /** Lets the executors forget the pairs; they must not be used after this. */
  @Override
  public void close() {
    judged.unpersist();
  }
}
