package storyloom.model.text.token;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How the tokens of byte-pair encoding are spelt. A piece that ends a word is written as it is, one
 * that does not has {@code @@} behind it: {@code un@@ believ@@ able}. A word whose last character
 * was merged with nothing ends in {@link #END}. A byte of a character that has no piece of its own
 * is {@code <0xE2>}; {@code @} is always written so, which makes these forms unambiguous.
 *
 * <p>Source: Sennrich, Haddow and Birch 2016; the byte tokens are SentencePiece's.
 */
final class Subwords {

  /** The end of a word, where it is not part of the piece before. */
  static final String END = "</w>";

  private static final String CONTINUES = "@@";
  private static final String BYTE_START = "<0x";
  private static final int BYTE_LENGTH = 6;
  private static final List<String> BYTES =
      IntStream.range(0, 256).mapToObj(b -> "%s%02X>".formatted(BYTE_START, b)).toList();

  private Subwords() {}

  /** The 256 byte tokens, in order. */
  static List<String> bytes() {
    return BYTES;
  }

  /** The token of a byte; of {@code b} only the lowest eight bits count. */
  static String ofByte(int b) {
    return BYTES.get(b & 0xFF);
  }

  static boolean isByte(String token) {
    return token.length() == BYTE_LENGTH && token.startsWith(BYTE_START) && BYTES.contains(token);
  }

  /** The byte that a byte token stands for. */
  static int byteOf(String token) {
    return Integer.parseInt(token.substring(BYTE_START.length(), BYTE_LENGTH - 1), 16);
  }

  /** Whether a character may be a piece of its own. */
  static boolean mayBePiece(int character) {
    return character != '@';
  }

  /** The piece of a character, or of any text, that does not end its word. */
  static String continuing(String text) {
    return text + CONTINUES;
  }

  /** Whether a piece was merged of others: neither the end of a word, a byte nor a character. */
  static boolean isMerged(String piece) {
    return !piece.equals(END)
        && !isByte(piece)
        && !(isContinuing(piece) && text(piece).codePointCount(0, text(piece).length()) == 1);
  }

  static boolean isContinuing(String token) {
    return token.endsWith(CONTINUES);
  }

  /** What a continuing piece spells. */
  static String text(String continuing) {
    return continuing.substring(0, continuing.length() - CONTINUES.length());
  }

  /**
   * The token that two become.
   *
   * @param left continues
   */
  static String merge(String left, String right) {
    return right.equals(END) ? text(left) : text(left) + right;
  }
}
