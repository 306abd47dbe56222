package storyloom.model.text;

import java.util.regex.Pattern;

/**
 * Takes the lines away in which an author speaks of the post rather than tells the story: notes,
 * disclaimers, thanks for reading, apologies for the formatting. They stand at the start or the end
 * of a story and are short; a line that begins with a quote is speech, and the last line that is
 * left always stays.
 */
final class NotesRule implements CleaningRule {

  private static final int LONGEST = 350;

  private static final Pattern LABEL =
      Pattern.compile(
          "(?i)^[\\[(*~-]{0,2}\\s?(?:a/n|(?:author'?s?'?|quick|side|important) note|note|notes"
              + "|note from the author|disclaimer|(?:trigger|content) warning)\\b\\s?[:)\\]-]");

  private static final Pattern ABOUT_THE_POST =
      Pattern.compile(
          "(?i)\\b(?:"
              + "thank(?:s| you)(?: (?:all|guys|everyone|so much|again|very much|a lot)){0,3},?"
              + " for (?:reading|the (?:upvotes|gold|feedback|comments))"
              + "|(?:my|a) first (?:time )?(?:post|poster|posting|submission)|first time post(?:er|ing)"
              + "|my first (?:short )?story|long[ -]time (?:lurker|reader)|throw ?away (?:account|acct)"
              + "|(?:sorry|apologi[sz]e|apologies|excuse|forgive)[^.!?]{0,40}\\b(?:wall of text|format(?:ting)?"
              + "|length|so long|lengthy|spelling|grammar|english|typos?|mistakes|mobile|poorly written)"
              + "|wall of text|sub-?reddits?|upvotes?|(?:cross|x)-?post(?:ed|ing)?|copy ?pasta|creepypasta"
              + "|(?:feedback|critici[sz]m|critiques?|advice|comments?|suggestions?)[^.!?]{0,50}"
              + "\\b(?:welcomed?|appreciated)|(?:constructive|positive) criticism"
              + "|hope (?:you|y'all|everyone)(?: (?:guys|all))? (?:enjoy(?:ed|s)?|liked?)"
              + " (?:it|this|that|the|my)\\b"
              + "|let me know (?:what you (?:guys |all )?think|if you)|if you (?:guys )?(?:liked?|want(?:ed)?)"
              + " (?:more|to (?:hear|read|know)|me to)"
              + "|(?:right|best|appropriate) (?:place|sub) (?:to post|for this)"
              + "|(?:posted|posting|post) (?:this|it) (?:here|on|in|from)|typ(?:ed|ing) (?:this )?on (?:my|a) phone"
              + "|end of part (?:\\d|one|two)|part (?:\\d|one|two|three) (?:is |will be |coming |here)"
              + ")\\b|(?:^|[\\s(])/?[ru]/[A-Za-z]\\w{2,20}");

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
    CharSequence line = text.subSequence(start, end);
    return LABEL.matcher(line).find() || ABOUT_THE_POST.matcher(line).find();
  }
}
