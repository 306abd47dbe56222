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
import storyloom.pipeline.corpus.read.RawPairs;
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
   * Cleans a corpus and keeps the result with the executors until it is closed, nothing left or
   * not.
   */
  public CachedPairs clean(RawCorpus corpus) {
    Dataset<Row> cleaned = cleaned(corpus);
    try (JobDescription described =
        JobDescription.of(cleaned.sparkSession().sparkContext(), "clean the corpus")) {
      Dataset<Row> judged =
          judged(cleaned, corpus.splits().size() > 1, corpus.partitions())
              .persist(StorageLevel.DISK_ONLY());
      try {
        return new CachedPairs(judged, report(judged, corpus));
      } catch (Exception failure) {
        Unpersist.of(judged);
        throw failure;
      }
    }
  }

  private Dataset<Row> cleaned(RawCorpus corpus) {
    return corpus.splits().entrySet().stream()
        .map(
            each ->
                each.getValue().mapPartitions(new PairCleaning(each.getKey(), settings), encoder()))
        .reduce(Dataset::union)
        .orElseThrow();
  }

  private Dataset<Row> judged(Dataset<Row> pairs, boolean severalSplits, int partitions) {
    // false sorts first: the other splits' pairs stand before train's
    Column inTrain = col(PairCleaning.SPLIT).equalTo(Split.TRAIN.toString());
    Dataset<Row> judged = pairs;
    if (severalSplits && settings.drops().contains(PairRule.SHARED_PROMPT)) {
      judged =
          judged
              .repartition(partitions, col(PairCleaning.PROMPT_NUMBER))
              .sortWithinPartitions(col(PairCleaning.PROMPT_NUMBER), inTrain)
              .mapPartitions(DuplicateFilter.byPrompt(), encoder());
    }
    return judged
        .repartition(partitions, col(PairCleaning.STORY_NUMBER))
        .sortWithinPartitions(
            col(PairCleaning.STORY_NUMBER),
            inTrain,
            col(PairCleaning.PAIR),
            col(RawPairs.FILE),
            col(RawPairs.LINE))
        .mapPartitions(DuplicateFilter.byStory(settings.drops()), encoder());
  }

  private CleaningReport report(Dataset<Row> judged, RawCorpus corpus) {
    return judged
        .select(ReportTally.COLUMNS.stream().map(functions::col).toArray(Column[]::new))
        .javaRDD()
        .treeAggregate(new ReportTally(), ReportTally::add, ReportTally::add)
        .report(corpus.splits().keySet(), settings.cleaning());
  }

  private static Encoder<Row> encoder() {
    return Encoders.row(PairCleaning.SCHEMA);
  }
}
