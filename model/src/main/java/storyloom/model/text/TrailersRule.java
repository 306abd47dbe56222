package storyloom.model.text;

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
      "(?:EDIT(?:ED|S)?\\b|[Ee]dit(?:ed|s)?(?=\\s?(?:#?\\s?\\d|again|for\\b|[/(:;.-]|$)))";

  /** A semicolon may be mistyped, and splitting text into tokens puts spaces in. */
  private static final String SUMMARY = "[Tt][Ll]\\s?[;:,./]?\\s?[Dd]\\s?[;:,/]?\\s?[Rr]\\b";

  private static final Pattern LINE =
      Pattern.compile("(?m)^[\\[({\"*~=>-]{0,3}\\s?(?:[Tt]he )?(?:%s|%s)".formatted(EDIT, SUMMARY));

  /** Within a line only what a colon or a dash follows. */
  private static final Pattern AFTER_SENTENCE =
      Pattern.compile(
          "\\s(?<=[.!?)\"]\\s)(?:(?:EDIT|[Ee]dit)(?:\\s?#?\\d{1,2})?\\s?:|%s\\s?[:-])"
              .formatted(SUMMARY));

  private static final Pattern TRIGGER =
      Pattern.compile("[Ee](?:dit|DIT)|[Tt][Ll]\\s?[;:,./]?\\s?[Dd]");

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
    if (!TRIGGER.matcher(text).find()) {
      return text;
    }
    String result = without(AFTER_SENTENCE, without(LINE, text));
    return result.isBlank() ? text : result;
  }

  private static String without(Pattern trailer, String text) {
    Matcher found = trailer.matcher(text);
    StringBuilder result = new StringBuilder(text.length());
    int kept = 0;
    while (found.find(kept)) {
      result.append(text, kept, found.start());
      int lineBreak = text.indexOf('\n', found.end());
      boolean last = 2L * found.start() >= text.length() || lineBreak < 0;
      kept = last ? text.length() : lineBreak;
    }
    return result.append(text, kept, text.length()).toString();
  }
}
