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
import storyloom.pipeline.Release;

/**
 * Cleans a corpus: the per-text rules on both sides of every pair, then what concerns whole pairs.
 *
 * <p>What remains, and every number and example in the report, depends on the content of the corpus
 * only: not on its partitioning, nor on tasks that Spark runs twice. Pairs of train give way to
 * those of valid and test, which lose no pair to another.
 */
final class CorpusCleaner {

  private final CorpusSettings settings;

  CorpusCleaner(CorpusSettings settings) {
    this.settings = settings;
  }

  /**
   * Cleans a corpus and keeps the result with the executors until it is closed, nothing left or
   * not.
   */
  CleanCorpus clean(RawCorpus corpus) {
    Dataset<Row> cleaned = cleaned(corpus);
    try (JobDescription described =
        JobDescription.of(cleaned.sparkSession().sparkContext(), "clean the corpus")) {
      Dataset<Row> judged =
          judged(cleaned, corpus.splits().size() > 1, corpus.partitions())
              .persist(StorageLevel.DISK_ONLY());
      try {
        return new CleanCorpus(judged, report(judged, corpus));
      } catch (Exception failure) {
        Release.of(judged);
        throw failure;
      }
    }
  }

  private Dataset<Row> cleaned(RawCorpus corpus) {
    return corpus.splits().entrySet().stream()
        .map(
            each ->
                each.getValue().mapPartitions(new CleanPairs(each.getKey(), settings), encoder()))
        .reduce(Dataset::union)
        .orElseThrow();
  }

  private Dataset<Row> judged(Dataset<Row> pairs, boolean severalSplits, int partitions) {
    // false sorts first: the other splits' pairs stand before train's
    Column inTrain = col(CleanPairs.SPLIT).equalTo(Split.TRAIN.toString());
    Dataset<Row> judged = pairs;
    if (severalSplits && settings.drops().contains(PairRule.SHARED_PROMPT)) {
      judged =
          judged
              .repartition(partitions, col(CleanPairs.PROMPT_NUMBER))
              .sortWithinPartitions(col(CleanPairs.PROMPT_NUMBER), inTrain)
              .mapPartitions(JudgePairs.byPrompt(), encoder());
    }
    return judged
        .repartition(partitions, col(CleanPairs.STORY_NUMBER))
        .sortWithinPartitions(
            col(CleanPairs.STORY_NUMBER),
            inTrain,
            col(CleanPairs.PAIR),
            col(RawPairs.FILE),
            col(RawPairs.LINE))
        .mapPartitions(JudgePairs.byStory(settings.drops()), encoder());
  }

  private CleaningReport report(Dataset<Row> judged, RawCorpus corpus) {
    return judged
        .select(ReportTally.COLUMNS.stream().map(functions::col).toArray(Column[]::new))
        .javaRDD()
        .treeAggregate(new ReportTally(), ReportTally::add, ReportTally::add)
        .report(corpus.splits().keySet(), settings.cleaning());
  }

  private static Encoder<Row> encoder() {
    return Encoders.row(CleanPairs.SCHEMA);
  }
}
