package storyloom.bench.grammar;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Expands the symbols of a text, and finishes it: articles, capital letters, single spaces.
 *
 * <ul>
 *   <li>{@code {table}} and {@code {table.column}} become the cell of the bound row,
 *   <li>{@code {rule}} becomes one of the rule's alternatives, drawn anew each time,
 *   <li>{@code {rule*}} becomes as many different alternatives as asked for, in random order,
 *   <li>{@code {a}} stays, for {@link #finish} to agree with the word that follows.
 * </ul>
 */
final class Expander {

  static final String ARTICLE = "a";
  static final Pattern SYMBOL =
      Pattern.compile("\\{(?<name>[a-z]+(?:\\.[a-z]+)?)(?<several>\\*?)\\}");

  /** The word of a text that stands for a paragraph break, as in the WritingPrompts layout. */
  static final String PARAGRAPH = "<newline>";

  private static final Pattern ARTICLE_AND_NEXT = Pattern.compile("\\{a\\} (?<next>\\p{L}+)");

  /** Words that begin with the sound, not the letter, of a vowel: a unicorn, an hourglass. */
  private static final Pattern VOWEL_SOUND =
      Pattern.compile("hour|heir|honest|honou?r|(?!uni[cfotv]|us[eu]|eu|once|one)[aeiou]");

  private static final Pattern SENTENCE_START =
      Pattern.compile("(?<before>(?:^|[.?!] |" + PARAGRAPH + " )\"?)(?<letter>\\p{Ll})");

  private static final Pattern SPACES = Pattern.compile(" {2,}");

  private final Grammar grammar;
  private final Map<String, String> bindings;
  private final Random random;

  /**
   * @param bindings the bound rows' cells by symbol
   * @param random where the alternatives are drawn from
   */
  Expander(Grammar grammar, Map<String, String> bindings, Random random) {
    this.grammar = grammar;
    this.bindings = bindings;
    this.random = random;
  }

  /**
   * @param text with symbols
   * @param several how many alternatives a {@code {rule*}} becomes
   * @return the text with every symbol expanded, {@code {a}} aside
   * @throws IllegalArgumentException if a {@code {rule*}} has fewer than {@code several}
   *     alternatives
   */
  String expand(String text, int several) {
    return SYMBOL
        .matcher(text)
        .replaceAll(symbol -> Matcher.quoteReplacement(expand(symbol, several)));
  }

  private String expand(MatchResult symbol, int several) {
    String name = symbol.group(1);
    String bound = bindings.get(name);
    if (bound != null) {
      return expand(bound, several);
    }
    if (name.equals(ARTICLE)) {
      return symbol.group();
    }
    List<String> alternatives = grammar.alternatives(name);
    if (symbol.group(2).isEmpty()) {
      return expand(alternatives.get(random.nextInt(alternatives.size())), several);
    }
    if (several > alternatives.size()) {
      throw new IllegalArgumentException(
          "the grammar has "
              + alternatives.size()
              + " alternatives of "
              + name
              + ", not "
              + several);
    }
    List<String> drawn = new ArrayList<>(alternatives);
    Collections.shuffle(drawn, random);
    return expand(String.join(" ", drawn.subList(0, several)), several);
  }

  /**
   * Returns the text with {@code {a}} as "a" or "an", a capital letter at each sentence's start,
   * and single spaces.
   */
  static String finish(String expanded) {
    String spaced = SPACES.matcher(expanded).replaceAll(" ").strip();
    String agreed =
        ARTICLE_AND_NEXT
            .matcher(spaced)
            .replaceAll(match -> article(match.group(1)) + " " + match.group(1));
    return SENTENCE_START
        .matcher(agreed)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(match.group(1) + match.group(2).toUpperCase(Locale.ROOT)));
  }

  private static String article(String next) {
    return VOWEL_SOUND.matcher(next).lookingAt() ? "an" : "a";
  }
}
