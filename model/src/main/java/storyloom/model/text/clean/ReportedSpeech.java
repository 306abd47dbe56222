package storyloom.model.text.clean;

import java.util.regex.Pattern;

/**
 * Knows by its tag a sentence that somebody in a story says, reads or writes: {@code This sub is
 * going down, the captain said}. Such a sentence is the story's, whatever it speaks of.
 */
final class ReportedSpeech {

  /** A pronoun, a person of some kind, or a name. */
  private static final String SPEAKER =
      "(?:(?i:he|she|it|we|they|someone|somebody|(?:the|my|his|her|our|their|an?|mr\\.?|mrs\\.?|dr\\.?)"
          + " [\\p{L}'-]{2,20}(?: [\\p{L}'-]{2,20})?)|\\p{Lu}[\\p{L}'-]{2,20})";

  private static final String SAYS =
      "(?i:said|says|asked|asks|replied|answered|whispered|shouted|screamed|cried|yelled|muttered"
          + "|murmured|called|announced|declared|begged|laughed|sighed|sobbed|growled|croaked|hissed"
          + "|snapped|mumbled|repeated|insisted)";

  private static final Pattern TAG =
      Pattern.compile(
          "[,?!\"]\"? ?(?:SPEAKER (?:SAYS|(?i:wrote|writes|typed|read|reads|told))|I SAYS|SAYS SPEAKER|SAYS I)\\b"
              .replace("SPEAKER", SPEAKER)
              .replace("SAYS", SAYS));

  private ReportedSpeech() {}

  /** Whether the text begins with a quote, or says who speaks it. */
  static boolean isIn(String text) {
    return text.startsWith("\"") || TAG.matcher(text).find();
  }
}
