package storyloom.model.text;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A search and replace that costs next to nothing where there is nothing to replace.
 *
 * <p>Patterns must match in linear time and constant stack whatever the text, because a corpus may
 * hold lines of many megabytes: loops only over single characters, bounded where they may have to
 * go back. A pattern without triggers had better begin with a rare character and look behind
 * afterwards.
 *
 * @param triggers texts of which one stands in every match; none to always search
 * @param pattern what to look for
 * @param replacement as in {@link java.util.regex.Matcher#replaceAll(String)}
 */
record Rewrite(List<String> triggers, Pattern pattern, String replacement) {

  static Rewrite of(String regex, String replacement, String... triggers) {
    return new Rewrite(List.of(triggers), Pattern.compile(regex), replacement);
  }

  String apply(String text) {
    return triggers.isEmpty() || triggers.stream().anyMatch(text::contains)
        ? pattern.matcher(text).replaceAll(replacement)
        : text;
  }

  static String applyAll(List<Rewrite> rewrites, String text) {
    String result = text;
    for (Rewrite rewrite : rewrites) {
      result = rewrite.apply(result);
    }
    return result;
  }
}
