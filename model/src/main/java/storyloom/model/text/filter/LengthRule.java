package storyloom.model.text.filter;

import java.util.function.BiPredicate;
import storyloom.model.text.TextReader;
import storyloom.model.text.clean.TextSide;
import storyloom.model.text.filter.RejectionSettings.Bounds;

/** Rejects texts that have too few words or too many, parted by white space. */
final class LengthRule implements RejectionRule {

  static final String TOO_SHORT = "too-short";
  static final String TOO_LONG = "too-long";

  private final String name;
  private final RejectionSettings settings;
  private final BiPredicate<Bounds, Integer> exceeded;

  private LengthRule(
      String name, RejectionSettings settings, BiPredicate<Bounds, Integer> exceeded) {
    this.name = name;
    this.settings = settings;
    this.exceeded = exceeded;
  }

  static LengthRule tooShort(RejectionSettings settings) {
    return new LengthRule(TOO_SHORT, settings, (bounds, words) -> words < bounds.fewest());
  }

  static LengthRule tooLong(RejectionSettings settings) {
    return new LengthRule(
        TOO_LONG, settings, (bounds, words) -> bounds.most() > 0 && words > bounds.most());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean rejects(String cleaned, TextSide side) {
    Bounds bounds = side == TextSide.PROMPT ? settings.prompt() : settings.story();
    return exceeded.test(bounds, TextReader.words(cleaned));
  }
}
