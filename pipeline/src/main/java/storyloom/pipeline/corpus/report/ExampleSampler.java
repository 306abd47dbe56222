package storyloom.pipeline.corpus.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Row;
import storyloom.model.text.clean.TextSide;
import storyloom.pipeline.corpus.read.Origin;

/**
 * Picks out of the pairs that a task sees those that may be examples for the report. They travel
 * with their rows, few as they are, so that the report needs no second pass over the text.
 */
public final class ExampleSampler {

  private final Map<String, Examples> seen = new HashMap<>();
  private final List<Row> taken = new ArrayList<>();

  /** A rule changed a text. */
  void offerChange(
      String rule, long rank, Origin origin, TextSide side, String before, String after) {
    Examples examples = seen.computeIfAbsent(rule, Examples::of);
    if (examples.wants(rank)) {
      Excerpt excerpt = Excerpt.ofChange(before, after);
      String text = side.name().toLowerCase(Locale.ROOT);
      take(examples, rule, rank, origin, text, excerpt.before(), excerpt.after());
    }
  }

  /** A rule dropped a pair. */
  public void offerDropped(String rule, long rank, Origin origin, String prompt, String story) {
    Examples examples = seen.computeIfAbsent(rule, Examples::of);
    if (examples.wants(rank)) {
      take(examples, rule, rank, origin, "pair", Excerpt.ofPair(prompt, story), "");
    }
  }

  /** A pair was cleaned, whatever that did to it. */
  public void offerWhole(
      long rank, Origin origin, String rawPrompt, String rawStory, String prompt, String story) {
    Examples examples = seen.computeIfAbsent(Example.SAMPLE, Examples::of);
    if (examples.wants(rank)) {
      String before = Excerpt.ofWhole(rawPrompt, rawStory);
      String after = Excerpt.ofWhole(prompt, story);
      take(examples, Example.SAMPLE, rank, origin, "pair", before, after);
    }
  }

  private void take(
      Examples examples,
      String rule,
      long rank,
      Origin origin,
      String text,
      String before,
      String after) {
    Example example = new Example(rule, rank, origin.file(), origin.line(), text, before, after);
    if (examples.add(example)) {
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
