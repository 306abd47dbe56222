package storyloom.pipeline.corpus;

import java.util.Iterator;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import storyloom.pipeline.corpus.read.PairColumns;
import storyloom.pipeline.corpus.read.RawPairs;
import storyloom.pipeline.corpus.read.Split;
import storyloom.pipeline.corpus.report.Example;

/** Cleans the texts of raw pairs, on the executors, and says which of them are unfit. */
final class PairCleaning implements MapPartitionsFunction<Row, Row> {

  static final String SPLIT = "split";

  /** Why the pair is dropped, and its texts are null; null if it is kept. */
  static final String REASON = "reason";

  /** SHA-256 of the cleaned pair: equal for equal pairs. */
  static final String PAIR = "pair";

  /** The number of the prompt, as in {@link PromptHash}. */
  static final String PROMPT_NUMBER = "promptNumber";

  /** Eight bytes of the story's SHA-256. */
  static final String STORY_NUMBER = "storyNumber";

  /** Which cleaning rules changed the pair: bit i for the rule i of all there are. */
  static final String CHANGES = "changes";

  static final String PROMPT_WORDS = "promptWords";
  static final String STORY_WORDS = "storyWords";

  /** Examples for the report, as in {@link Example}; null in nearly all rows. */
  static final String EXAMPLES = "examples";

  static final StructType SCHEMA =
      new StructType()
          .add(SPLIT, DataTypes.StringType)
          .add(PairColumns.PROMPT, DataTypes.StringType)
          .add(PairColumns.STORY, DataTypes.StringType)
          .add(RawPairs.FILE, DataTypes.StringType)
          .add(RawPairs.LINE, DataTypes.LongType)
          .add(REASON, DataTypes.StringType)
          .add(PAIR, DataTypes.BinaryType)
          .add(PROMPT_NUMBER, DataTypes.LongType)
          .add(STORY_NUMBER, DataTypes.LongType)
          .add(CHANGES, DataTypes.LongType)
          .add(PROMPT_WORDS, DataTypes.IntegerType)
          .add(STORY_WORDS, DataTypes.IntegerType)
          .add(EXAMPLES, DataTypes.createArrayType(Example.SCHEMA));

  private final Split split;
  private final CorpusSettings settings;

  PairCleaning(Split split, CorpusSettings settings) {
    this.split = split;
    this.settings = settings;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> pairs) {
    PairCleaner cleaner = new PairCleaner(split, settings);
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(pairs, Spliterator.ORDERED), false)
        .map(cleaner::clean)
        .iterator();
  }
}
