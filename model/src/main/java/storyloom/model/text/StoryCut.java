package storyloom.model.text;

import java.util.List;
import java.util.stream.Stream;
import storyloom.model.text.token.Spacing;
import storyloom.model.text.token.Tokenizer;
import storyloom.model.text.token.Word;

/** Finds where a story that is too long can end. */
final class StoryCut {

  private StoryCut() {}

  /**
   * The number of tokens to keep, at most {@code most}: up to the last sentence end among them, its
   * closing quotes and brackets included, or up to the last line break, whichever is later. Where
   * there is neither, up to the end of the last word that fits; {@code most} where none does.
   *
   * @param words what the tokens spell
   */
  static int length(List<Word> words, int most) {
    Spacing spacing = new Spacing();
    boolean afterEnd = false;
    int length = 0;
    int lastWord = 0;
    int before = 0;
    for (Word word : words) {
      if (word.end() > most) {
        break;
      }
      String text = word.text();
      spacing.advance(text);
      if (text.equals(Tokenizer.NEWLINE)) {
        length = before;
      }
      boolean closes = afterEnd && closes(text) && !spacing.opensQuote();
      afterEnd = endsSentence(text) || closes;
      if (afterEnd) {
        length = word.end();
      }
      if (!Spacing.isMarker(text)) {
        lastWord = word.end();
      }
      before = word.end();
    }
    return Stream.of(length, lastWord, most).filter(end -> end > 0).findFirst().orElse(0);
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
