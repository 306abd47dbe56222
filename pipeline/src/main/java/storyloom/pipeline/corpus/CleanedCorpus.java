package storyloom.pipeline.corpus;

import static org.apache.spark.sql.functions.col;

import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import storyloom.pipeline.Unpersist;
import storyloom.pipeline.corpus.read.PairColumns;
import storyloom.pipeline.corpus.read.RawCorpus;
import storyloom.pipeline.corpus.read.Split;
import storyloom.pipeline.corpus.report.CleaningReport;
import storyloom.pipeline.corpus.report.Example;

/**
 * A corpus after cleaning: one table of the pairs of all splits, kept and dropped ones, which the
 * executors cache until it is closed. Dropped pairs have no texts any more.
 */
public final class CleanedCorpus implements AutoCloseable {

  static final String SPLIT = "split";

  /** Why the pair is dropped; null if it is kept. */
  static final String REASON = "reason";

  /** SHA-256 of the cleaned pair: equal for equal pairs. */
  static final String PAIR_HASH = "pairHash";

  /** As in {@link PromptHash}. */
  static final String PROMPT_HASH = "promptHash";

  /** Eight bytes of the story's SHA-256. */
  static final String STORY_HASH = "storyHash";

  /** Which cleaning rules changed the pair: bit i for the rule i of all there are. */
  static final String CHANGES = "changes";

  /** Letters and digits of the raw pair; 0 if it was not cleaned. */
  static final String LETTERS = "letters";

  /** Which cleaning rules changed the story's last words: bits as in {@link #CHANGES}. */
  static final String ENDINGS = "endings";

  /** Letters and digits that each of all cleaning rules took away; null if none did. */
  static final String REMOVED = "removed";

  static final String PROMPT_WORDS = "promptWords";
  static final String STORY_WORDS = "storyWords";

  /** Examples for the report, as in {@link Example}; null in nearly all rows. */
  static final String EXAMPLES = "examples";

  /** The columns of the table; prompt and story are null if the pair is dropped. */
  static final StructType SCHEMA =
      new StructType()
          .add(SPLIT, DataTypes.StringType)
          .add(PairColumns.PROMPT, DataTypes.StringType)
          .add(PairColumns.STORY, DataTypes.StringType)
          .add(RawCorpus.FILE, DataTypes.StringType)
          .add(RawCorpus.LINE, DataTypes.LongType)
          .add(REASON, DataTypes.StringType)
          .add(PAIR_HASH, DataTypes.BinaryType)
          .add(PROMPT_HASH, DataTypes.LongType)
          .add(STORY_HASH, DataTypes.LongType)
          .add(LETTERS, DataTypes.IntegerType)
          .add(CHANGES, DataTypes.LongType)
          .add(ENDINGS, DataTypes.LongType)
          .add(REMOVED, DataTypes.createArrayType(DataTypes.IntegerType, false))
          .add(PROMPT_WORDS, DataTypes.IntegerType)
          .add(STORY_WORDS, DataTypes.IntegerType)
          .add(EXAMPLES, DataTypes.createArrayType(Example.SCHEMA));

  private final Dataset<Row> pairs;
  private final CleaningReport report;

  /**
   * @param pairs rows of {@link #SCHEMA}, persistent
   */
  CleanedCorpus(Dataset<Row> pairs, CleaningReport report) {
    this.pairs = pairs;
    this.report = report;
  }

  /** What cleaning did. */
  public CleaningReport report() {
    return report;
  }

  /** The pairs of a split that were kept, rows of {@link #SCHEMA}; nothing if it was not given. */
  Optional<Dataset<Row>> kept(Split split) {
    return report
        .split(split)
        .map(
            given ->
                pairs.filter(col(SPLIT).equalTo(split.toString())).filter(col(REASON).isNull()));
  }

  /** Lets the executors forget the pairs; they must not be used after this. */
  @Override
  public void close() {
    Unpersist.of(pairs);
  }
}
