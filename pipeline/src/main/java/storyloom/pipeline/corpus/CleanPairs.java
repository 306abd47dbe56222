package storyloom.pipeline.corpus;

import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import storyloom.model.text.TextCleaner;
import storyloom.model.text.TextSide;

/** Cleans the texts of raw pairs, on the executors, and says which of them are left blank. */
final class CleanPairs implements MapPartitionsFunction<Row, Row> {

  static final String SPLIT = "split";
  static final String CHANGED = "changed";

  /** The digest of the cleaned pair: equal pairs have equal keys. */
  static final String KEY = "key";

  /** Why the pair is to be dropped; null if it is kept. */
  static final String REASON = "reason";

  static final StructType SCHEMA =
      new StructType()
          .add(SPLIT, DataTypes.StringType)
          .add(PairColumns.PROMPT, DataTypes.StringType)
          .add(PairColumns.STORY, DataTypes.StringType)
          .add(CHANGED, DataTypes.BooleanType)
          .add(KEY, DataTypes.BinaryType)
          .add(REASON, DataTypes.StringType);

  private final Split split;
  private final List<String> rules;

  CleanPairs(Split split, List<String> rules) {
    this.split = split;
    this.rules = List.copyOf(rules);
  }

  @Override
  public Iterator<Row> call(Iterator<Row> pairs) {
    TextCleaner cleaner = TextCleaner.of(rules);
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(pairs, Spliterator.ORDERED), false)
        .map(pair -> clean(cleaner, pair.getString(0), pair.getString(1)))
        .iterator();
  }

  private Row clean(TextCleaner cleaner, String rawPrompt, String rawStory) {
    String prompt = rawPrompt == null ? "" : cleaner.clean(rawPrompt, TextSide.PROMPT);
    String story = rawStory == null ? "" : cleaner.clean(rawStory, TextSide.STORY);
    boolean changed = !prompt.equals(rawPrompt) || !story.equals(rawStory);
    return RowFactory.create(
        split.toString(), prompt, story, changed, Digests.of(prompt, story), reason(prompt, story));
  }

  private static String reason(String prompt, String story) {
    if (prompt.isBlank()) {
      return DropReason.BLANK_PROMPT.toString();
    }
    return story.isBlank() ? DropReason.BLANK_STORY.toString() : null;
  }
}
