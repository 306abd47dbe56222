package storyloom.model.text.clean;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import storyloom.model.UserException;

/**
 * The per-text cleaning rules, one after another. Training, generating, evaluating and serving
 * clean with the same rules; which ones are on stands in the bundle.
 *
 * <p>Cleaning is idempotent: {@code clean(clean(x, side), side)} equals {@code clean(x, side)},
 * whatever rules are on. With all of them on, no control character but the line break comes out,
 * and no space or line break stands at either end or beside another. Immutable; safe to share
 * between threads.
 */
public final class TextCleaner {

  /** Sees what the rules do to a text while it is cleaned, such as for a report. */
  @FunctionalInterface
  public interface Observer {

    /**
     * A rule changed the text. One rule may change a text several times, each time what is left by
     * the others.
     *
     * @param rule one of {@link #ruleNames()}
     */
    void changed(String rule, String before, String after);
  }

  /**
   * The order of the rules. Layout comes first, because markdown is read line by line, and last,
   * because what other rules take away leaves gaps. What takes whole lines away comes when their
   * marks are plain.
   */
  private static final List<CleaningRule> ORDER =
      List.of(
          new WhitespaceRule(),
          new HtmlRule(),
          new MojibakeRule(), // before what it is made of becomes plain spaces and quotes
          new InvisibleRule(),
          new UrlsRule(),
          new MarkdownRule(),
          new PunctuationRule(),
          new UnicodeRule(),
          new WhitespaceRule(),
          new JoinsRule(),
          new TagsRule(),
          new TrailersRule(),
          new NotesRule(),
          new WhitespaceRule());

  /** Text written by people settles in two or three passes. */
  private static final int MOST_PASSES = 50;

  private final Map<TextSide, List<CleaningRule>> rules = new EnumMap<>(TextSide.class);

  private TextCleaner(List<CleaningRule> rules) {
    for (TextSide side : TextSide.values()) {
      this.rules.put(side, rules.stream().filter(rule -> rule.concerns(side)).toList());
    }
  }

  /** Names of all rules, in the order in which they are first applied. */
  public static List<String> ruleNames() {
    return ORDER.stream().map(CleaningRule::name).distinct().toList();
  }

  /**
   * A cleaner with the named rules on. They are applied in the order of {@link #ruleNames()},
   * however they are listed.
   *
   * @throws UserException if a name is not in {@link #ruleNames()}
   */
  public static TextCleaner of(List<String> rules) {
    for (String rule : rules) {
      if (!ruleNames().contains(rule)) {
        throw UserException.data(
            "unknown cleaning rule " + rule + "; the rules are " + String.join(", ", ruleNames()));
      }
    }
    Set<String> wanted = Set.copyOf(rules);
    return new TextCleaner(
        ORDER.stream().filter(rule -> wanted.contains(rule.name())).collect(Collectors.toList()));
  }

  /** As {@link #clean(String, TextSide, Observer)}, with nobody looking. */
  public String clean(String raw, TextSide side) {
    return clean(raw, side, (rule, before, after) -> {});
  }

  /**
   * The text as a model sees it, lines separated by {@code \n}. A blank result is "", and so is
   * that of a text that keeps changing under the rules, such as one made of hundreds of nested
   * escapes.
   *
   * @param side what the text is: some rules are for prompts or for stories only
   * @param observer sees what each rule does
   */
  public String clean(String raw, TextSide side, Observer observer) {
    List<CleaningRule> chain = rules.get(side);
    String text = raw;
    int settled = 0; // rules in a row that found nothing to mend
    for (int step = 0; settled < chain.size(); step++) {
      if (step == MOST_PASSES * chain.size()) {
        return "";
      }
      CleaningRule rule = chain.get(step % chain.size());
      String before = text;
      text = rule.apply(before);
      if (text.equals(before)) {
        settled++;
      } else {
        settled = 0;
        observer.changed(rule.name(), before, text);
      }
    }
    return text.isBlank() ? "" : text;
  }
}
