package storyloom.model.text.clean;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Repairs UTF-8 that was read as Windows-1252 or as Latin-1: {@code donâ€™t}, {@code cafÃ©}. What
 * is put right must be certain: two to four such characters that are the bytes of one character, a
 * letter or sign of western languages, a punctuation mark, a symbol or an emoji. What two
 * misreadings made takes two passes.
 */
final class MojibakeRule implements CleaningRule {

  private static final int LAST_ASCII = 0x7F;
  private static final Charset WINDOWS = Charset.forName("windows-1252");

  private static final String FOLLOW_WORDS = "«»‹›“”„‘’‚–—…™®°ºª¡¿·§¶´¨\u00A0";

  /** The byte that a character above ASCII was made of. */
  private static final Map<Character, Byte> BYTES = new HashMap<>();

  static {
    for (int b = LAST_ASCII + 1; b <= 0xFF; b++) {
      BYTES.put((char) b, (byte) b);
      String character = new String(new byte[] {(byte) b}, WINDOWS);
      if (character.charAt(0) != '\uFFFD') {
        BYTES.put(character.charAt(0), (byte) b);
      }
    }
  }

  @Override
  public String name() {
    return "mojibake";
  }

  @Override
  public String apply(String text) {
    StringBuilder result = null;
    int copied = 0;
    for (int i = 0; i < text.length(); i++) {
      int length = text.charAt(i) <= LAST_ASCII ? 0 : bytesBehind(text.charAt(i));
      String repaired = length == 0 ? null : repaired(text, i, length);
      if (repaired != null) {
        result = result == null ? new StringBuilder(text.length()) : result;
        result.append(text, copied, i).append(repaired);
        copied = i + length;
        i = copied - 1;
      }
    }
    return result == null ? text : result.append(text, copied, text.length()).toString();
  }

  /** Number of bytes of the character that may begin here. */
  private static int bytesBehind(char first) {
    return switch (first) {
      case 'Â', 'Ã' -> 2;
      case 'â', 'ï' -> 3;
      case 'ð' -> 4;
      default -> 0;
    };
  }

  private static String repaired(String text, int start, int length) {
    if (start + length > text.length() || isWordInCapitals(text, start, length)) {
      return null;
    }
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      Byte b = BYTES.get(text.charAt(start + i));
      if (b == null) {
        return null;
      }
      bytes[i] = b;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /**
   * Such as the end of {@code «MAÇÃ»}, whose letter and quote happen to be bytes of one letter. In
   * {@code MÃ¼ller} the sign is none that follows a word.
   */
  private static boolean isWordInCapitals(String text, int start, int length) {
    int end = start + length;
    return length == 2
        && start > 0
        && Character.isUpperCase(text.charAt(start - 1))
        && FOLLOW_WORDS.indexOf(text.charAt(start + 1)) >= 0
        && (end == text.length() || !Character.isLowerCase(text.charAt(end)));
  }
}
