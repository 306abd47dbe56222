package storyloom.pipeline.corpus.read;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Bytes that were read as UTF-8.
 *
 * @param text what they say; what is not UTF-8 stands there as U+FFFD
 * @param valid whether all of them are UTF-8
 */
record Utf8(String text, boolean valid) {

  private static final char REPLACEMENT = '\uFFFD';

  /** Decodes the first {@code length} bytes. */
  static Utf8 of(byte[] bytes, int length) {
    String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
    return new Utf8(
        text, text.indexOf(REPLACEMENT) < 0 || isValid(ByteBuffer.wrap(bytes, 0, length)));
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
