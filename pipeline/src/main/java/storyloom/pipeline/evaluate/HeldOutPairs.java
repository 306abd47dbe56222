package storyloom.pipeline.evaluate;

import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import storyloom.pipeline.JobDescription;
import storyloom.pipeline.corpus.read.PairColumns;

/**
 * Pairs as text that are kept to judge models by: a folder of gzipped JSON lines, whose own
 * checksums tell damage.
 */
public final class HeldOutPairs {

  private static final StructType SCHEMA =
      new StructType()
          .add(PairColumns.PROMPT, DataTypes.StringType)
          .add(PairColumns.STORY, DataTypes.StringType);

  private HeldOutPairs() {}

  /**
   * Keeps pairs.
   *
   * @param pairs cleaned, string columns prompt and story
   * @param folder where they shall stand; it must not exist
   */
  public static void write(Dataset<Row> pairs, Path folder) {
    try (JobDescription described =
        JobDescription.of(pairs.sparkSession().sparkContext(), "keep the validation split")) {
      pairs
          .select(PairColumns.PROMPT, PairColumns.STORY)
          .write()
          .option("compression", "gzip")
          .json(folder.toString());
    }
  }

  /** The pairs that {@link #write} has kept, read whenever they are used. */
  public static Dataset<Row> read(SparkSession spark, Path folder) {
    return spark.read().schema(SCHEMA).option("mode", "FAILFAST").json(folder.toString());
  }
}
