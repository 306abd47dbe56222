package storyloom.model.settings;

/** What a message shows of a text that may be anything: one line of bounded length. */
final class Excerpt {

  private static final int MOST_CHARACTERS = 400;

  private Excerpt() {}

  /** The text with a space for line ends and what steers a terminal; cut if it is long. */
  static String of(String text) {
    boolean isCut = text.length() > MOST_CHARACTERS;
    String start = isCut ? text.substring(0, MOST_CHARACTERS) : text;
    String line = start.strip().replaceAll("[\\s\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+", " ");
    return isCut ? line + "…" : line;
  }
}
