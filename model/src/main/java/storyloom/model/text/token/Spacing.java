package storyloom.model.text.token;

import com.ibm.icu.lang.UScript;
import java.util.List;

/**
 * Knows where spaces stand in well-set text. Tokens go by one at a time; before each, this class
 * says whether a space is expected, and then hears whether there is one. Both ways between text and
 * tokens ask it, so what they expect is always the same. One per text.
 *
 * <p>Where text goes against expectation, a token {@link #JOIN} or {@link #SPACE} says so. They are
 * rare, and thanks to them text comes back exactly. Like {@code <newline>} they are ordinary
 * tokens, and no text holds them: words are split at angle brackets.
 */
public final class Spacing {

  /** The next token stands close to the one before, though a space is expected. */
  static final String JOIN = "<join>";

  /** A space stands before the next token, though none is expected. */
  static final String SPACE = "<space>";

  /** The tokens that stand for layout. No text holds them. */
  static final List<String> LAYOUT = List.of(Tokenizer.NEWLINE, JOIN, SPACE);

  /** The token before, or null at the start of a line. */
  private String previous;

  /** Whether a mark before, such as an opening bracket, holds the next token close. */
  private boolean holdsNext;

  private boolean inDoubleQuotes;
  private boolean inSingleQuotes;
  private boolean opensQuote;
  private boolean afterNumberAndColon;

  /** {@link #JOIN} or {@link #SPACE} where the next token goes against expectation, or null. */
  private String marker;

  static boolean isLayout(String token) {
    return LAYOUT.contains(token);
  }

  /** Whether a token says how the next one stands against expectation. */
  public static boolean isMarker(String token) {
    return token.equals(JOIN) || token.equals(SPACE);
  }

  /** Whether a token says that the next one stands close to the one before. */
  public static boolean isJoin(String token) {
    return token.equals(JOIN);
  }

  /**
   * Takes note of the token that comes next, which may be a marker; whether a space precedes it.
   */
  public boolean advance(String token) {
    if (isMarker(token)) {
      marker = token;
      return false;
    }
    boolean spaced = marker == null ? expectsSpace(token) : marker.equals(SPACE);
    marker = null;
    accept(token, spaced);
    return spaced;
  }

  /** Whether a space is expected before the token that comes next. */
  boolean expectsSpace(String token) {
    if (previous == null || holdsNext) {
      return false;
    }
    return switch (token) {
      case Tokenizer.NEWLINE, ".", ",", ";", ":", "!", "?", "..", "...", "%", ")", "]", "}" ->
          false;
      case "-", "/", "。", "，", "、", "！", "？", "：", "；", "」", "』", "）" -> false;
      case "\"" -> !inDoubleQuotes;
      case "'" -> !inSingleQuotes && !takesApostrophe(previous);
      default -> !isSymbolRun(token) && !continuesNumber(token) && !isUnspaced(token);
    };
  }

  /**
   * Takes note of the token that comes next.
   *
   * @param spaced whether a space stands before it
   */
  void accept(String token, boolean spaced) {
    opensQuote = false;
    if (token.equals(Tokenizer.NEWLINE)) {
      previous = null;
      holdsNext = false;
      inDoubleQuotes = false;
      inSingleQuotes = false;
      return;
    }
    switch (token) {
      case "\"" -> {
        opensQuote = opens(spaced, inDoubleQuotes);
        inDoubleQuotes = opensQuote;
        holdsNext = opensQuote;
      }
      case "'" -> {
        opensQuote = opens(spaced, inSingleQuotes);
        holdsNext = opensQuote || (!inSingleQuotes && endsWithDigit(previous));
        inSingleQuotes = opensQuote;
      }
      case "-" -> holdsNext = previous != null;
      case "/" -> holdsNext = !spaced;
      case "(", "[", "{", "$", "£", "€", "#", "@", "「", "『", "（" -> holdsNext = true;
      default -> holdsNext = false;
    }
    afterNumberAndColon = token.equals(":") && !spaced && endsWithDigit(previous);
    previous = token;
  }

  /** Whether the token accepted last is a quote that opens. */
  public boolean opensQuote() {
    return opensQuote;
  }

  private boolean opens(boolean spaced, boolean inQuotes) {
    return previous == null || spaced || (holdsNext && !inQuotes);
  }

  /** After these an apostrophe is likelier than a quote: dogs', goin', 1950's, 5'10. */
  private static boolean takesApostrophe(String word) {
    return word.endsWith("s") || word.endsWith("in") || endsWithDigit(word);
  }

  private boolean isSymbolRun(String token) {
    return token.equals(previous) && !Character.isLetterOrDigit(token.codePointAt(0));
  }

  /** Hours and minutes, scores, verses. */
  private boolean continuesNumber(String token) {
    return afterNumberAndColon && Character.isDigit(token.codePointAt(0));
  }

  private static boolean endsWithDigit(String token) {
    return token != null && Character.isDigit(token.codePointBefore(token.length()));
  }

  /** Whether two tokens stand in scripts that put no spaces between words. */
  private boolean isUnspaced(String token) {
    return isOfUnspacedScript(token.codePointAt(0))
        && isOfUnspacedScript(previous.codePointBefore(previous.length()));
  }

  /** Whether a character is of a script that puts no spaces between words. */
  public static boolean isOfUnspacedScript(int c) {
    if (c < 0x0E00) {
      return false;
    }
    return switch (UScript.getScript(c)) {
      case UScript.HAN,
              UScript.HIRAGANA,
              UScript.KATAKANA,
              UScript.THAI,
              UScript.LAO,
              UScript.KHMER,
              UScript.MYANMAR ->
          true;
      default -> (c >= 0x3001 && c <= 0x303F) || (c >= 0xFF01 && c <= 0xFF0F);
    };
  }
}
