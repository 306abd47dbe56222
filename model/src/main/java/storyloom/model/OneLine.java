package storyloom.model;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UCharacterEnums.ECharacterCategory;
import com.ibm.icu.lang.UProperty;

/**
 * What a log line, a message or a cell of a listing shows of a text that came from outside: one
 * line of bounded length, in which nothing steers a terminal.
 *
 * <p>Letters of all scripts stay as they are, with their marks, joiners and variation selectors;
 * what is shown already is shown as it is when it is shown again.
 */
public final class OneLine {

  private static final int MOST_CHARACTERS = 400;

  private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
  private static final int ZERO_WIDTH_JOINER = 0x200D;
  private static final int REPLACEMENT = 0xFFFD;
  private static final char ELLIPSIS = '…';

  private OneLine() {}

  /**
   * The text on one line of at most 400 characters and, if more than that is left out, an ellipsis.
   * See {@link #of(String, int)}.
   */
  public static String of(String text) {
    return of(text, MOST_CHARACTERS);
  }

  /**
   * The text on one line of bounded length and, if anything is left out for that, an ellipsis.
   *
   * <p>A run of spaces, line ends and control characters becomes one space, and goes at both ends.
   * Characters that have no picture and change that of others, such as the directional overrides,
   * are left out. Halves of surrogate pairs, private and unassigned characters become U+FFFD.
   *
   * @param most characters of it that are shown
   */
  public static String of(String text, int most) {
    StringBuilder line = new StringBuilder(Math.min(text.length(), most) + 2);
    int shown = 0;
    boolean isSpacePending = false;
    int next;
    for (int i = 0; i < text.length(); i = next) {
      int c = text.codePointAt(i);
      next = i + Character.charCount(c);
      if (isSpace(c)) {
        isSpacePending = shown > 0;
      } else if (!isInvisible(c)) {
        int needed = isSpacePending ? 2 : 1;
        if (shown + needed > most) {
          return line.append(ELLIPSIS).toString();
        }
        if (isSpacePending) {
          line.append(' ');
        }
        line.appendCodePoint(hasPicture(c) ? c : REPLACEMENT);
        shown += needed;
        isSpacePending = false;
      }
    }
    return line.toString();
  }

  /**
   * The text on one line, however long, with all its spaces and tabs: for a row of a table, whose
   * cells are made by {@link #of}. Else as {@link #of(String, int)}.
   */
  public static String whole(String text) {
    StringBuilder line = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (c == '\t' || isSpaceOfLine(c)) {
                line.appendCodePoint(c);
              } else if (isSpace(c)) {
                line.append(' ');
              } else if (!isInvisible(c)) {
                line.appendCodePoint(hasPicture(c) ? c : REPLACEMENT);
              }
            });
    return line.toString();
  }

  private static boolean isSpaceOfLine(int c) {
    return UCharacter.getType(c) == ECharacterCategory.SPACE_SEPARATOR;
  }

  private static boolean isSpace(int c) {
    return switch (UCharacter.getType(c)) {
      case ECharacterCategory.CONTROL,
              ECharacterCategory.SPACE_SEPARATOR,
              ECharacterCategory.LINE_SEPARATOR,
              ECharacterCategory.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  /** Whether it has no picture of its own, joiners and variants of letters and emoji apart. */
  private static boolean isInvisible(int c) {
    if (c == ZERO_WIDTH_JOINER
        || c == ZERO_WIDTH_NON_JOINER
        || UCharacter.hasBinaryProperty(c, UProperty.VARIATION_SELECTOR)) {
      return false;
    }
    boolean isFormat =
        UCharacter.getType(c) == ECharacterCategory.FORMAT
            && !UCharacter.hasBinaryProperty(c, UProperty.PREPENDED_CONCATENATION_MARK);
    return isFormat || UCharacter.hasBinaryProperty(c, UProperty.DEFAULT_IGNORABLE_CODE_POINT);
  }

  private static boolean hasPicture(int c) {
    return switch (UCharacter.getType(c)) {
      case ECharacterCategory.SURROGATE,
              ECharacterCategory.PRIVATE_USE,
              ECharacterCategory.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
