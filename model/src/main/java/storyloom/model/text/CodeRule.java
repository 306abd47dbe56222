package storyloom.model.text;

/**
 * Rejects program code. Code ends its lines with semicolons and braces and is full of marks that
 * prose hardly knows; a text is code if at least half of its lines, three or more, are.
 */
final class CodeRule implements RejectionRule {

  private static final int FEWEST_LINES = 3;

  /** Marks that are more than one in this many characters make a line code. */
  private static final int CHARACTERS_PER_MARK = 12;

  private static final String MARKS = "{}[]();=<>+*/\\|&$#_";

  @Override
  public String name() {
    return "code";
  }

  @Override
  public boolean rejects(String cleaned, TextSide side) {
    int lines = 0;
    int code = 0;
    for (int start = 0; start < cleaned.length(); ) {
      int lineBreak = cleaned.indexOf('\n', start);
      int end = lineBreak < 0 ? cleaned.length() : lineBreak;
      lines++;
      if (isCode(cleaned, start, end)) {
        code++;
      }
      start = end + 1;
    }
    return code >= FEWEST_LINES && 2 * code >= lines;
  }

  private static boolean isCode(String text, int start, int end) {
    int marks = 0;
    for (int i = start; i < end; i++) {
      if (MARKS.indexOf(text.charAt(i)) >= 0) {
        marks++;
      }
    }
    boolean ended = "{};".indexOf(text.charAt(end - 1)) >= 0;
    return marks * CHARACTERS_PER_MARK > end - start && (ended ? marks >= 1 : marks >= 2);
  }
}
