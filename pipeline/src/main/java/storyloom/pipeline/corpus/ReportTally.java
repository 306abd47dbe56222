package storyloom.pipeline.corpus;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Row;
import storyloom.model.text.clean.TextCleaner;
import storyloom.model.text.filter.TextFilter;
import storyloom.pipeline.corpus.read.PairRule;
import storyloom.pipeline.corpus.read.Split;
import storyloom.pipeline.corpus.report.ChangeRecorder;
import storyloom.pipeline.corpus.report.CleaningReport;
import storyloom.pipeline.corpus.report.Example;
import storyloom.pipeline.corpus.report.ExampleSampler;
import storyloom.pipeline.corpus.report.Lengths;
import storyloom.pipeline.corpus.report.ShownPairs;

/** Adds up a cleaning report from rows; small, however many rows there are. */
final class ReportTally implements Serializable {

  private static final int STRONGEST_RULES = 3;

  private final EnumMap<Split, SplitTally> splits = new EnumMap<>(Split.class);
  private final Map<String, Long> changed = new HashMap<>();
  private final Map<String, Long> endings = new HashMap<>();
  private final Map<String, Long> removed = new HashMap<>();
  private final Map<String, ExampleSampler.Least> examples = new HashMap<>();
  private final Lengths.Sketch prompts = new Lengths.Sketch();
  private final Lengths.Sketch stories = new Lengths.Sketch();
  private long letters;

  /** The counts of a split. */
  private static final class SplitTally implements Serializable {
    private final Map<String, Long> dropped = new HashMap<>();
    private long read;
    private long changed;

    void add(SplitTally other) {
      read += other.read;
      changed += other.changed;
      other.dropped.forEach((rule, pairs) -> dropped.merge(rule, pairs, Long::sum));
    }
  }

  /** The columns of {@link CleanedCorpus} that a row must have, in this order. */
  static final List<String> COLUMNS =
      List.of(
          CleanedCorpus.SPLIT,
          CleanedCorpus.REASON,
          CleanedCorpus.CHANGES,
          CleanedCorpus.PROMPT_WORDS,
          CleanedCorpus.STORY_WORDS,
          CleanedCorpus.EXAMPLES,
          CleanedCorpus.LETTERS,
          CleanedCorpus.ENDINGS,
          CleanedCorpus.REMOVED);

  /** Counts a pair. */
  ReportTally add(Row row) {
    SplitTally split = split(Split.named(row.getString(0)).orElseThrow());
    split.read++;
    long changes = row.getLong(2);
    if (changes != 0) {
      split.changed++;
      count(changes, changed);
      count(row.getLong(7), endings);
    }
    letters += row.getInt(6);
    if (!row.isNullAt(8)) {
      List<Integer> taken = row.getList(8);
      for (int i = 0; i < taken.size(); i++) {
        if (taken.get(i) > 0) {
          removed.merge(TextCleaner.ruleNames().get(i), taken.get(i).longValue(), Long::sum);
        }
      }
    }
    if (row.isNullAt(1)) {
      prompts.add(row.getInt(3));
      stories.add(row.getInt(4));
    } else {
      split.dropped.merge(row.getString(1), 1L, Long::sum);
    }
    if (!row.isNullAt(5)) {
      row.<Row>getList(5).forEach(example -> add(Example.of(example)));
    }
    return this;
  }

  /** Adds what another tally has counted. */
  ReportTally add(ReportTally other) {
    other.splits.forEach((split, tally) -> split(split).add(tally));
    add(other.changed, changed);
    add(other.endings, endings);
    add(other.removed, removed);
    letters += other.letters;
    other.examples.values().forEach(each -> each.list().forEach(this::add));
    prompts.add(other.prompts);
    stories.add(other.stories);
    return this;
  }

  private static void count(long rules, Map<String, Long> counts) {
    ChangeRecorder.rules(rules).forEach(rule -> counts.merge(rule, 1L, Long::sum));
  }

  private static void add(Map<String, Long> other, Map<String, Long> counts) {
    other.forEach((rule, count) -> counts.merge(rule, count, Long::sum));
  }

  private SplitTally split(Split split) {
    return splits.computeIfAbsent(split, each -> new SplitTally());
  }

  private void add(Example example) {
    examples.computeIfAbsent(example.rule(), ExampleSampler.Least::new).add(example);
  }

  /**
   * The report.
   *
   * @param given the splits of the corpus
   * @param cleaning names of the cleaning rules that are on
   */
  CleaningReport report(Set<Split> given, List<String> cleaning) {
    List<CleaningReport.SplitCounts> counts = new ArrayList<>();
    Map<String, Long> dropped = new LinkedHashMap<>();
    for (Split split : given) {
      SplitTally tally = split(split);
      Map<String, Long> ordered = new LinkedHashMap<>();
      for (String rule : dropRules()) {
        if (tally.dropped.containsKey(rule)) {
          ordered.put(rule, tally.dropped.get(rule));
          dropped.merge(rule, tally.dropped.get(rule), Long::sum);
        }
      }
      counts.add(
          new CleaningReport.SplitCounts(split.toString(), tally.read, tally.changed, ordered));
    }
    Set<String> rules = new LinkedHashSet<>(cleaning);
    dropRules().stream().filter(dropped::containsKey).forEach(rules::add);
    return new CleaningReport(
        counts,
        letters,
        rules.stream()
            .map(
                rule ->
                    new CleaningReport.RuleCounts(
                        rule,
                        changed.getOrDefault(rule, 0L),
                        removed.getOrDefault(rule, 0L),
                        endings.getOrDefault(rule, 0L),
                        dropped.getOrDefault(rule, 0L),
                        examples(rule)))
            .toList(),
        prompts.lengths(),
        stories.lengths(),
        pairs(),
        List.of());
  }

  private List<Example> examples(String rule) {
    return examples.getOrDefault(rule, new ExampleSampler.Least(rule)).list();
  }

  /** The pairs that are shown whole. */
  private List<Example> pairs() {
    List<List<Example>> strongest =
        removed.entrySet().stream()
            .sorted(
                Map.Entry.<String, Long>comparingByValue()
                    .reversed()
                    .thenComparing(Map.Entry.comparingByKey()))
            .limit(STRONGEST_RULES)
            .map(rule -> examples(Example.sampleOf(rule.getKey())))
            .toList();
    return ShownPairs.of(examples(Example.SAMPLE), strongest);
  }

  /** All rules that may drop a pair, in the order in which they are applied. */
  private static Set<String> dropRules() {
    Set<String> rules = new LinkedHashSet<>();
    Arrays.stream(PairRule.values())
        .filter(rule -> !rule.isOptional())
        .forEach(rule -> rules.add(rule.toString()));
    rules.addAll(TextFilter.reasons());
    Arrays.stream(PairRule.values()).forEach(rule -> rules.add(rule.toString()));
    return rules;
  }
}
