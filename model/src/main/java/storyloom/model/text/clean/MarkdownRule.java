package storyloom.model.text.clean;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import storyloom.model.text.clean.Rewrite.Place;

/**
 * Takes markdown's marks away and leaves the words: emphasis, strike-through, code, headings,
 * quoted lines, bullets, rules and backslash escapes. Stars inside a word ({@code f*ck}) and
 * between spaces ({@code 5 * 3}) are no markdown.
 */
final class MarkdownRule implements CleaningRule {

  /** A line of a drawing: marks only, and not all of them those of a rule. */
  private static final Rewrite DRAWING =
      Rewrite.of(
          Place.AT_LINE,
          "(?=[^\n]{0,200}[\\\\/|_^<>~])(?=[^\n]{0,200}[\\\\/|()<>^])[ !#-/:-@\\[-`{-~]{4,200}+(?=\n|$)",
          "");

  private static final List<Rewrite> REWRITES =
      List.of(
          Rewrite.of("(?<!¯)\\\\(?=[\\\\`*_{}\\[\\]()#+.!>~|^\"'-])", "", "\\"),
          Rewrite.of(Place.AT_LINE, "(?m)[ \\t]*+```\\w{0,20}+$", "", "```"),
          Rewrite.of("```", "", "```"),
          // A rule is a line of nothing else; the line breaks beside it stay.
          Rewrite.of(Place.AT_LINE, "(?m)(?:[*_=~#+/|\\- \\t]++|\\.)$", ""),
          Rewrite.of(Place.AT_LINE, "[ \\t]*+(?:#{1,6} ++|#{2,6}+(?=\\S))", "", "#"),
          Rewrite.of("(?m)#{2,6}+$", "", "##"),
          Rewrite.of("\\^++(?=[\\p{L}(®™])", "", "^"),
          Rewrite.of(Place.AT_LINE, "[ \\t]*+>(?![:;=_.<]\\S)[> \\t]*+(?![:;=])", "", ">"),
          Rewrite.of(Place.AT_LINE, "[ \\t]*+[*+•●▪◦] ++", "", "* ", "+ ", "• ", "● ", "▪ ", "◦ "),
          Rewrite.of("(?<!`)`([^`\\n]{1,500}+)`(?!`)", "$1", "`"),
          Rewrite.of("~~([^~\\n]{1,2000}+)~~", "$1", "~~"),
          emphasis("*", "\\*"),
          emphasis("_", "_"),
          // Emphasis of a part of a word.
          Rewrite.of("\\*{1,3}([\\p{L}\\p{N}]{2,40}+)\\*{1,3}(?![\\p{L}\\p{N}*])", "$1", "*"),
          Rewrite.of("(?<![\\p{L}\\p{N}*])\\*{1,3}([\\p{L}\\p{N}]{2,40}+)\\*{1,3}", "$1", "*"),
          Rewrite.of("(?<!\\S)\\*{2,3}(?!\\S)", "", "**"));

  /** Stars that emphasis of several lines, or split into tokens, leaves at its ends. */
  private static final Pattern ENDS =
      Pattern.compile(
          "(?<![\\p{L}\\p{N}*])(?<opens>\\*{1,3})(?=[^\\s*.,!?;:)])"
              + "|(?<=[^\\s*$@#&%(\\[{])(?<closes>\\*{1,3})(?![\\p{L}\\p{N}*$@#&%(\\[{])"
              + "|(?<=\\S )(?<apart>\\*{1,3})(?= ?(?:$|[\n.,!?'\"])|(?<=[.!?,\"'-] \\*{1,3}) )");

  /** What is left of such emphasis where its end cannot be told. */
  private static final Rewrite LONELY =
      Rewrite.of(Place.AT_LINE, "\\*{1,3}(?=[\"']|\\p{Lu}\\p{Ll}|I )", "");

  /** Emphasis of words: two faces and their eyes are none. */
  private static Rewrite emphasis(String mark, String quoted) {
    String inside = "[^\\s<>;" + quoted + "]";
    return Rewrite.of(
        ("(?<![\\p{L}\\p{N}<>^;\\\\¯" + quoted + "])" + quoted + "{1,3}(?=" + inside + ")")
            + ("(?=[^" + quoted + "\\n]{0,200}[\\p{L}\\p{N}])([^" + quoted + "\\n]{1,2000}+)")
            + ("(?<=[^\\s" + quoted + "])" + quoted + "{1,3}(?![\\p{L}\\p{N}$@#&%" + quoted + "])"),
        "$1",
        mark);
  }

  @Override
  public String name() {
    return "markdown";
  }

  @Override
  public String apply(String text) {
    String result = text.indexOf('\n') < 0 ? text : DRAWING.apply(text);
    return LONELY.apply(withoutEnds(Rewrite.applyAll(REWRITES, result)));
  }

  /** Takes away each mark that closes what one of the same length has opened, and both. */
  private static String withoutEnds(String text) {
    if (text.indexOf('*') < 0) {
      return text;
    }
    Deque<MatchResult> open = new ArrayDeque<>();
    TreeMap<Integer, Integer> cuts = new TreeMap<>();
    Matcher matcher = ENDS.matcher(text);
    while (matcher.find()) {
      MatchResult mark = matcher.toMatchResult();
      if (matcher.group("opens") != null) {
        open.push(mark);
      } else if (!open.isEmpty() && open.peek().group().equals(mark.group())) {
        MatchResult opening = open.pop();
        cuts.put(opening.start(), opening.end());
        cuts.put(mark.start(), mark.end());
      }
    }
    StringBuilder result = new StringBuilder(text.length());
    int copied = 0;
    for (Map.Entry<Integer, Integer> cut : cuts.entrySet()) {
      result.append(text, copied, cut.getKey());
      copied = cut.getValue();
    }
    return cuts.isEmpty() ? text : result.append(text, copied, text.length()).toString();
  }
}
