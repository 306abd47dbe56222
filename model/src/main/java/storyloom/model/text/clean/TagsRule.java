package storyloom.model.text.clean;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes the tags by which forums sort their posts from the start and the end of a prompt: {@code [
 * WP ]}, {@code [EU]}, {@code (PICS)}, {@code [ME/FR]}. Only a known tag in brackets is one, so
 * that {@code [MALE]} and {@code (her brother)} stay, and short ones count with a capital only. A
 * prompt of nothing but tags stays as it is.
 */
final class TagsRule implements CleaningRule {

  /**
   * r/WritingPrompts and r/Thetruthishere; in square brackets and with a capital; challenges by
   * number or date.
   */
  private static final String SHORT =
      "WP|SP|EU|CW|RF|TT|MP|IP|PI|PM|OC|OT|CC|FF|AI|ME|Me|FAM|Fam|FR|WS|DIS|FOF|C ?#\\d{1,3}|\\d{1,2}\\.\\d{1,2}";

  private static final String LONG =
      "(?:simple |writing |media |image |video |music |theme )?prompt(?: (?:me|inspired))?"
          + "|established universe|constrained writing|reality fiction|theme thursday|off topic"
          + "|satchat|meta|mod ?post|fan ?fic(?:tion)?"
          + "|pics?|pictures?|photos?|vid(?:eo)?s?|gif|image|audio|podcast|link|xpost|rehost"
          + "|(?:x|cross)[ -]?post(?:ed)?(?: (?:(?:from|with|in|to) )?/?r?/?\\w{2,21})?"
          + "|(?:very |somewhat |kinda )?long(?: (?:post|story|read))?(?:,? sorry)?|wall of text|tl;?dr"
          + "|update ?\\d{0,2}!?|final update|follow ?up|fixed|repost|series|request|question"
          + "|(?:final |last )?part \\d{1,3}(?: ?(?:of|/) ?\\d{1,3})?|pt\\.? ?\\d{1,3}(?: ?/ ?\\d{1,3})?"
          + "|rant|venting|serious|spoilers?|discussion|advice|help|nsf[wl]|sfw|o\\.?c\\.?"
          + "|(?:a )?(?:short |true |first |long )?(?:story|poem|fiction)|not a story|experience"
          + "|critique|feedback|xp|challenge(?: ?# ?\\d{1,4})?|[~≈]? ?\\d{2,5} words";

  private static final String TAGS =
      "(?:(?<!\\[)\\[\\s?(?:SHORT)(?:\\s?[/,+&]\\s?(?:SHORT))*\\s?\\]".replace("SHORT", SHORT)
          + "|[\\[({]\\s?(?i:"
          + LONG
          + ")\\s?[\\])}])";

  private static final Pattern AT_START =
      Pattern.compile("^(?:" + TAGS + "\\s*+)++(?:(?:--|[-:|])\\s*+)?");
  private static final Pattern AT_END = Pattern.compile("\\s*+" + TAGS + "$");

  /** No tag is longer; the end of a prompt is looked at no farther back. */
  private static final int LONGEST = 60;

  @Override
  public String name() {
    return "tags";
  }

  @Override
  public boolean concerns(TextSide side) {
    return side == TextSide.PROMPT;
  }

  @Override
  public String apply(String text) {
    if (text.isEmpty()) {
      return text;
    }
    String result = text;
    if (isBracket(text.charAt(0))) {
      Matcher start = AT_START.matcher(result);
      result = start.find() ? result.substring(start.end()) : result;
    }
    while (!result.isEmpty() && isBracket(result.charAt(result.length() - 1))) {
      Matcher end = AT_END.matcher(result);
      end.region(Math.max(0, result.length() - LONGEST), result.length());
      if (!end.find()) {
        break;
      }
      result = result.substring(0, end.start());
    }
    return result.isBlank() ? text : result;
  }

  private static boolean isBracket(char c) {
    return "[({])}".indexOf(c) >= 0;
  }
}
