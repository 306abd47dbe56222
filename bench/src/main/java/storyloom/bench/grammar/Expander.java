package storyloom.bench.grammar;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Expands the symbols of a text.
 *
 * <ul>
 *   <li>{@code {table}} and {@code {table.column}} become the cell of the bound row,
 *   <li>{@code {rule}} becomes one of the rule's alternatives, drawn anew each time,
 *   <li>{@code {rule*}} becomes as many different alternatives as asked for, in random order,
 *   <li>{@code {a}} stays, for {@link Prose} to agree with the word that follows.
 * </ul>
 */
final class Expander {

  static final String ARTICLE = "a";
  static final Pattern SYMBOL =
      Pattern.compile("\\{(?<name>[a-z]+(?:\\.[a-z]+)?)(?<several>\\*?)\\}");

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
}
