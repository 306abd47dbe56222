package storyloom.model.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words of a text as statistics count them, whatever tokenizer a model has: runs of letters and
 * digits, an apostrophe between letters included, in lower case. Punctuation counts for nothing.
 */
final class StoryWords {

  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+(?:['’]\\p{L}+)*");

  private StoryWords() {}

  /** All words, in order. */
  static List<String> of(String text) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(text);
    while (matcher.find()) {
      words.add(matcher.group().toLowerCase(Locale.ROOT));
    }
    return words;
  }
}
