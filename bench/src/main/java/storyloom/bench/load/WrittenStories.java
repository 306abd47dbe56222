package storyloom.bench.load;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import java.nio.file.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import storyloom.model.decode.search.DecodedStory.FinishReason;
import storyloom.pipeline.generate.StoryColumn;

/**
 * What {@code generate.jar} has written, in numbers.
 *
 * @param stories rows
 * @param tokens of all stories, each {@code <end>} that was written included
 * @param files that they lie in
 * @param hash of all prompts, stories and log probabilities, in whatever order
 */
public record WrittenStories(long stories, long tokens, int files, long hash) {

  /** Hashes are cut to this, so that sums of them are no overflow. */
  private static final long HASHES = 1L << 31;

  /** Reads a folder of Parquet. */
  public static WrittenStories read(SparkSession session, Path folder) {
    var table = session.read().parquet(folder.toUri().toString());
    Column ended = column(StoryColumn.FINISH_REASON).equalTo(FinishReason.END.label());
    Column tokens =
        coalesce(column(StoryColumn.STORY_TOKENS), lit(0)).plus(when(ended, 1).otherwise(0));
    Column hash =
        xxhash64(col("prompt"), column(StoryColumn.STORY), column(StoryColumn.LOG_PROB))
            .mod(HASHES);
    Row numbers = table.agg(count(lit(1)), sum(tokens), sum(hash)).head();
    return new WrittenStories(
        numbers.getLong(0), numbers.getLong(1), table.inputFiles().length, numbers.getLong(2));
  }

  private static Column column(StoryColumn column) {
    return col(column.label());
  }

  /** Whether these are the same stories, in whatever files. */
  public boolean isSameAs(WrittenStories other) {
    return stories == other.stories && tokens == other.tokens && hash == other.hash;
  }
}
