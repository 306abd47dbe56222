package storyloom.pipeline.corpus.report;

import storyloom.model.text.token.Tokenizer;

/**
 * The letters and digits of a text, {@code <newline>} not counted. What rules do to layout, quotes
 * and marks does not show in them, what they take away does.
 */
public final class Letters {

  /** As many as the last few words have. */
  private static final int ENDING = 40;

  private Letters() {}

  /** How many letters and digits there are. */
  public static int count(String raw) {
    String text = withoutNewlines(raw);
    int letters = 0;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      if (Character.isLetterOrDigit(point)) {
        letters++;
      }
      i += Character.charCount(point);
    }
    return letters;
  }

  /** Whether two texts end in the same letters and digits. */
  static boolean sameEnding(String one, String other) {
    return ending(one).equals(ending(other));
  }

  private static String ending(String raw) {
    String text = withoutNewlines(raw);
    StringBuilder backwards = new StringBuilder(ENDING);
    for (int i = text.length(), letters = 0; i > 0 && letters < ENDING; ) {
      int point = text.codePointBefore(i);
      if (Character.isLetterOrDigit(point)) {
        backwards.appendCodePoint(point);
        letters++;
      }
      i -= Character.charCount(point);
    }
    return backwards.toString();
  }

  private static String withoutNewlines(String text) {
    return text.replace(Tokenizer.NEWLINE, " ");
  }
}
