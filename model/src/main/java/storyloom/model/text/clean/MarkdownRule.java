package storyloom.model.text.clean;

import java.util.List;
import storyloom.model.text.clean.Rewrite.Place;

/**
 * Takes markdown's marks away and leaves the words: emphasis, strike-through, code, headings,
 * quoted lines, bullets, rules and backslash escapes. Stars inside a word ({@code f*ck}) and
 * between spaces ({@code 5 * 3}) are no markdown.
 */
final class MarkdownRule implements CleaningRule {

  private static final List<Rewrite> REWRITES =
      List.of(
          Rewrite.of("\\\\(?=[\\\\`*_{}\\[\\]()#+.!>~|^\"'-])", "", "\\"),
          Rewrite.of(Place.AT_LINE, "(?m)[ \\t]*+```\\w{0,20}+$", "", "```"),
          Rewrite.of("```", "", "```"),
          // A rule is a line of nothing else; the line breaks beside it stay.
          Rewrite.of(Place.AT_LINE, "(?m)(?:[*_=~#+/|\\- \\t]++|\\.)$", ""),
          Rewrite.of(Place.AT_LINE, "[ \\t]*+(?:#{1,6} ++|#{2,6}+(?=\\S))", "", "#"),
          Rewrite.of("(?m)#{2,6}+$", "", "##"),
          Rewrite.of("\\^++(?=[\\p{L}(®™])", "", "^"),
          Rewrite.of(Place.AT_LINE, "[ \\t]*+>[> \\t]*+(?![:;=])", "", ">"),
          Rewrite.of(Place.AT_LINE, "[ \\t]*+[*+•●▪◦] ++", "", "* ", "+ ", "• ", "● ", "▪ ", "◦ "),
          Rewrite.of("(?<!`)`([^`\\n]{1,500}+)`(?!`)", "$1", "`"),
          Rewrite.of("~~([^~\\n]{1,2000}+)~~", "$1", "~~"),
          emphasis("*", "\\*"),
          emphasis("_", "_"),
          // Emphasis of a part of a word.
          Rewrite.of("\\*{1,3}([\\p{L}\\p{N}]{2,40}+)\\*{1,3}(?![\\p{L}\\p{N}*])", "$1", "*"),
          Rewrite.of("(?<![\\p{L}\\p{N}*])\\*{1,3}([\\p{L}\\p{N}]{2,40}+)\\*{1,3}", "$1", "*"),
          Rewrite.of("(?<!\\S)\\*{2,3}(?!\\S)", "", "**"),
          // Emphasis that spans paragraphs leaves its marks behind, one by one.
          Rewrite.of("(?<![\\p{L}\\p{N}*])\\*++(?=[^\\s*])", "", "*"),
          Rewrite.of("(?<=[^\\s*\\p{L}\\p{N}])\\*++(?![\\p{L}\\p{N}])", "", "*"),
          Rewrite.of("(?<=[\\p{L}\\p{N}])\\*{1,2}+(?=[\\s.,!?;:\"')]|$)", "", "*"));

  private static Rewrite emphasis(String mark, String quoted) {
    String inside = "[^\\s" + quoted + "]";
    String outside = "[\\p{L}\\p{N}" + quoted + "]";
    return Rewrite.of(
        ("(?<!" + outside + ")" + quoted + "{1,3}(?=" + inside + ")")
            + ("([^" + quoted + "\\n]{1,2000}+)")
            + ("(?<=" + inside + ")" + quoted + "{1,3}(?!" + outside + ")"),
        "$1",
        mark);
  }

  @Override
  public String name() {
    return "markdown";
  }

  @Override
  public String apply(String text) {
    return Rewrite.applyAll(REWRITES, text);
  }
}
