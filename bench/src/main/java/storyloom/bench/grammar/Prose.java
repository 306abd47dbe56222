package storyloom.bench.grammar;

import java.util.Locale;
import java.util.StringTokenizer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The last touch on an expanded text: articles, capital letters, single spaces. */
final class Prose {

  /** The word of a text that stands for a paragraph break, as in the WritingPrompts layout. */
  static final String PARAGRAPH = "<newline>";

  private static final Pattern ARTICLE = Pattern.compile("\\{a\\} (?<next>\\p{L}+)");

  /** Words that begin with the sound, not the letter, of a vowel: a unicorn, an hourglass. */
  private static final Pattern VOWEL_SOUND =
      Pattern.compile("hour|heir|honest|honou?r|(?!uni[cfotv]|us[eu]|eu|once|one)[aeiou]");

  private static final Pattern SENTENCE_START =
      Pattern.compile("(?<before>(?:^|[.?!] |" + PARAGRAPH + " )\"?)(?<letter>\\p{Ll})");

  private static final Pattern SPACES = Pattern.compile(" {2,}");

  private Prose() {}

  /**
   * Returns the text with {@code {a}} as "a" or "an", a capital letter at each sentence's start,
   * and single spaces.
   */
  static String finish(String expanded) {
    String spaced = SPACES.matcher(expanded).replaceAll(" ").strip();
    String agreed =
        ARTICLE.matcher(spaced).replaceAll(match -> article(match.group(1)) + " " + match.group(1));
    return SENTENCE_START
        .matcher(agreed)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(match.group(1) + match.group(2).toUpperCase(Locale.ROOT)));
  }

  /** Returns the number of words between spaces; paragraph breaks are not words. */
  static int words(String text) {
    int words = 0;
    for (StringTokenizer each = new StringTokenizer(text, " "); each.hasMoreTokens(); ) {
      if (!each.nextToken().equals(PARAGRAPH)) {
        words++;
      }
    }
    return words;
  }

  private static String article(String next) {
    return VOWEL_SOUND.matcher(next).lookingAt() ? "an" : "a";
  }
}
