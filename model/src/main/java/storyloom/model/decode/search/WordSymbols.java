package storyloom.model.decode.search;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.util.ULocale;
import java.util.stream.IntStream;
import storyloom.model.text.token.Spacing;

/**
 * Text as the search for banned words sees it: characters without case, and {@link #BREAK} where a
 * word begins or ends. White space has no symbol; between two words it makes a break, beside marks
 * it makes no difference.
 *
 * @param symbols characters and breaks, without those at both ends, which hang on what stands there
 * @param first what the text begins with, {@link CharacterClass#MARK} if it is empty
 * @param last what it ends with
 */
record WordSymbols(int[] symbols, CharacterClass first, CharacterClass last) {

  /** A word begins or ends here. */
  static final int BREAK = -1;

  /** What matters of a character for where words begin and end. */
  enum CharacterClass {
    /** Of no word: punctuation, symbols. */
    MARK,
    /** Letters, digits and the accents above them. */
    LETTER,
    /** Letters of scripts without spaces, where every one may be a word. */
    UNSPACED_LETTER;

    private static CharacterClass of(int character) {
      boolean letter =
          Character.isLetterOrDigit(character)
              || Character.getType(character) == Character.NON_SPACING_MARK
              || Character.getType(character) == Character.COMBINING_SPACING_MARK;
      if (!letter) {
        return MARK;
      }
      return Spacing.isOfUnspacedScript(character) ? UNSPACED_LETTER : LETTER;
    }

    /**
     * Whether a word begins or ends between two characters.
     *
     * @param apart whether white space stands there
     */
    boolean breaksBefore(CharacterClass next, boolean apart) {
      return (this != MARK || next != MARK) && (apart || this != LETTER || next != LETTER);
    }
  }

  /** The symbols of a text. */
  static WordSymbols of(String text) {
    IntStream.Builder symbols = IntStream.builder();
    CharacterClass first = null;
    CharacterClass last = CharacterClass.MARK;
    boolean apart = false;
    for (int character : folded(text).codePoints().toArray()) {
      if (Character.isWhitespace(character)) {
        apart = true;
        continue;
      }
      CharacterClass here = CharacterClass.of(character);
      if (first == null) {
        first = here;
      } else if (last.breaksBefore(here, apart)) {
        symbols.add(BREAK);
      }
      symbols.add(character);
      last = here;
      apart = false;
    }
    return new WordSymbols(
        symbols.build().toArray(), first == null ? CharacterClass.MARK : first, last);
  }

  /** All case forms become one; by way of capitals, which some letters have in common. */
  private static String folded(String text) {
    // as the tokenizer has it: the lower case of İ has a second dot
    String dotless = text.replace('İ', 'i');
    return UCharacter.foldCase(UCharacter.toUpperCase(ULocale.ROOT, dotless), true);
  }

  /** The symbols with the breaks at both ends that a text has in which this stands by itself. */
  int[] standingAlone() {
    IntStream all = IntStream.of(symbols);
    if (first != CharacterClass.MARK) {
      all = IntStream.concat(IntStream.of(BREAK), all);
    }
    if (last != CharacterClass.MARK) {
      all = IntStream.concat(all, IntStream.of(BREAK));
    }
    return all.toArray();
  }

  boolean isEmpty() {
    return symbols.length == 0;
  }
}
