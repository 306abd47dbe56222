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
import storyloom.pipeline.corpus.read.PairColumns;
import storyloom.pipeline.corpus.read.PairRule;
import storyloom.pipeline.corpus.report.ExampleSampler;

/**
 * Drops pairs of train for the company they are in. Pairs that bear on each other come one after
 * another, those of valid and test first, so that memory does not grow with their number.
 */
final class DuplicateFilter implements MapPartitionsFunction<Row, Row> {

  private static final int PROMPT = PairCleaning.SCHEMA.fieldIndex(PairColumns.PROMPT);
  private static final int STORY = PairCleaning.SCHEMA.fieldIndex(PairColumns.STORY);
  private static final int REASON = PairCleaning.SCHEMA.fieldIndex(PairCleaning.REASON);
  private static final int EXAMPLES = PairCleaning.SCHEMA.fieldIndex(PairCleaning.EXAMPLES);

  private final boolean byPrompt;
  private final Set<PairRule> drops;

  private DuplicateFilter(boolean byPrompt, Set<PairRule> drops) {
    this.byPrompt = byPrompt;
    this.drops = drops;
  }

  /** Drops shared prompts; takes rows sorted by prompt and split. */
  static DuplicateFilter byPrompt() {
    return new DuplicateFilter(true, Set.of());
  }

  /**
   * Drops shared stories and duplicates; takes rows sorted by story, split and pair.
   *
   * @param drops rules that are on
   */
  static DuplicateFilter byStory(Set<PairRule> drops) {
    return new DuplicateFilter(false, drops);
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    Judge judge = byPrompt ? new PromptJudge() : new StoryJudge(drops);
    ExampleSampler sieve = new ExampleSampler();
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(rows, Spliterator.ORDERED), false)
        .map(row -> row.isNullAt(REASON) ? judged(row, judge, sieve) : row)
        .iterator();
  }

  private static Row judged(Row row, Judge judge, ExampleSampler sieve) {
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
