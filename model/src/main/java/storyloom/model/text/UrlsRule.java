package storyloom.model.text;

import java.util.List;
import storyloom.model.text.Rewrite.Place;

/** Takes web addresses away; the words of a markdown link stay. */
final class UrlsRule implements CleaningRule {

  private static final String TARGET =
      "(?:[a-zA-Z][a-zA-Z0-9+.-]{1,20}:|//|/|#|www\\.)[^\\s()<>]{0,2000}+"
          + "(?:\\([^\\s()<>]{0,200}+\\)[^\\s()<>]{0,2000}+)?";
  private static final String REST = "[^\\s<>\"\\[\\]]{1,2000}";

  /** What follows the last letter, digit or slash of an address is the sentence's own. */
  private static final String LAST = "(?<=[\\p{L}\\p{N}/=_&%#~+-])";

  private static final List<Rewrite> REWRITES =
      List.of(
          Rewrite.of(
              Place.ANYWHERE,
              "!?\\[([^\\[\\]]{0,2000}+)\\]\\(\\s?"
                  + TARGET
                  + "(?:\\s\"[^\"\\n]{0,500}+\")?\\s?\\)",
              "$1",
              "]("),
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
    return Rewrite.applyAll(REWRITES, text);
  }
}
