package storyloom.model.text;

/**
 * Turns the marker {@code <newline>} of the WritingPrompts layout into a line break, every run of
 * spaces into one and every run of line breaks, with the spaces around them, into one; none stand
 * at either end.
 */
final class WhitespaceRule implements CleaningRule {

  private static final String MARKER = "<newline>";

  @Override
  public String name() {
    return "whitespace";
  }

  @Override
  public String apply(String text) {
    String lines = text.replace(MARKER, "\n");
    return isTidy(lines) ? lines : tidy(lines);
  }

  private static boolean isTidy(String lines) {
    boolean afterGap = true;
    for (int i = 0; i < lines.length(); i++) {
      boolean gap = isGap(lines.charAt(i));
      if (gap && (afterGap || lines.charAt(i) == '\t' || lines.charAt(i) == '\r')) {
        return false;
      }
      afterGap = gap;
    }
    return !afterGap;
  }

  private static String tidy(String lines) {
    StringBuilder result = new StringBuilder(lines.length());
    boolean gap = false;
    boolean lineBreak = false;
    for (int i = 0; i < lines.length(); i++) {
      char c = lines.charAt(i);
      if (isGap(c)) {
        gap = true;
        lineBreak |= c == '\n' || c == '\r';
        continue;
      }
      if (gap && result.length() > 0) {
        result.append(lineBreak ? '\n' : ' ');
      }
      gap = false;
      lineBreak = false;
      result.append(c);
    }
    return result.toString();
  }

  private static boolean isGap(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
  }
}
