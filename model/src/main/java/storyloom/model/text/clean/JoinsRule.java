package storyloom.model.text.clean;

import java.util.List;
import storyloom.model.text.clean.Rewrite.Place;

/**
 * Puts the spaces around punctuation right: text that was split into tokens is joined again ({@code
 * did n't}, {@code home .}, {@code ( so )}, {@code " yes , " he said}), and a space that was
 * forgotten after a mark is put in ({@code home.Then}). Emoticons stay as they are.
 */
final class JoinsRule implements CleaningRule {

  private static final List<Rewrite> REWRITES =
      List.of(
          Rewrite.of("(?i) (n't)(?<=\\p{L} n't)(?![\\p{L}'])", "$1", " n'", " N'"),
          Rewrite.of("(?i) (?<=\\p{L} )('(?:s|m|re|ve|ll|d))(?![\\p{L}'])", "$1", " '"),
          Rewrite.of("(?i) (?<=\\p{L} )' (?=(?:s|t|d|m|re|ve|ll)(?![\\p{L}']))", "'", " ' "),
          Rewrite.of(Place.ANYWHERE, "(?i)\\b(gon|wan) (na)\\b", "$1$2", "n na", "N NA"),
          Rewrite.of(
              " (?<=\\S )([.,!?;]++|:)(?=[\\s\"']|$)", "$1", " .", " ,", " !", " ?", " ;", " :"),
          Rewrite.of(" ,(?<=\\p{L} ,)(?=\\p{L})", ", ", " ,"),
          Rewrite.of(" ,(?<=\\d ,)(?=\\d{3}(?!\\d))", ",", " ,"),
          Rewrite.of("([(\\[{]) (?<![:;=][-'^]?[(\\[{] )", "$1", "( ", "[ ", "{ "),
          Rewrite.of(" (?<=[^\\s:;=] )([)\\]}])", "$1", " )", " ]", " }"),
          Rewrite.of("([$£€]) (?=\\d)", "$1", "$ ", "£ ", "€ "),
          Rewrite.of(" %(?<=\\d %)", "%", " %"),
          Rewrite.of("[.!?](?<=\\p{Ll}{2}.)(?=\\p{Lu}\\p{Ll})", "$0 ", ".", "!", "?"),
          Rewrite.of("\\.\\.(?<=\\p{L}\\.{2,3})(?=\\p{L})", "$0 ", ".."),
          Rewrite.of(",(?<=\\p{L},)(?=\\p{L})", ", ", ","),
          Rewrite.of(
              "[!?;](?<=\\p{L}.)(?=\\p{L}{2})(?!(?<=\\b(?i:TL);)(?i:DR)\\b)",
              "$0 ", "!", "?", ";"));

  @Override
  public String name() {
    return "joins";
  }

  @Override
  public String apply(String text) {
    String result = Rewrite.applyAll(REWRITES, text);
    return hasLooseQuote(result) ? joinQuotes(result) : result;
  }

  private static boolean hasLooseQuote(String text) {
    int quote = text.indexOf('"');
    while (quote >= 0 && !(isGap(text, quote - 1) && isGap(text, quote + 1))) {
      quote = text.indexOf('"', quote + 1);
    }
    return quote >= 0;
  }

  /** A quote between spaces belongs to what follows it if it opens, else to what precedes it. */
  private static String joinQuotes(String text) {
    StringBuilder result = new StringBuilder(text.length());
    boolean open = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        open = false;
      }
      if (c != '"') {
        result.append(c);
        continue;
      }
      boolean spaceBefore = isGap(text, i - 1);
      boolean spaceAfter = isGap(text, i + 1);
      boolean opens = spaceBefore == spaceAfter ? !open : spaceBefore;
      if (spaceBefore && spaceAfter) {
        if (opens && i + 1 < text.length() && text.charAt(i + 1) == ' ') {
          i++;
        } else if (!opens && result.length() > 0 && result.charAt(result.length() - 1) == ' ') {
          result.setLength(result.length() - 1);
        }
      }
      result.append('"');
      open = opens;
    }
    return result.toString();
  }

  private static boolean isGap(String text, int i) {
    return i < 0 || i >= text.length() || text.charAt(i) == ' ' || text.charAt(i) == '\n';
  }
}
