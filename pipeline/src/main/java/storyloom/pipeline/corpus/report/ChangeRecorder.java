package storyloom.pipeline.corpus.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import storyloom.model.text.clean.TextCleaner;
import storyloom.model.text.clean.TextSide;

/** Records what the cleaning rules do to a pair. */
public final class ChangeRecorder implements TextCleaner.Observer {

  private static final List<String> RULES = TextCleaner.ruleNames();

  private final List<Change> first = new ArrayList<>();
  private final int[] removed = new int[RULES.size()];
  private long bits;
  private long endings;
  private TextSide side = TextSide.PROMPT;

  /** The first change that a rule made. */
  private record Change(String rule, TextSide side, String before, String after) {}

  /** Gets ready for the next pair. */
  public void clear() {
    first.clear();
    Arrays.fill(removed, 0);
    bits = 0;
    endings = 0;
  }

  /** This observer, for a text of a side. */
  public ChangeRecorder on(TextSide next) {
    side = next;
    return this;
  }

  @Override
  public void changed(String rule, String before, String after) {
    int index = RULES.indexOf(rule);
    long bit = 1L << index;
    removed[index] += Math.max(0, Letters.count(before) - Letters.count(after));
    if (side == TextSide.STORY && !Letters.sameEnding(before, after)) {
      endings |= bit;
    }
    if ((bits & bit) == 0) {
      bits |= bit;
      first.add(new Change(rule, side, before, after));
    }
  }

  /** Which rules changed the pair: bit i for the rule i of {@link TextCleaner#ruleNames()}. */
  public long bits() {
    return bits;
  }

  /** Which rules changed the last words of the story; bits as those of {@link #bits}. */
  public long endings() {
    return endings;
  }

  /**
   * Letters and digits that each rule of {@link TextCleaner#ruleNames()} took away; null if none
   * did.
   */
  public int[] removed() {
    return Arrays.stream(removed).anyMatch(letters -> letters > 0) ? removed.clone() : null;
  }

  /** The rules that took letters or digits away. */
  public List<String> removing() {
    return IntStream.range(0, removed.length)
        .filter(rule -> removed[rule] > 0)
        .mapToObj(RULES::get)
        .toList();
  }

  /** The rules that are meant by bits. */
  public static List<String> rules(long bits) {
    List<String> rules = new ArrayList<>();
    for (long rest = bits; rest != 0; rest &= rest - 1) {
      rules.add(RULES.get(Long.numberOfTrailingZeros(rest)));
    }
    return rules;
  }

  /** Offers the first change of each rule as an example. */
  public void offerTo(ExampleSampler sampler, Example.Source source) {
    for (Change each : first) {
      sampler.offerChange(each.rule(), source, each.side(), each.before(), each.after());
    }
  }
}
