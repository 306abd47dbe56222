package storyloom.model.text.clean;

import com.ibm.icu.text.Normalizer2;
import storyloom.model.text.clean.Rewrite.Place;

/**
 * Brings text to Unicode normalisation form C, so that an é is one character however it was typed,
 * and takes away accents piled up for show.
 */
final class UnicodeRule implements CleaningRule {

  private static final Normalizer2 NFC = Normalizer2.getNFCInstance();

  /**
   * What is left of accents in form C is rare in any language; piled up or struck through a letter,
   * it is play.
   */
  private static final Rewrite PLAY =
      Rewrite.of(
          Place.ANYWHERE,
          "[\\u0300-\\u036F]{2,}+"
              + "|[\\u0321\\u0322\\u0334-\\u0338\\u035C-\\u0362\\u0488\\u0489]",
          "");

  private static final int FIRST_ACCENT = 0x300;

  @Override
  public String name() {
    return "unicode";
  }

  @Override
  public String apply(String text) {
    int seen = 0;
    while (seen < text.length() && text.charAt(seen) < FIRST_ACCENT) {
      seen++;
    }
    if (seen == text.length()) {
      return text; // all of these are in form C already
    }
    return PLAY.apply(NFC.normalize(text));
  }
}
