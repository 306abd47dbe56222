package storyloom.pipeline.corpus;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;
import storyloom.model.UserException;
import storyloom.pipeline.JobDescription;

/**
 * Cleans a corpus: the per-text rules on both sides of every pair, then what concerns whole pairs.
 *
 * <p>Dropped are pairs with a blank prompt or story; from train also repeated pairs, and pairs that
 * stand in valid or test as well. What remains, and every number in the report, depends on the
 * content of the corpus only: not on its partitioning, nor on tasks that Spark runs twice.
 */
public final class CorpusCleaner {

  private final List<String> rules;

  /**
   * @param rules names of the per-text rules that are on
   */
  public CorpusCleaner(List<String> rules) {
    this.rules = List.copyOf(rules);
  }

  /**
   * Cleans a corpus and keeps the result with the executors until it is closed.
   *
   * @throws UserException if nothing is left of a split; the message has the counts
   */
  public CleanCorpus clean(RawCorpus corpus) {
    Dataset<Row> cleaned = cleaned(corpus);
    try (JobDescription described =
        JobDescription.of(cleaned.sparkSession().sparkContext(), "clean the corpus")) {
      Dataset<Row> judged = judge(cleaned).persist(StorageLevel.MEMORY_AND_DISK());
      try {
        CleaningReport report = report(judged);
        report.splits().forEach(CorpusCleaner::requireSome);
        return new CleanCorpus(judged, report);
      } catch (Exception failure) {
        judged.unpersist();
        throw failure;
      }
    }
  }

  private Dataset<Row> cleaned(RawCorpus corpus) {
    return corpus.splits().entrySet().stream()
        .map(
            each ->
                each.getValue()
                    .mapPartitions(
                        new CleanPairs(each.getKey(), rules), Encoders.row(CleanPairs.SCHEMA)))
        .reduce(Dataset::union)
        .orElseThrow();
  }

  /** Gives the pairs of train that stand elsewhere too a reason to be dropped. */
  private static Dataset<Row> judge(Dataset<Row> pairs) {
    // as many partitions as before: Spark's default of 200 is too many for small corpora
    Dataset<Row> byContent =
        pairs.repartition(pairs.javaRDD().getNumPartitions(), col(CleanPairs.KEY));
    Column inTrain = col(CleanPairs.SPLIT).equalTo(Split.TRAIN.toString());
    // false sorts first: the other splits' pairs stand before train's
    WindowSpec equalPairs = Window.partitionBy(CleanPairs.KEY).orderBy(inTrain);
    Column anotherSplit = inTrain.and(first(inTrain).over(equalPairs).equalTo(false));
    Column repeated = inTrain.and(row_number().over(equalPairs).gt(1));
    return byContent.withColumn(
        CleanPairs.REASON,
        coalesce(
            col(CleanPairs.REASON),
            when(anotherSplit, lit(DropReason.IN_ANOTHER_SPLIT.toString()))
                .when(repeated, lit(DropReason.DUPLICATE.toString()))));
  }

  private static CleaningReport report(Dataset<Row> judged) {
    Map<Split, Tally> tallies = new EnumMap<>(Split.class);
    judged
        .groupBy(CleanPairs.SPLIT, CleanPairs.REASON)
        .agg(count(lit(1)), sum(col(CleanPairs.CHANGED).cast(DataTypes.LongType)))
        .collectAsList()
        .forEach(
            row ->
                tallies
                    .computeIfAbsent(Split.named(row.getString(0)).orElseThrow(), s -> new Tally())
                    .add(row.getString(1), row.getLong(2), row.getLong(3)));
    TreeMap<Split, CleaningReport.Counts> counts = new TreeMap<>();
    tallies.forEach((split, tally) -> counts.put(split, tally.counts()));
    return new CleaningReport(counts);
  }

  private static void requireSome(Split split, CleaningReport.Counts counts) {
    if (counts.kept() == 0) {
      throw UserException.data(
          "nothing is left of the " + split + " split after cleaning: " + counts);
    }
  }

  /** The counts of a split while its rows come in. */
  private static final class Tally {
    private final TreeMap<DropReason, Long> dropped = new TreeMap<>();
    private long read;
    private long changed;

    void add(String reason, long pairs, long changedPairs) {
      read += pairs;
      changed += changedPairs;
      if (reason != null) {
        dropped.put(DropReason.of(reason), pairs);
      }
    }

    CleaningReport.Counts counts() {
      return new CleaningReport.Counts(read, changed, dropped);
    }
  }
}
