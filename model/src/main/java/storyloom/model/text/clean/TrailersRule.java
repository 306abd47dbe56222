package storyloom.model.text.clean;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes from a story what its author put behind it later: what follows EDIT, and the summary that
 * follows TL;DR. Where such a line stands in the second half of the text, all from there on is a
 * trailer; in the first half only that line, for the story comes after it. A story of nothing else
 * stays as it is.
 */
final class TrailersRule implements CleaningRule {

  private static final String EDIT =
      "(?:EDIT(?:ED|S)?\\b|[Ee]dit(?:ed|s)?(?=\\s?(?:#?\\s?\\d|again|for\\b|[/(:;.-]|\n|$)))";

  /** A semicolon may be mistyped, and splitting text into tokens puts spaces in. */
  private static final String SUMMARY = "[Tt][Ll]\\s?[;:,./]?\\s?[Dd]\\s?[;:,/]?\\s?[Rr]\\b";

  private static final Pattern LINE =
      Pattern.compile("[\\[({\"*~=>-]{0,3}\\s?(?:[Tt]he )?(?:%s|%s)".formatted(EDIT, SUMMARY));

  /** Within a line only what a colon or a dash follows. */
  private static final Pattern AFTER_SENTENCE =
      Pattern.compile("(?:(?:EDIT|[Ee]dit)(?:\\s?#?\\d{1,2})?\\s?:|%s\\s?[:-])".formatted(SUMMARY));

  private static final String MAY_BEGIN_LINE = "EeTt[({\"*~=>- ";
  private static final String MAY_FOLLOW_SENTENCE = "EeTt";
  private static final String ENDS_SENTENCE = ".!?)\"";

  @Override
  public String name() {
    return "trailers";
  }

  @Override
  public boolean concerns(TextSide side) {
    return side == TextSide.STORY;
  }

  @Override
  public String apply(String text) {
    StringBuilder result = null;
    int kept = 0;
    Matcher matcher = LINE.matcher(text);
    for (int i = 0; i < text.length(); i++) {
      if (!begins(matcher, text, i)) {
        continue;
      }
      result = result == null ? new StringBuilder(text.length()) : result;
      result.append(text, kept, i);
      int lineBreak = text.indexOf('\n', i);
      boolean last = 2L * i >= text.length() || lineBreak < 0;
      kept = last ? text.length() : lineBreak;
      i = kept - 1;
    }
    if (result == null || result.append(text, kept, text.length()).toString().isBlank()) {
      return text;
    }
    return result.toString();
  }

  /** Whether a trailer begins here. */
  private static boolean begins(Matcher matcher, String text, int i) {
    if (i == 0 || text.charAt(i - 1) == '\n') {
      return MAY_BEGIN_LINE.indexOf(text.charAt(i)) >= 0 && matches(matcher, LINE, text, i);
    }
    return i > 1
        && text.charAt(i - 1) == ' '
        && MAY_FOLLOW_SENTENCE.indexOf(text.charAt(i)) >= 0
        && ENDS_SENTENCE.indexOf(text.charAt(i - 2)) >= 0
        && matches(matcher, AFTER_SENTENCE, text, i);
  }

  private static boolean matches(Matcher matcher, Pattern pattern, String text, int i) {
    return matcher.usePattern(pattern).region(i, text.length()).lookingAt();
  }
}
