package storyloom.model.text.clean;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds where a bare web address ends. Brackets in it are balanced, so that one that was open
 * before stays, as do the marks of the sentence around it. Where splitting text into tokens put
 * spaces into an address ({@code http: //a.org/watch? v=1}), its parts belong to it.
 */
final class WebAddress {

  private static final Pattern QUERY = Pattern.compile(" [a-zA-Z_]{1,12}=");
  private static final Pattern FRAGMENT = Pattern.compile(" # [\\w-]{1,40}");

  private WebAddress() {}

  /**
   * The text without its addresses. One that is a sentence by itself takes its full stop along.
   *
   * @param start how an address begins
   */
  static String remove(String text, Pattern start) {
    StringBuilder result = null;
    int copied = 0;
    Matcher matcher = start.matcher(text);
    for (int from = 0; from <= text.length() && matcher.find(from); ) {
      int end = end(text, matcher.end(), matcher.group().contains(" "));
      from = Math.max(end, matcher.end());
      if (end > matcher.end()) {
        result = result == null ? new StringBuilder(text.length()) : result;
        result.append(text, copied, matcher.start());
        from = isSentence(text, matcher.start(), end) ? end + 1 : end;
        copied = from;
      }
    }
    return result == null ? text : result.append(text, copied, text.length()).toString();
  }

  /** Where the address ends that goes on at a place. */
  private static int end(String text, int from, boolean split) {
    int depth = 0;
    int last = from;
    int beforeBracket = from;
    Matcher query = QUERY.matcher(text);
    Matcher fragment = FRAGMENT.matcher(text);
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ' ' && text.charAt(i - 1) == '?' && isNext(query, i)) {
        i = query.end() - 1;
        last = i + 1;
      } else if (c == ' ' && split && isNext(fragment, i)) {
        return fragment.end();
      } else if (c <= ' ' || "<>\"[]".indexOf(c) >= 0 || (c == ')' && depth == 0)) {
        break;
      } else if (c == '(') {
        beforeBracket = depth == 0 ? last : beforeBracket;
        depth++;
      } else if (c == ')') {
        depth--;
        last = i + 1;
      } else if (Character.isLetterOrDigit(c) || "/=_&%#~+-".indexOf(c) >= 0) {
        last = i + 1;
      }
    }
    return depth > 0 ? beforeBracket : last;
  }

  private static boolean isNext(Matcher matcher, int at) {
    return matcher.region(at, matcher.regionEnd()).lookingAt();
  }

  /** Whether between these a sentence before has ended, and a full stop follows. */
  private static boolean isSentence(String text, int start, int end) {
    int before = start - 1;
    while (before >= 0 && text.charAt(before) == ' ') {
      before--;
    }
    boolean starts = before < 0 || ".!?\n".indexOf(text.charAt(before)) >= 0;
    return starts
        && end < text.length()
        && text.charAt(end) == '.'
        && (end + 1 == text.length() || text.charAt(end + 1) <= ' ');
  }
}
