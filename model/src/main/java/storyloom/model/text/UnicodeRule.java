package storyloom.model.text;

import com.ibm.icu.text.Normalizer2;

/**
 * Brings text to Unicode normalisation form C, so that an é is one character however it was typed,
 * and takes away accents piled up for show.
 */
final class UnicodeRule implements CleaningRule {

  private static final Normalizer2 NFC = Normalizer2.getNFCInstance();

  /** No language stacks three accents that form C cannot merge with their letter. */
  private static final Rewrite PILED_ACCENTS = Rewrite.of("", "[\\u0300-\\u036F]{3,}+", "");

  private static final int FIRST_ACCENT = 0x300;

  @Override
  public String name() {
    return "unicode";
  }

  @Override
  public String apply(String text) {
    if (text.chars().allMatch(c -> c < FIRST_ACCENT)) {
      return text; // all of these are in form C already
    }
    return PILED_ACCENTS.apply(NFC.normalize(text));
  }
}
