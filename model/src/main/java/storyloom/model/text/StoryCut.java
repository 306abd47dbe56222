package storyloom.model.text;

import java.util.List;

/** Finds where a story that is too long can end. */
final class StoryCut {

  private StoryCut() {}

  /**
   * The number of tokens to keep, at most {@code most}: up to the last sentence end among them, its
   * closing quotes and brackets included, or up to the last line break, whichever is later; {@code
   * most} where there is neither.
   */
  static int length(List<String> tokens, int most) {
    Spacing spacing = new Spacing();
    boolean afterEnd = false;
    int length = 0;
    for (int i = 0; i < Math.min(most, tokens.size()); i++) {
      String token = tokens.get(i);
      spacing.advance(token);
      if (token.equals(Tokenizer.NEWLINE)) {
        length = i;
      }
      boolean closes = afterEnd && closes(token) && !spacing.opensQuote();
      afterEnd = endsSentence(token) || closes;
      if (afterEnd) {
        length = i + 1;
      }
    }
    if (length > 0) {
      return length;
    }
    return most > 0 && Spacing.isMarker(tokens.get(most - 1)) ? most - 1 : most;
  }

  private static boolean endsSentence(String token) {
    return switch (token) {
      case ".", "!", "?", "...", "…", "。", "！", "？" -> true;
      default -> false;
    };
  }

  private static boolean closes(String token) {
    return switch (token) {
      case "\"", "'", ")", "]", "”", "’", "」", "』" -> true;
      default -> false;
    };
  }
}
