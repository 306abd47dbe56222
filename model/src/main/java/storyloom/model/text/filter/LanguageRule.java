package storyloom.model.text.filter;

import com.ibm.icu.lang.UScript;
import java.util.Locale;
import java.util.Set;
import java.util.StringTokenizer;
import storyloom.model.text.clean.TextSide;

/**
 * Rejects texts that are surely not English: most letters are not Latin ones, or hardly any of many
 * words is one that English cannot do without.
 */
final class LanguageRule implements RejectionRule {

  /** Words that make up a quarter of any English prose, and are in no other language as common. */
  private static final Set<String> COMMON =
      Set.of(
          "the", "and", "of", "to", "a", "in", "i", "it", "was", "that", "he", "she", "you", "my",
          "is", "for", "on", "with", "his", "her", "they", "we", "but", "had", "at", "not", "as",
          "be", "this", "have", "from", "me", "him", "by", "there", "out", "an", "your", "were",
          "are", "so", "what", "who", "when");

  private static final double LEAST_SHARE = 0.1;

  /** Verse and lists of a few words may do without. */
  private static final int FEWEST_WORDS = 20;

  /** So many words tell, however long the text. */
  private static final int MOST_WORDS = 500;

  @Override
  public String name() {
    return "non-english";
  }

  @Override
  public boolean rejects(String cleaned, TextSide side) {
    int words = 0;
    int common = 0;
    int letters = 0;
    int latin = 0;
    StringTokenizer parts = new StringTokenizer(cleaned, " \n.,;:!?\"()[]*-");
    while (parts.hasMoreTokens() && words < MOST_WORDS) {
      String word = parts.nextToken();
      words++;
      common += COMMON.contains(word.toLowerCase(Locale.ROOT)) ? 1 : 0;
      for (int i = 0; i < word.length(); i++) {
        int c = word.codePointAt(i);
        letters += Character.isLetter(c) ? 1 : 0;
        latin += Character.isLetter(c) && UScript.getScript(c) == UScript.LATIN ? 1 : 0;
      }
    }
    return 2 * latin < letters || (words >= FEWEST_WORDS && common < LEAST_SHARE * words);
  }
}
