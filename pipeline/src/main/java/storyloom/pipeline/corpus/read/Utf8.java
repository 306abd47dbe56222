package storyloom.pipeline.corpus.read;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads bytes as UTF-8 and tells those that are not. */
final class Utf8 {

  private static final char REPLACEMENT = '\uFFFD';

  private Utf8() {}

  /** The text; what is not UTF-8 becomes U+FFFD. */
  static String decode(byte[] bytes, int length) {
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  /**
   * Whether the bytes are UTF-8.
   *
   * @param decoded what {@link #decode} made of them
   */
  static boolean isValid(byte[] bytes, int length, String decoded) {
    return decoded.indexOf(REPLACEMENT) < 0 || isValid(ByteBuffer.wrap(bytes, 0, length));
  }

  /** The slow way, for text that may hold a U+FFFD of its own. */
  private static boolean isValid(ByteBuffer bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(bytes);
      return true;
    } catch (CharacterCodingException malformed) {
      return false;
    }
  }
}
