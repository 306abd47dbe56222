package storyloom.model.text.clean;

import java.util.List;
import storyloom.model.text.clean.Rewrite.Place;

/**
 * Takes web addresses away; the words of a markdown link stay. A line of links only leads away from
 * the text rather than being part of it, and vanishes, unless there is no other line.
 */
final class UrlsRule implements CleaningRule {

  private static final String TARGET =
      "(?:[a-zA-Z][a-zA-Z0-9+.-]{1,20}:|//|/|#|www\\.)[^\\s()<>]{0,2000}+"
          + "(?:\\([^\\s()<>]{0,200}+\\)[^\\s()<>]{0,2000}+)?";

  /** A link's words are its group; they may hold brackets once. */
  private static final String LINK =
      "!?\\[([^\\[\\]]{0,2000}+(?:\\[[^\\[\\]]{0,200}+\\][^\\[\\]]{0,2000}+)?)\\]"
          + "(?:\\(\\s?| \\((?=https?:|www\\.))"
          + TARGET
          + "(?:\\s\"[^\"\\n]{0,500}+\")?\\s?\\)";

  private static final String[] IN_LINK = {"](", "] (http", "] (www."};

  private static final Rewrite LINES_OF_LINKS =
      Rewrite.of(
          Place.AT_LINE,
          "[*_~#> |-]{0,8}+(?:" + LINK + "[*_~|,;:.!& /-]{0,8}+){1,20}(?=\n|$)",
          "",
          IN_LINK);

  private static final String REST = "[^\\s<>\"\\[\\]]{1,2000}";

  /** What follows the last letter, digit or slash of an address is the sentence's own. */
  private static final String LAST = "(?<=[\\p{L}\\p{N}/=_&%#~+-])";

  private static final List<Rewrite> REWRITES =
      List.of(
          Rewrite.of(Place.ANYWHERE, LINK, "$1", IN_LINK),
          Rewrite.of(
              Place.AT_LINE, "\\[[^\\[\\]\\n]{1,200}+\\]:\\s{1,4}(?=https?:|www\\.|/)", "", "]:"),
          Rewrite.of("<(?:https?|ftp|mailto):[^\\s<>]{1,2000}+>", "", "<http", "<ftp", "<mailto"),
          Rewrite.of("(?:https?|ftp)://" + REST + LAST, "", "http://", "https://", "ftp://"),
          Rewrite.of("\\bwww\\." + REST + LAST, "", "www."),
          Rewrite.of(
              Place.ANYWHERE,
              "\\b[a-zA-Z0-9][a-zA-Z0-9.-]{0,62}\\.(?:com|org|net|edu|gov|co\\.uk)/" + REST + LAST,
              "",
              ".com/",
              ".org/",
              ".net/",
              ".edu/",
              ".gov/",
              ".co.uk/"),
          Rewrite.of("\\( ?\\)", "", "()", "( )"));

  @Override
  public String name() {
    return "urls";
  }

  @Override
  public String apply(String text) {
    return Rewrite.applyAll(REWRITES, text.indexOf('\n') < 0 ? text : LINES_OF_LINKS.apply(text));
  }
}
