package storyloom.pipeline.corpus.report;

import java.util.Locale;

/**
 * What a report shows of a change: the text around it, before and after, each on one line, with
 * characters that cannot be seen written as escapes.
 */
record Excerpt(String before, String after) {

  /** Characters shown of each text. */
  private static final int LENGTH = 160;

  /** Characters shown of each text of a pair. */
  private static final int HALF = 80;

  /** Characters shown of each text of a pair that is shown whole. */
  private static final int WHOLE = 2000;

  /** Characters shown of what stands before a change. */
  private static final int CONTEXT = 20;

  private static final char ELLIPSIS = '…';

  /** An excerpt of a text and what became of it, from shortly before they begin to differ. */
  static Excerpt ofChange(String before, String after) {
    int same = 0;
    int shorter = Math.min(before.length(), after.length());
    while (same < shorter && before.charAt(same) == after.charAt(same)) {
      same++;
    }
    int sameEnd = 0;
    while (sameEnd < shorter - same
        && before.charAt(before.length() - 1 - sameEnd)
            == after.charAt(after.length() - 1 - sameEnd)) {
      sameEnd++;
    }
    int from = startOfWord(before, Math.max(0, same - CONTEXT), same);
    return new Excerpt(
        cut(before, from, before.length() - sameEnd + CONTEXT, LENGTH),
        cut(after, from, after.length() - sameEnd + CONTEXT, LENGTH));
  }

  /** An excerpt of a pair: its prompt and its story. */
  static String ofPair(String prompt, String story) {
    return cut(prompt, 0, prompt.length(), HALF) + " | " + cut(story, 0, story.length(), HALF);
  }

  /** A pair as it is, line breaks included, but for the middle of very long texts. */
  static String ofWhole(String prompt, String story) {
    return whole(prompt) + "\n\n" + whole(story);
  }

  private static String whole(String text) {
    if (text.length() <= WHOLE) {
      return lines(text, WHOLE);
    }
    String tail = text.substring(startOfWord(text, text.length() - WHOLE / 2, text.length()));
    return lines(text, WHOLE / 2) + " " + lines(tail, WHOLE);
  }

  private static String lines(String text, int most) {
    return cut(text, 0, text.length(), most, "\n");
  }

  /** The first position from {@code from} on, but before {@code end}, where a word begins. */
  private static int startOfWord(String text, int from, int end) {
    int space = from == 0 ? -1 : text.indexOf(' ', from);
    if (space >= 0 && space < end) {
      return space + 1;
    }
    return from > 0 && Character.isLowSurrogate(text.charAt(from)) ? from - 1 : from;
  }

  private static String cut(String text, int from, int to, int most) {
    return cut(text, from, to, most, "\\n");
  }

  private static String cut(String text, int from, int to, int most, String lineBreak) {
    int end = Math.min(Math.min(to, from + most), text.length());
    if (end < text.length() && end > from && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    StringBuilder cut = new StringBuilder(end - from + 2);
    if (from > 0) {
      cut.append(ELLIPSIS);
    }
    text.substring(from, end).codePoints().forEach(c -> escape(c, lineBreak, cut));
    if (end < text.length()) {
      cut.append(ELLIPSIS);
    }
    return cut.toString();
  }

  private static void escape(int c, String lineBreak, StringBuilder out) {
    if (c == '\n') {
      out.append(lineBreak);
    } else if (isVisible(c)) {
      out.appendCodePoint(c);
    } else {
      out.append(String.format(Locale.ROOT, "\\u%04X", c));
    }
  }

  private static boolean isVisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
              Character.FORMAT,
              Character.SURROGATE,
              Character.PRIVATE_USE,
              Character.UNASSIGNED,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }
}
