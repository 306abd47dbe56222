package storyloom.pipeline.corpus.report;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import storyloom.model.text.clean.TextSide;

/**
 * Picks out of the pairs that a task sees those that may be examples for the report. They travel
 * with their rows, few as they are, so that the report needs no second pass over the text.
 */
public final class ExampleSampler {

  private final Map<String, Least> seen = new HashMap<>();
  private final List<Row> taken = new ArrayList<>();

  /**
   * The examples of a rule that rank least of those seen, no two of which look alike. The same
   * whatever order, and in whatever portions, they are seen in.
   */
  public static final class Least implements Serializable {

    /** How many are kept of each rule. */
    private static final int OF_RULE = 3;

    private final int most;
    private final TreeSet<Example> least = new TreeSet<>();

    /**
     * None yet.
     *
     * @param rule what they are to be examples of; {@link Example#SAMPLE} or {@link
     *     Example#sampleOf} for pairs shown whole
     */
    public Least(String rule) {
      if (rule.equals(Example.SAMPLE)) {
        this.most = ShownPairs.PAIRS;
      } else {
        this.most = Example.isSampleOfRule(rule) ? ShownPairs.OF_STRONGEST : OF_RULE;
      }
    }

    /** Whether an example of this rank may be among the least. */
    private boolean wants(long rank) {
      return least.size() < most || rank <= least.last().rank();
    }

    /** Whether the example is now among the least. */
    public boolean add(Example example) {
      Optional<Example> alike = least.stream().filter(example::looksLike).findFirst();
      if (alike.isPresent()) {
        if (example.compareTo(alike.get()) >= 0) {
          return false;
        }
        least.remove(alike.get());
      }
      least.add(example);
      return least.size() <= most || least.pollLast() != example;
    }

    /** The examples, the least first. */
    public List<Example> list() {
      return List.copyOf(least);
    }
  }

  /** A rule changed a text. */
  void offerChange(String rule, Example.Source source, TextSide side, String before, String after) {
    if (wants(rule, source)) {
      Excerpt excerpt = Excerpt.ofChange(before, after);
      String text = side.name().toLowerCase(Locale.ROOT);
      keep(Example.of(rule, source, text, excerpt.before(), excerpt.after()));
    }
  }

  /** A rule dropped a pair. */
  public void offerDropped(String rule, Example.Source source, String prompt, String story) {
    if (wants(rule, source)) {
      keep(Example.of(rule, source, "pair", Excerpt.ofPair(prompt, story), ""));
    }
  }

  /**
   * A pair was cleaned, whatever that did to it.
   *
   * @param removing rules that took text away
   */
  public void offerWhole(
      Example.Source source,
      String rawPrompt,
      String rawStory,
      String prompt,
      String story,
      List<String> removing) {
    Stream.concat(Stream.of(Example.SAMPLE), removing.stream().map(Example::sampleOf))
        .filter(name -> wants(name, source))
        .forEach(
            name -> {
              String before = Excerpt.ofWhole(rawPrompt, rawStory);
              String after = Excerpt.ofWhole(prompt, story);
              keep(Example.of(name, source, "pair", before, after));
            });
  }

  private boolean wants(String rule, Example.Source source) {
    return seen.computeIfAbsent(rule, Least::new).wants(source.rank());
  }

  private void keep(Example example) {
    if (seen.get(example.rule()).add(example)) {
      taken.add(example.row());
    }
  }

  /** The examples of the pair, as in {@link Example#SCHEMA}; null if it has none. */
  public Row[] take() {
    if (taken.isEmpty()) {
      return null;
    }
    Row[] rows = taken.toArray(Row[]::new);
    taken.clear();
    return rows;
  }
}
