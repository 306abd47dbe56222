package storyloom.model.text.clean;

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
      char c = lines.charAt(i);
      boolean gap = isGap(c);
      if (gap && (afterGap || c == '\t' || c == '\r')) {
        return false;
      }
      afterGap = gap;
    }
    return !afterGap;
  }

  private static String tidy(String lines) {
    StringBuilder result = new StringBuilder(lines.length());
    for (int i = 0; true; ) {
      boolean lineBreak = false;
      for (; i < lines.length() && isGap(lines.charAt(i)); i++) {
        lineBreak |= lines.charAt(i) == '\n' || lines.charAt(i) == '\r';
      }
      if (i == lines.length()) {
        return result.toString();
      }
      if (result.length() > 0) {
        result.append(lineBreak ? '\n' : ' ');
      }
      int start = i;
      while (i < lines.length() && !isGap(lines.charAt(i))) {
        i++;
      }
      result.append(lines, start, i);
    }
  }

  private static boolean isGap(char c) {
    return c <= ' ' && (c == ' ' || c == '\n' || c == '\t' || c == '\r');
  }
}
