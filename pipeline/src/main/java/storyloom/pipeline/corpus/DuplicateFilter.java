package storyloom.pipeline.corpus;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import storyloom.pipeline.corpus.read.PairColumns;
import storyloom.pipeline.corpus.read.PairRule;
import storyloom.pipeline.corpus.read.RawCorpus;
import storyloom.pipeline.corpus.read.Split;
import storyloom.pipeline.corpus.report.Example;
import storyloom.pipeline.corpus.report.ExampleSampler;

/**
 * Drops pairs of train that repeat a pair or a story of train, or share a prompt or a story with
 * valid or test. Takes and gives rows of {@link CleanedCorpus}, sorted so that pairs that bear on
 * each other come one after another, those of valid and test first: memory does not grow with their
 * number.
 */
final class DuplicateFilter implements MapPartitionsFunction<Row, Row> {

  private static final int PROMPT = CleanedCorpus.SCHEMA.fieldIndex(PairColumns.PROMPT);
  private static final int STORY = CleanedCorpus.SCHEMA.fieldIndex(PairColumns.STORY);
  private static final int REASON = CleanedCorpus.SCHEMA.fieldIndex(CleanedCorpus.REASON);
  private static final int EXAMPLES = CleanedCorpus.SCHEMA.fieldIndex(CleanedCorpus.EXAMPLES);

  private final boolean byPrompt;
  private final Set<PairRule> drops;

  private DuplicateFilter(boolean byPrompt, Set<PairRule> drops) {
    this.byPrompt = byPrompt;
    this.drops = drops;
  }

  /** Drops shared prompts; takes rows sorted by the prompt's hash, then train last. */
  static DuplicateFilter byPrompt() {
    return new DuplicateFilter(true, Set.of());
  }

  /**
   * Drops shared stories and duplicates; takes rows sorted by the story's hash, then train last,
   * then the pair's hash. Of equal stories the one whose pair has the least hash is kept.
   *
   * @param drops rules that are on
   */
  static DuplicateFilter byStory(Set<PairRule> drops) {
    return new DuplicateFilter(false, drops);
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    Function<Pair, Optional<PairRule>> rule = byPrompt ? new PromptRule() : new StoryRules(drops);
    ExampleSampler sampler = new ExampleSampler();
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(rows, Spliterator.ORDERED), false)
        .map(row -> row.isNullAt(REASON) ? filtered(row, rule, sampler) : row)
        .iterator();
  }

  /** What of a row decides on its duplicates. */
  private record Pair(boolean train, ByteBuffer hash, long promptHash, long storyHash) {
    static Pair of(Row row) {
      return new Pair(
          row.<String>getAs(CleanedCorpus.SPLIT).equals(Split.TRAIN.toString()),
          ByteBuffer.wrap(row.<byte[]>getAs(CleanedCorpus.PAIR_HASH)),
          row.<Long>getAs(CleanedCorpus.PROMPT_HASH),
          row.<Long>getAs(CleanedCorpus.STORY_HASH));
    }
  }

  /** Says why a pair is dropped, if it is, given one pair after another. */
  private static final class PromptRule implements Function<Pair, Optional<PairRule>> {
    private Pair heldOut;

    @Override
    public Optional<PairRule> apply(Pair pair) {
      if (!pair.train()) {
        heldOut = pair;
        return Optional.empty();
      }
      return heldOut != null && heldOut.promptHash() == pair.promptHash()
          ? Optional.of(PairRule.SHARED_PROMPT)
          : Optional.empty();
    }
  }

  /** Says why a pair is dropped, if it is, given one pair after another. */
  private static final class StoryRules implements Function<Pair, Optional<PairRule>> {
    private final Set<PairRule> drops;
    private Pair heldOut;
    private Pair previous;

    StoryRules(Set<PairRule> drops) {
      this.drops = drops;
    }

    @Override
    public Optional<PairRule> apply(Pair pair) {
      if (!pair.train()) {
        heldOut = pair;
        return Optional.empty();
      }
      Pair before = previous;
      previous = pair;
      if (sameStory(heldOut, pair) && drops.contains(PairRule.SHARED_STORY)) {
        return Optional.of(PairRule.SHARED_STORY);
      }
      if (!sameStory(before, pair)) {
        return Optional.empty();
      }
      PairRule rule =
          before.hash().equals(pair.hash()) ? PairRule.DUPLICATE_PAIR : PairRule.DUPLICATE_STORY;
      return Optional.of(rule).filter(drops::contains);
    }

    private static boolean sameStory(Pair earlier, Pair pair) {
      return earlier != null && earlier.storyHash() == pair.storyHash();
    }
  }

  private static Row filtered(
      Row row, Function<Pair, Optional<PairRule>> rule, ExampleSampler sampler) {
    Pair pair = Pair.of(row);
    return rule.apply(pair)
        .map(PairRule::toString)
        .map(reason -> dropped(row, reason, pair.hash().getLong(0), sampler))
        .orElse(row);
  }

  private static Row dropped(Row row, String reason, long rank, ExampleSampler sampler) {
    Example.Source source =
        new Example.Source(rank, row.getAs(RawCorpus.FILE), row.<Long>getAs(RawCorpus.LINE));
    sampler.offerDropped(reason, source, row.getString(PROMPT), row.getString(STORY));
    Object[] values = new Object[row.size()];
    Arrays.setAll(values, row::get);
    values[PROMPT] = null;
    values[STORY] = null;
    values[REASON] = reason;
    values[EXAMPLES] = withMore(row, sampler.take());
    return RowFactory.create(values);
  }

  private static Object withMore(Row row, Row[] examples) {
    if (row.isNullAt(EXAMPLES) || examples == null) {
      return examples == null ? row.get(EXAMPLES) : examples;
    }
    List<Row> all = new ArrayList<>(row.getList(EXAMPLES));
    all.addAll(List.of(examples));
    return all.toArray(Row[]::new);
  }
}
