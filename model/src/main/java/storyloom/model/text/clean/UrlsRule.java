package storyloom.model.text.clean;

import java.util.List;
import java.util.regex.Pattern;
import storyloom.model.text.clean.Rewrite.Place;

/**
 * Takes web addresses away; the words of a markdown link stay. A line of links only leads away from
 * the text rather than being part of it, and vanishes, unless there is no other line.
 */
final class UrlsRule implements CleaningRule {

  /** Splitting text into tokens puts a space behind the colon and behind the question mark. */
  private static final String TARGET =
      "(?:[a-zA-Z][a-zA-Z0-9+.-]{1,20}:(?: (?=//))?|//|/|#|www\\.)[^\\s()<>]{0,2000}+"
          + "(?:(?<=\\?) [a-z]{1,12}=[^\\s()<>]{0,300}+){0,3}+"
          + "(?:\\([^\\s()<>]{0,200}+\\)[^\\s()<>]{0,2000}+){0,3}+";

  private static final String LINK_REST =
      "([^\\[\\]]{0,2000}+(?:\\[[^\\[\\]]{0,200}+\\][^\\[\\]]{0,2000}+)?)\\]"
          + "(?:\\(\\s?| \\( ?(?=https?:|www\\.))"
          + TARGET
          + "(?:\\s\"[^\"\\n]{0,500}+\")?\\s?\\)";

  /** A link's words are its group; they may hold brackets once. */
  private static final String LINK = link("");

  /** A link whose words are no speech. */
  private static final String LEADING_AWAY = link("(?! ?(?:``|[\"“]))");

  private static final String[] IN_LINK = {"](", "] (http", "] (www.", "] ( http", "] ( www."};

  private static final Rewrite LINES_OF_LINKS =
      Rewrite.of(
          Place.AT_LINE,
          "[*_~#> |-]{0,8}+(?:" + LEADING_AWAY + "[*_~|,;:.!& /-]{0,8}+){1,20}(?=\n|$)",
          "",
          IN_LINK);

  private static final Pattern SCHEME = Pattern.compile("(?:https?|ftp): ?//|\\bwww\\.");

  private static final Pattern DOMAIN =
      Pattern.compile(
          "\\b[a-zA-Z0-9][a-zA-Z0-9.-]{0,62}\\.(?:com|org|net|edu|gov|co\\.uk)/(?=[^\\s<>\"\\[\\]()])");

  private static final List<String> IN_DOMAIN =
      List.of(".com/", ".org/", ".net/", ".edu/", ".gov/", ".co.uk/");

  private static final List<Rewrite> REWRITES =
      List.of(
          Rewrite.of(Place.ANYWHERE, LINK, "$1", IN_LINK),
          Rewrite.of(
              Place.AT_LINE, "\\[[^\\[\\]\\n]{1,200}+\\]:\\s{1,4}(?=https?:|www\\.|/)", "", "]:"),
          Rewrite.of("<(?:https?|ftp|mailto):[^\\s<>]{1,2000}+>", "", "<http", "<ftp", "<mailto"));

  private static final Rewrite EMPTY_BRACKETS = Rewrite.of("\\( ?\\)", "", "()", "( )");

  private static String link(String condition) {
    return "!?\\[" + condition + LINK_REST;
  }

  @Override
  public String name() {
    return "urls";
  }

  @Override
  public String apply(String text) {
    String result = text.indexOf('\n') < 0 ? text : LINES_OF_LINKS.apply(text);
    result = Rewrite.applyAll(REWRITES, result);
    if (result.contains("//") || result.contains("www.")) {
      result = WebAddress.remove(result, SCHEME);
    }
    if (IN_DOMAIN.stream().anyMatch(result::contains)) {
      result = WebAddress.remove(result, DOMAIN);
    }
    return EMPTY_BRACKETS.apply(result);
  }
}
