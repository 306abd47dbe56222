package storyloom.pipeline.corpus;

import com.ibm.icu.text.Normalizer2;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;
import storyloom.model.files.Sha256;

/**
 * The hash that decides which side of a split a prompt is on; prompts that differ only in case,
 * width, spacing or punctuation have the same.
 *
 * <p>The rule must never change, lest yesterday's validation pairs be trained on tomorrow: the
 * cleaned prompt in Unicode's form NFKC_Casefold (UAX #31); every run of white space and
 * punctuation (general categories Z and P, and controls) made one space, none at the ends, but a
 * prompt of nothing else left as it is; SHA-256 of its UTF-8; the first eight bytes, big-endian,
 * without the lowest bit, are a number below 2⁶³.
 */
final class PromptHash {

  /** How many hashes there are: 2⁶³. */
  static final double COUNT = 0x1p63;

  private static final Normalizer2 FOLDED = Normalizer2.getNFKCCasefoldInstance();
  private static final Pattern GAP = Pattern.compile("[\\p{Z}\\p{P}\\p{Cntrl}]++");

  private PromptHash() {}

  /** The hash of a cleaned prompt, from 0 to 2⁶³ - 1. */
  static long of(String prompt) {
    return ByteBuffer.wrap(Sha256.of(normalised(prompt))).getLong() >>> 1;
  }

  private static String normalised(String prompt) {
    String folded = FOLDED.normalize(prompt);
    String words = GAP.matcher(folded).replaceAll(" ").strip();
    return words.isEmpty() ? folded : words;
  }
}
