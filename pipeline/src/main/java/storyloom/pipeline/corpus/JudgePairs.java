package storyloom.pipeline.corpus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Drops pairs of train for the company they are in. Pairs that bear on each other come one after
 * another, those of valid and test first, so that memory does not grow with their number.
 */
final class JudgePairs implements MapPartitionsFunction<Row, Row> {

  private static final int PROMPT = CleanPairs.SCHEMA.fieldIndex(PairColumns.PROMPT);
  private static final int STORY = CleanPairs.SCHEMA.fieldIndex(PairColumns.STORY);
  private static final int REASON = CleanPairs.SCHEMA.fieldIndex(CleanPairs.REASON);
  private static final int EXAMPLES = CleanPairs.SCHEMA.fieldIndex(CleanPairs.EXAMPLES);

  private final boolean byPrompt;
  private final Set<PairRule> drops;

  private JudgePairs(boolean byPrompt, Set<PairRule> drops) {
    this.byPrompt = byPrompt;
    this.drops = drops;
  }

  /** Drops shared prompts; takes rows sorted by prompt and split. */
  static JudgePairs byPrompt() {
    return new JudgePairs(true, Set.of());
  }

  /**
   * Drops shared stories and duplicates; takes rows sorted by story, split and pair.
   *
   * @param drops rules that are on
   */
  static JudgePairs byStory(Set<PairRule> drops) {
    return new JudgePairs(false, drops);
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    Judge judge = byPrompt ? new PromptJudge() : new StoryJudge(drops);
    ExampleSieve sieve = new ExampleSieve();
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(rows, Spliterator.ORDERED), false)
        .map(row -> row.isNullAt(REASON) ? judged(row, judge, sieve) : row)
        .iterator();
  }

  private static Row judged(Row row, Judge judge, ExampleSieve sieve) {
    CleanPair pair = CleanPair.of(row);
    Optional<PairRule> rule = judge.verdict(pair);
    if (rule.isEmpty()) {
      return row;
    }
    String reason = rule.get().toString();
    sieve.offerDropped(
        reason, pair.rank(), pair.origin(), row.getString(PROMPT), row.getString(STORY));
    Object[] values = new Object[row.size()];
    Arrays.setAll(values, row::get);
    values[PROMPT] = null;
    values[STORY] = null;
    values[REASON] = reason;
    values[EXAMPLES] = together(row, sieve.take());
    return RowFactory.create(values);
  }

  private static Object together(Row row, Row[] more) {
    if (row.isNullAt(EXAMPLES) || more == null) {
      return more == null ? row.get(EXAMPLES) : more;
    }
    List<Row> all = new ArrayList<>(row.getList(EXAMPLES));
    all.addAll(List.of(more));
    return all.toArray(Row[]::new);
  }
}
