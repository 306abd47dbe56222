package storyloom.pipeline.evaluate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.trim;

import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import storyloom.pipeline.JobDescription;
import storyloom.pipeline.corpus.read.PairColumns;

/**
 * Pairs as text that models are measured by: kept in a folder of gzipped JSON lines, whose own
 * checksums show damage, or a {@link Sample} of them on the driver.
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

  /**
   * Some pairs of a split for what would take too long on all of them: those with the smallest
   * SHA-256 of prompt and story, in that order, so that the same split gives the same pairs
   * wherever and in whatever order they lie, and neighbours have nothing to do with each other.
   *
   * @param prompts raw, none blank
   * @param stories raw, one for each prompt, none blank
   */
  public record Sample(List<String> prompts, List<String> stories) {

    public Sample {
      prompts = List.copyOf(prompts);
      stories = List.copyOf(stories);
    }

    /**
     * Takes a sample.
     *
     * @param pairs raw pairs, string columns prompt and story; those with a blank side are left out
     * @param most how many at most; they come to the driver
     */
    public static Sample of(Dataset<Row> pairs, int most) {
      Column prompt = col(PairColumns.PROMPT);
      Column story = col(PairColumns.STORY);
      try (JobDescription described =
          JobDescription.of(pairs.sparkSession().sparkContext(), "take a sample of the pairs")) {
        List<Row> rows =
            pairs
                .select(prompt, story)
                .where(trim(prompt).notEqual("").and(trim(story).notEqual("")))
                .orderBy(sha2(concat_ws("\n", prompt, story), 256))
                .limit(most)
                .collectAsList();
        return new Sample(
            rows.stream().map(row -> row.getString(0)).toList(),
            rows.stream().map(row -> row.getString(1)).toList());
      }
    }

    /** How many pairs there are. */
    public int size() {
      return prompts.size();
    }
  }
}
