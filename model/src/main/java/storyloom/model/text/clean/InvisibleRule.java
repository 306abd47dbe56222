package storyloom.model.text.clean;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UProperty;

/**
 * Takes away characters that no reader sees: control, zero-width and direction characters, soft
 * hyphens, byte order marks, halves of surrogate pairs, private and damaged characters. Every kind
 * of space becomes a plain one, and a carriage return a line break. U+0085, U+2028, U+2029, form
 * feeds and tabs are spaces: they stand inside a line. Emoji built with zero-width joiners stay
 * whole.
 */
final class InvisibleRule implements CleaningRule {

  private static final int ZERO_WIDTH_JOINER = 0x200D;
  private static final int GRAPHEME_JOINER = 0x034F;
  private static final int BRAILLE_BLANK = 0x2800;
  private static final int REPLACEMENT = 0xFFFD;

  @Override
  public String name() {
    return "invisible";
  }

  @Override
  public String apply(String text) {
    int seen = 0;
    while (seen < text.length() && isPlain(text.charAt(seen))) {
      seen++;
    }
    if (seen == text.length()) {
      return text;
    }
    StringBuilder result = new StringBuilder(text.length()).append(text, 0, seen);
    for (int i = seen; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (isPlain(c)) {
        result.append((char) c);
      } else if (c == '\r') {
        result.append('\n');
      } else if (isSpace(c)) {
        result.append(' ');
      } else if (isVisible(c) || isEmojiJoiner(c, text, i)) {
        result.appendCodePoint(c);
      }
    }
    return result.toString();
  }

  private static boolean isPlain(int c) {
    return (c >= ' ' && c < 0x7F) || c == '\n';
  }

  private static boolean isSpace(int c) {
    return switch (Character.getType(c)) {
      case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> c == '\t' || c == '\f' || c == 0x0B || c == 0x85 || c == BRAILLE_BLANK;
    };
  }

  private static boolean isVisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE -> false;
      default ->
          c != REPLACEMENT
              && c != GRAPHEME_JOINER
              && !UCharacter.hasBinaryProperty(c, UProperty.NONCHARACTER_CODE_POINT)
              && (isVariationSelector(c)
                  || !UCharacter.hasBinaryProperty(c, UProperty.DEFAULT_IGNORABLE_CODE_POINT));
    };
  }

  private static boolean isVariationSelector(int c) {
    return UCharacter.hasBinaryProperty(c, UProperty.VARIATION_SELECTOR);
  }

  private static boolean isEmojiJoiner(int c, String text, int after) {
    return c == ZERO_WIDTH_JOINER
        && after < text.length()
        && UCharacter.hasBinaryProperty(text.codePointAt(after), UProperty.EXTENDED_PICTOGRAPHIC);
  }
}
