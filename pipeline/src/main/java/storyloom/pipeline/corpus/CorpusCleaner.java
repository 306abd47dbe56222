package storyloom.pipeline.corpus;

import static org.apache.spark.sql.functions.col;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import storyloom.pipeline.JobDescription;
import storyloom.pipeline.Unpersist;
import storyloom.pipeline.corpus.read.PairRule;
import storyloom.pipeline.corpus.read.RawCorpus;
import storyloom.pipeline.corpus.read.Split;
import storyloom.pipeline.corpus.report.CleaningReport;

/**
 * Cleans a corpus: the per-text rules on both sides of every pair, then what concerns whole pairs.
 *
 * <p>What remains, and every number and example in the report, depends on the content of the corpus
 * only: not on its partitioning, nor on tasks that Spark runs twice. Pairs of train give way to
 * those of valid and test, which lose no pair to another.
 */
public final class CorpusCleaner {

  private final CorpusSettings settings;

  public CorpusCleaner(CorpusSettings settings) {
    this.settings = settings;
  }

  /**
   * Cleans a corpus. The executors cache the result until it is closed, also if nothing is left.
   */
  public CleanedCorpus clean(RawCorpus corpus) {
    Dataset<Row> cleaned = cleaned(corpus);
    try (JobDescription described =
        JobDescription.of(cleaned.sparkSession().sparkContext(), "clean the corpus")) {
      Dataset<Row> filtered =
          withoutDuplicates(cleaned, corpus.splits().size() > 1, corpus.partitions())
              .persist(StorageLevel.DISK_ONLY());
      try {
        return new CleanedCorpus(filtered, report(filtered, corpus));
      } catch (Exception failure) {
        Unpersist.of(filtered);
        throw failure;
      }
    }
  }

  private Dataset<Row> cleaned(RawCorpus corpus) {
    return corpus.splits().entrySet().stream()
        .map(
            each ->
                each.getValue().mapPartitions(new PairCleaner(each.getKey(), settings), encoder()))
        .reduce(Dataset::union)
        .orElseThrow();
  }

  private Dataset<Row> withoutDuplicates(
      Dataset<Row> pairs, boolean severalSplits, int partitions) {
    // false sorts first: the other splits' pairs stand before train's
    Column inTrain = col(CleanedCorpus.SPLIT).equalTo(Split.TRAIN.toString());
    Dataset<Row> filtered = pairs;
    if (severalSplits && settings.drops().contains(PairRule.SHARED_PROMPT)) {
      filtered =
          filtered
              .repartition(partitions, col(CleanedCorpus.PROMPT_HASH))
              .sortWithinPartitions(col(CleanedCorpus.PROMPT_HASH), inTrain)
              .mapPartitions(DuplicateFilter.byPrompt(), encoder());
    }
    return filtered
        .repartition(partitions, col(CleanedCorpus.STORY_HASH))
        .sortWithinPartitions(
            col(CleanedCorpus.STORY_HASH),
            inTrain,
            col(CleanedCorpus.PAIR_HASH),
            col(RawCorpus.FILE),
            col(RawCorpus.LINE))
        .mapPartitions(DuplicateFilter.byStory(settings.drops()), encoder());
  }

  private CleaningReport report(Dataset<Row> filtered, RawCorpus corpus) {
    return filtered
        .select(ReportTally.COLUMNS.stream().map(functions::col).toArray(Column[]::new))
        .javaRDD()
        .treeAggregate(new ReportTally(), ReportTally::add, ReportTally::add)
        .report(corpus.splits().keySet(), settings.cleaning());
  }

  private static Encoder<Row> encoder() {
    return Encoders.row(CleanedCorpus.SCHEMA);
  }
}
