package storyloom.model.text.clean;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes from a story what its author put behind it later: what follows EDIT, and the summary that
 * follows TL;DR. Only such a line goes, and with it what follows in the second half of the text, if
 * that is at most half as long as the story before: the story may go on there. What stands in
 * quotes or is somebody's speech is the story's. A story of nothing else stays as it is.
 */
final class TrailersRule implements CleaningRule {

  /** What tells an author's mark from a word that begins a sentence: {@code EDIT BAY 4}. */
  private static final String CHANGE =
      "(?:for (?:[a-z]{1,10} ){0,2}(?:clarity|clarification|spelling|grammar|format(?:ting)?|readability|length|typos?|punctuation|details?|suggestions)"
          + "|to (?:add|fix|correct|clarify|include|remove|reflect|say)"
          + "|again\\b|spelling|grammar|format(?:ting|ed)?\\b|typos?\\b|thanks|thank you|added|fixed|changed|removed"
          + "|update)";

  private static final String NUMBER = "(?:\\s?#?\\s?\\d{1,2}(?:\\s?(?:&|and|,|/)\\s?\\d{1,2})?)";

  private static final String EDIT =
      "(?:(?:EDIT|[Ee]dit)[Ss]?%s?(?:\\s?[:;)\\]=/~-]|\\s?\\(|\\s?\\.{2,3}|\\s?(?=\\n|$))"
              .formatted(NUMBER)
          + "|(?:EDIT|[Ee]dit)%s,? (?=\\p{Lu})".formatted(NUMBER)
          + "|(?:EDITED|[Ee]dited) ?: (?:phone )?(?i:typos?|spelling|grammar|format|wording)"
          + "|(?:EDIT|[Ee]dit)(?:ED|[Ee]d|S|s)?%s?,? (?i:%s))".formatted(NUMBER, CHANGE);

  /** A semicolon may be mistyped, and splitting text into tokens puts spaces in. */
  private static final String SUMMARY = "[Tt][Ll]\\s?[;:,./]?\\s?[Dd]\\s?[;:,/]?\\s?[Rr]\\b";

  private static final Pattern LINE =
      Pattern.compile("[\\[({*~=>-]{0,3}\\s?(?:[Tt]he )?(?:%s|%s)".formatted(EDIT, SUMMARY));

  /** Within a line only what a colon or a dash follows. */
  private static final Pattern AFTER_SENTENCE =
      Pattern.compile("(?:(?:EDIT|[Ee]dit)(?:\\s?#?\\d{1,2})?\\s?:|%s\\s?[:-])".formatted(SUMMARY));

  private static final String MAY_BEGIN_LINE = "EeTt[({*~=>- ";
  private static final String MAY_FOLLOW_SENTENCE = "EeTt";
  private static final String ENDS_SENTENCE = ".!?)\"";

  /** How far into a trailer it is looked for somebody who speaks it. Unit: characters. */
  private static final int LONGEST_SPEECH = 60;

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
      int lineBreak = text.indexOf('\n', i);
      int end = lineBreak < 0 ? text.length() : lineBreak;
      if (!isAuthors(text, i, end)) {
        continue;
      }
      result = result == null ? new StringBuilder(text.length()) : result;
      result.append(text, kept, i);
      boolean last = 2L * i >= text.length() && 2L * (text.length() - end) <= i;
      kept = last ? text.length() : end;
      i = kept - 1;
    }
    if (result == null || result.append(text, kept, text.length()).toString().isBlank()) {
      return text;
    }
    return result.toString();
  }

  /** Whether what begins here is not quoted or spoken in the story, nor half of a line. */
  private static boolean isAuthors(String text, int start, int end) {
    int lineStart = text.lastIndexOf('\n', start - 1) + 1;
    if (start == lineStart) {
      return !ReportedSpeech.isIn(text.substring(start, Math.min(end, start + LONGEST_SPEECH)));
    }
    return 2L * (end - start) <= start
        && text.substring(lineStart, start).chars().filter(c -> c == '"').count() % 2 == 0
        && !ReportedSpeech.isIn(text.substring(start, Math.min(end, start + LONGEST_SPEECH)));
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
