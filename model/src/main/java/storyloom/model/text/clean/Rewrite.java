package storyloom.model.text.clean;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A search and replace that costs next to nothing where there is nothing to replace: a pattern is
 * only tried where a match can begin.
 *
 * <p>Patterns must match in linear time and constant stack whatever the text, because a corpus may
 * hold lines of many megabytes: loops only over single characters, bounded where they may have to
 * go back.
 *
 * @param triggers texts of which one stands in every match
 * @param place where matches begin
 * @param pattern what to look for
 * @param replacement as in {@link Matcher#replaceAll(String)}, but without escapes
 */
record Rewrite(List<String> triggers, Place place, Pattern pattern, String replacement) {

  /** Where a match can begin. */
  enum Place {
    /** With a trigger. */
    AT_TRIGGER,
    /** At the start of a line; where no trigger is named, of any line. */
    AT_LINE,
    /** Anywhere before or with a trigger. */
    ANYWHERE
  }

  private static final int NOWHERE = Integer.MAX_VALUE;

  /** For a pattern whose matches begin with a trigger. */
  static Rewrite of(String regex, String replacement, String... triggers) {
    return of(Place.AT_TRIGGER, regex, replacement, triggers);
  }

  static Rewrite of(Place place, String regex, String replacement, String... triggers) {
    return new Rewrite(List.of(triggers), place, Pattern.compile(regex), replacement);
  }

  static String applyAll(List<Rewrite> rewrites, String text) {
    String result = text;
    for (Rewrite rewrite : rewrites) {
      result = rewrite.apply(result);
    }
    return result;
  }

  String apply(String text) {
    if (place == Place.AT_TRIGGER) {
      int[] next = new int[triggers.size()];
      Arrays.fill(next, -1);
      return apply(text, next);
    }
    if (!triggers.isEmpty() && triggers.stream().noneMatch(text::contains)) {
      return text;
    }
    return place == Place.ANYWHERE
        ? pattern.matcher(text).replaceAll(replacement)
        : apply(text, null);
  }

  /**
   * @param nextTriggers where each trigger stands next, as far as it is known; null for lines
   */
  private String apply(String text, int[] nextTriggers) {
    int at = nextTriggers == null ? 0 : nextTrigger(text, 0, nextTriggers);
    if (at == NOWHERE) {
      return text;
    }
    // lookarounds and anchors see the text beyond the place where the pattern is tried
    Matcher matcher = pattern.matcher(text).useTransparentBounds(true).useAnchoringBounds(false);
    StringBuilder result = null;
    int copied = 0;
    while (at < text.length()) {
      int from = at + 1;
      if (matcher.region(at, text.length()).lookingAt()) {
        result = result == null ? new StringBuilder(text.length() + 16) : result;
        expand(matcher, result.append(text, copied, at));
        copied = matcher.end();
        from = Math.max(copied, from);
      }
      at = nextTriggers == null ? nextLine(text, from) : nextTrigger(text, from, nextTriggers);
    }
    return result == null ? text : result.append(text, copied, text.length()).toString();
  }

  private int nextTrigger(String text, int from, int[] next) {
    int first = NOWHERE;
    for (int i = 0; i < next.length; i++) {
      if (next[i] < from) {
        int found = text.indexOf(triggers.get(i), from);
        next[i] = found < 0 ? NOWHERE : found;
      }
      first = Math.min(first, next[i]);
    }
    return first;
  }

  private static int nextLine(String text, int from) {
    int lineBreak = text.indexOf('\n', from - 1);
    return lineBreak < 0 ? NOWHERE : lineBreak + 1;
  }

  private void expand(Matcher match, StringBuilder result) {
    for (int i = 0; i < replacement.length(); i++) {
      char c = replacement.charAt(i);
      if (c == '$') {
        i++;
        result.append(match.group(replacement.charAt(i) - '0'));
      } else {
        result.append(c);
      }
    }
  }
}
