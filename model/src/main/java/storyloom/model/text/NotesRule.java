package storyloom.model.text;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Takes the lines away in which an author speaks of the post rather than tells the story: notes,
 * disclaimers, thanks for reading, apologies for the formatting. They stand at the start or the end
 * of a story and are short; a line that begins with a quote is speech, and the last line that is
 * left always stays.
 */
final class NotesRule implements CleaningRule {

  private static final int LONGEST = 350;

  private static final String ABOUT_FORM =
      "[^.!?]{0,40}\\b(?:wall of text|format(?:ting)?|length|so long|lengthy|spelling|grammar"
          + "|english|typos?|mistakes|mobile|poorly written)";

  private static final String OPINION =
      "(?:feedback|critici[sz]m|critiques?|advice|comments?|suggestions?)";

  private static final Pattern LABEL =
      Pattern.compile(
          "[\\[(*~-]{0,2}\\s?(?:a/n|(?:author'?s?'? |quick |side |important )?note|notes"
              + "|note from the author|disclaimer|(?:trigger|content) warning)\\b\\s?[:)\\]-]");

  /** What only an author says of a post, each a piece of text that gives it away and the whole. */
  private static final Map<String, Pattern> PHRASES =
      Map.ofEntries(
          phrase("thank", "thank(?:s| you)[a-z, ]{0,25} for (?:reading|the (?:upvotes|gold))"),
          phrase("first", "(?:my|a) first (?:time )?(?:post(?:er|ing)?|submission)"),
          phrase("first story", "my first story"),
          phrase("first short", "my first short story"),
          phrase("first time post", "first time post(?:er|ing)"),
          phrase("time ", "long[ -]time (?:lurker|reader)"),
          phrase("acc", "throw ?away acc(?:oun)?t"),
          phrase("sorry", "sorry" + ABOUT_FORM),
          phrase("apolog", "apolog(?:i[sz]e|ies)" + ABOUT_FORM),
          phrase("excuse", "excuse" + ABOUT_FORM),
          phrase("forgive", "forgive" + ABOUT_FORM),
          phrase("wall of text", "wall of text"),
          phrase("reddit", "sub-?reddits?"),
          phrase("upvote", "upvotes?"),
          phrase(
              "post",
              "(?:cross|x)-?post(?:ed|ing)?|post(?:ed|ing)? (?:this|it) (?:here|on|in|from)"),
          phrase("pasta", "(?:copy|creepy) ?pastas?"),
          phrase("welcome", OPINION + "[^.!?]{0,50}\\bwelcomed?"),
          phrase("appreciated", OPINION + "[^.!?]{0,50}\\bappreciated"),
          phrase("critici", "(?:constructive|positive) critici[sz]m"),
          phrase(
              "hope",
              "hope (?:you|y'all|everyone)[a-z ]{0,12} (?:enjoy(?:ed|s)?|liked?) (?:it|this|the)"),
          phrase("let me know", "let me know (?:what you (?:guys |all )?think|if you)"),
          phrase(
              "if you", "if you (?:guys )?(?:liked?|want(?:ed)?) (?:more|to (?:hear|read) more)"),
          phrase("place", "(?:right|best) place (?:to post|for this)"),
          phrase("/", "(?<!\\S)[(]?/?[ru]/[a-z]\\w{2,20}"));

  @Override
  public String name() {
    return "notes";
  }

  @Override
  public boolean concerns(TextSide side) {
    return side == TextSide.STORY;
  }

  @Override
  public String apply(String text) {
    int start = 0;
    int end = text.length();
    for (int lineEnd = text.indexOf('\n');
        lineEnd >= 0 && isNote(text, start, lineEnd);
        lineEnd = text.indexOf('\n', start)) {
      start = lineEnd + 1;
    }
    for (int lineStart = text.lastIndexOf('\n');
        lineStart >= start && isNote(text, lineStart + 1, end);
        lineStart = text.lastIndexOf('\n', end - 1)) {
      end = lineStart;
    }
    return text.substring(start, end);
  }

  private static boolean isNote(String text, int start, int end) {
    if (end - start > LONGEST || start == end || text.charAt(start) == '"') {
      return false;
    }
    String line = text.substring(start, end).toLowerCase(Locale.ROOT);
    return LABEL.matcher(line).lookingAt()
        || PHRASES.entrySet().stream()
            .anyMatch(each -> line.contains(each.getKey()) && each.getValue().matcher(line).find());
  }

  private static Map.Entry<String, Pattern> phrase(String trigger, String regex) {
    return Map.entry(trigger, Pattern.compile("(?<!\\w)(?:" + regex + ")\\b"));
  }
}
