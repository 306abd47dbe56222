package storyloom.pipeline.corpus.read;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import storyloom.model.UserException;

/**
 * Pairs from two files: line i of one is the prompt of line i of the other, however the files are
 * split. The lines are brought together by a shuffle on their numbers.
 */
final class AlignedLines {

  private static final String NUMBER = "number";
  private static final String TEXT = "text";
  private static final String FAULT = "fault";
  private static final String FILE = "file";

  private static final StructType LINE =
      new StructType()
          .add(NUMBER, DataTypes.LongType)
          .add(TEXT, DataTypes.StringType)
          .add(FAULT, DataTypes.StringType)
          .add(FILE, DataTypes.StringType);

  private AlignedLines() {}

  /**
   * @return a table as in {@link RawCorpus}
   * @throws UserException if the files are empty or differ in their numbers of lines
   */
  static Dataset<Row> read(SparkSession session, Path prompts, Path stories) throws IOException {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    LineFiles source = LineFiles.open(spark, file(prompts, spark.hadoopConfiguration()));
    LineFiles target = LineFiles.open(spark, file(stories, spark.hadoopConfiguration()));
    check(prompts, source.count(), stories, target.count());
    int partitions = Math.max(source.partitions(), target.partitions());
    Dataset<Row> prompt = byNumber(session, source, partitions).as("prompt");
    Dataset<Row> story = byNumber(session, target, partitions).as("story");
    Column promptFault = col("prompt." + FAULT);
    Column storyFault = col("story." + FAULT);
    // a broadcast, which Spark may choose for small files, would send text through the driver
    return prompt
        .hint("merge")
        .join(story.hint("merge"), col("prompt." + NUMBER).equalTo(col("story." + NUMBER)))
        .select(
            col("prompt." + TEXT).as(PairColumns.PROMPT),
            col("story." + TEXT).as(PairColumns.STORY),
            coalesce(promptFault, storyFault).as(RawCorpus.FAULT),
            when(promptFault.isNull().and(not(storyFault.isNull())), col("story." + FILE))
                .otherwise(col("prompt." + FILE))
                .as(RawCorpus.FILE),
            col("prompt." + NUMBER).as(RawCorpus.LINE));
  }

  private static List<FileStatus> file(Path path, Configuration configuration) throws IOException {
    return List.of(path.getFileSystem(configuration).getFileStatus(path));
  }

  private static Dataset<Row> byNumber(SparkSession session, LineFiles file, int partitions) {
    JavaRDD<Row> rows = file.lines().map(AlignedLines::row);
    return session.createDataFrame(rows, LINE).repartition(partitions, col(NUMBER));
  }

  private static Row row(LineFiles.Line line) {
    return RowFactory.create(
        line.number(),
        line.text(),
        line.valid() ? null : PairRule.INVALID_UTF8.toString(),
        line.file());
  }

  private static void check(Path source, long prompts, Path target, long stories) {
    if (prompts != stories) {
      throw UserException.data(
          String.format(
              "%s has %,d lines but %s has %,d; line i of one must belong to line i of the other",
              source, prompts, target, stories));
    }
    if (prompts == 0) {
      throw UserException.data(source + " and " + target + " are empty: 0 lines each");
    }
  }
}
