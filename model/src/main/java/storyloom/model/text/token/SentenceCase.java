package storyloom.model.text.token;

import java.util.Set;

/**
 * Gives lower-case tokens the capitals that need no knowledge of the world: at the start of
 * sentences, lines and direct speech, the English "I", and words that are always written with one.
 * Tokens go by one at a time. One per text.
 */
final class SentenceCase {

  private static final Set<String> ALWAYS_CAPITAL =
      Set.of(
          "monday",
          "tuesday",
          "wednesday",
          "thursday",
          "friday",
          "saturday",
          "sunday",
          "january",
          "february",
          "april",
          "june",
          "july",
          "september",
          "october",
          "november",
          "december",
          "mr",
          "mrs",
          "ms",
          "dr",
          "english",
          "american",
          "christmas",
          "halloween",
          "thanksgiving");

  /** A colon after at most this many tokens of a line ends the name of who speaks. */
  private static final int LONGEST_SPEAKER = 3;

  private boolean capitalNext = true;
  private String previous = "";
  private int position;

  /** Takes note that a new line starts. */
  void startLine() {
    capitalNext = true;
    previous = "";
    position = 0;
  }

  /**
   * The token that comes next, with its capital if it has one.
   *
   * @param opensQuote whether the token is a quote that opens
   */
  String restore(String token, boolean opensQuote) {
    String restored = token;
    if (Character.isLetterOrDigit(token.codePointAt(0))) {
      restored = capitalNext || isAlwaysCapital(token) ? capitalise(token) : token;
      capitalNext = false;
    } else {
      capitalNext = expectsCapitalAfter(token, opensQuote);
    }
    previous = token;
    position++;
    return restored;
  }

  private boolean expectsCapitalAfter(String mark, boolean opensQuote) {
    return switch (mark) {
      case "." -> previous.indexOf('.') < 0; // "a.m." and "U.S." do not end a sentence
      case "!", "?" -> true;
      case ":" -> position <= LONGEST_SPEAKER;
      case ",", ";", "--" -> false;
      default -> capitalNext || (opensQuote && (previous.equals(",") || previous.equals(":")));
    };
  }

  private static boolean isAlwaysCapital(String token) {
    return token.equals("i") || token.startsWith("i'") || ALWAYS_CAPITAL.contains(token);
  }

  private static String capitalise(String token) {
    int first = token.codePointAt(0);
    return Character.toString(Character.toTitleCase(first))
        + token.substring(Character.charCount(first));
  }
}
