package storyloom.pipeline.corpus;

import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import storyloom.model.UserException;

/**
 * Pairs from two files: line i of one is the prompt of line i of the other, however the files are
 * split. The lines are brought together by a shuffle on their numbers.
 */
final class AlignedLines {

  private AlignedLines() {}

  /**
   * @throws UserException if the files are empty or differ in their numbers of lines
   */
  static Dataset<Row> read(SparkSession session, Path prompts, Path stories) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    LineFile source = LineFile.open(spark, prompts);
    LineFile target = LineFile.open(spark, stories);
    check(source, target);
    int partitions =
        Math.max(spark.defaultParallelism(), Math.max(source.splits(), target.splits()));
    JavaRDD<Row> rows =
        source
            .numbered()
            .join(target.numbered(), partitions)
            .values()
            .map(pair -> RowFactory.create(pair._1(), pair._2()));
    return session.createDataFrame(rows, PairColumns.SCHEMA);
  }

  private static void check(LineFile source, LineFile target) {
    if (source.count() != target.count()) {
      throw UserException.data(
          String.format(
              "%s has %,d lines but %s has %,d; line i of one must belong to line i of the other",
              source.path(), source.count(), target.path(), target.count()));
    }
    if (source.count() == 0) {
      throw UserException.data(
          source.path() + " and " + target.path() + " are empty: 0 lines each");
    }
  }
}
