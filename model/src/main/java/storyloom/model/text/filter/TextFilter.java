package storyloom.model.text.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import storyloom.model.UserException;
import storyloom.model.text.TextCodec;
import storyloom.model.text.clean.TextCleaner;
import storyloom.model.text.clean.TextSide;
import storyloom.model.text.filter.RejectionSettings.Bounds;

/**
 * The rejection rules, one after another, for the pairs of a corpus. Immutable; safe to share
 * between threads.
 */
public final class TextFilter {

  /** The rules that are on or off, in the order in which they are asked. */
  private static final List<RejectionRule> SWITCHED =
      List.of(new DeletedRule(), new BotsRule(), new CodeRule(), new LanguageRule());

  private static final String TOO_SHORT = "too-short";
  private static final String TOO_LONG = "too-long";

  /** Rejects texts that have too few words or too many. */
  private record LengthRule(
      String name, RejectionSettings settings, BiPredicate<Bounds, Integer> exceeded)
      implements RejectionRule {

    @Override
    public boolean rejects(String cleaned, TextSide side) {
      Bounds bounds = side == TextSide.PROMPT ? settings.prompt() : settings.story();
      return exceeded.test(bounds, TextCodec.words(cleaned));
    }
  }

  private final List<RejectionRule> rules;

  private TextFilter(List<RejectionRule> rules) {
    this.rules = rules;
  }

  /** Names of the rules that are on or off: the keys below text.drop that are truth values. */
  public static List<String> ruleNames() {
    return SWITCHED.stream().map(RejectionRule::name).toList();
  }

  /** Every name that {@link #rejectedBy} may give, in the order in which the rules are asked. */
  public static List<String> reasons() {
    return Stream.concat(ruleNames().stream(), Stream.of(TOO_SHORT, TOO_LONG)).toList();
  }

  /**
   * @throws UserException if a rule's name is not in {@link #ruleNames()}
   */
  public static TextFilter of(RejectionSettings settings) {
    for (String rule : settings.rules()) {
      if (!ruleNames().contains(rule)) {
        throw UserException.data(
            "unknown rejection rule " + rule + "; the rules are " + String.join(", ", ruleNames()));
      }
    }
    List<RejectionRule> rules =
        SWITCHED.stream()
            .filter(rule -> settings.rules().contains(rule.name()))
            .collect(Collectors.toCollection(ArrayList::new));
    rules.add(new LengthRule(TOO_SHORT, settings, Bounds::isTooShort));
    rules.add(new LengthRule(TOO_LONG, settings, Bounds::isTooLong));
    return new TextFilter(List.copyOf(rules));
  }

  /**
   * The name of the first rule that rejects a text.
   *
   * @param cleaned a text after {@link TextCleaner}; blank ones are rejected by none
   */
  public Optional<String> rejectedBy(String cleaned, TextSide side) {
    if (cleaned.isBlank()) {
      return Optional.empty();
    }
    return rules.stream()
        .filter(rule -> rule.rejects(cleaned, side))
        .findFirst()
        .map(RejectionRule::name);
  }
}
