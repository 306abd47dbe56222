package storyloom.model.text.filter;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import storyloom.model.text.clean.TextSide;

/**
 * Rejects program code. Code ends its lines with semicolons and braces and is full of marks that
 * prose hardly knows; a text is code if lines of it, three or more, are at least half of the text.
 */
final class CodeRule implements RejectionRule {

  private static final int FEWEST_LINES = 3;

  /** Marks that are more than one in this many characters make a line code. */
  private static final int CHARACTERS_PER_MARK = 12;

  private static final String MARKS = "{}[]();=<>+*/\\|&$#_";

  /** Marks of which code has one in nearly every line; lists and forms to fill in have none. */
  private static final String CODE_MARKS = "{};=<>";

  /** How a line of a chat begins: perhaps the time, then who speaks. */
  private static final Pattern SPEAKER =
      Pattern.compile("(?:[\\[(]?\\d{1,2}:\\d{2}(?::\\d{2})?[\\])]? ?)?<[^<>\\s]{1,40}> ");

  @Override
  public String name() {
    return "code";
  }

  @Override
  public boolean rejects(String cleaned, TextSide side) {
    Matcher speaker = SPEAKER.matcher(cleaned);
    int lines = 0;
    int characters = 0;
    for (int start = 0; start < cleaned.length(); ) {
      int lineBreak = cleaned.indexOf('\n', start);
      int end = lineBreak < 0 ? cleaned.length() : lineBreak;
      if (isCode(cleaned, start, end) && !speaker.region(start, end).lookingAt()) {
        lines++;
        characters += end - start;
      }
      start = end + 1;
    }
    return lines >= FEWEST_LINES && 2L * characters >= cleaned.length();
  }

  private static boolean isCode(String text, int start, int end) {
    int marks = 0;
    boolean telling = false;
    for (int i = start; i < end; i++) {
      marks += MARKS.indexOf(text.charAt(i)) >= 0 ? 1 : 0;
      telling |= CODE_MARKS.indexOf(text.charAt(i)) >= 0;
    }
    boolean ended = end > start && "{};".indexOf(text.charAt(end - 1)) >= 0;
    return telling
        && marks * CHARACTERS_PER_MARK > end - start
        && (ended ? marks >= 1 : marks >= 2);
  }
}
