package storyloom.pipeline.corpus.report;

import java.util.ArrayList;
import java.util.List;
import storyloom.model.text.clean.TextCleaner;
import storyloom.model.text.clean.TextSide;

/** Records what the cleaning rules do to a pair. */
public final class ChangeRecorder implements TextCleaner.Observer {

  private static final List<String> RULES = TextCleaner.ruleNames();

  private final List<Change> first = new ArrayList<>();
  private long bits;
  private TextSide side = TextSide.PROMPT;

  /** The first change that a rule made. */
  private record Change(String rule, TextSide side, String before, String after) {}

  /** Gets ready for the next pair. */
  public void clear() {
    first.clear();
    bits = 0;
  }

  /** This observer, for a text of a side. */
  public ChangeRecorder on(TextSide next) {
    side = next;
    return this;
  }

  @Override
  public void changed(String rule, String before, String after) {
    long bit = 1L << RULES.indexOf(rule);
    if ((bits & bit) == 0) {
      bits |= bit;
      first.add(new Change(rule, side, before, after));
    }
  }

  /** Which rules changed the pair: bit i for the rule i of {@link TextCleaner#ruleNames()}. */
  public long bits() {
    return bits;
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
