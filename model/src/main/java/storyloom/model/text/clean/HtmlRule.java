package storyloom.model.text.clean;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.parser.Parser;
import org.jsoup.parser.Tag;

/**
 * Takes HTML out of text: entities become the characters they stand for, tags and comments vanish,
 * and tags that begin a line on a page become a line break. Only names that HTML knows count as
 * tags, and only with attributes, a slash or nothing behind them; a tag of emphasis and its like
 * must also end somewhere. {@code <3}, {@code a<b>c}, {@code <end>} and {@code <I can hear you,>}
 * are text.
 */
final class HtmlRule implements CleaningRule {

  private static final Rewrite REPEATED_ESCAPE = Rewrite.of("&(?:amp;)++", "&", "&amp;");
  private static final Rewrite COMMENT = Rewrite.of("<!--[^<>]*+(?<=--)>", "", "<!--");
  private static final Pattern ENTITY =
      Pattern.compile("&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});");

  /** A name and what looks like attributes; nothing else may stand in a tag. */
  private static final Pattern TAG =
      Pattern.compile(
          "<(/?)([A-Za-z][A-Za-z0-9]{0,15})"
              + "((?:\\s++(?:[A-Za-z_:@][A-Za-z0-9_:.-]{0,60}+\\s?=\\s?"
              + "(?:\"[^\"<>]{0,2000}+\"|'[^'<>]{0,2000}+'|[^\\s\"'<>=]{1,2000}+)"
              + "|(?i:checked|disabled|selected|hidden|nowrap|controls|autoplay|loop|muted|async|defer)))"
              + "{0,30}+)\\s*+(/?)>");

  /** Tags that stand by themselves; what they begin is seldom ended. */
  private static final Set<String> ALONE =
      Set.of("br", "p", "hr", "li", "wbr", "img", "tr", "td", "th", "dt", "dd");

  @Override
  public String name() {
    return "html";
  }

  @Override
  public String apply(String text) {
    String result = text;
    if (result.indexOf('&') >= 0) {
      result = REPEATED_ESCAPE.apply(result);
      result = ENTITY.matcher(result).replaceAll(HtmlRule::character);
    }
    if (result.indexOf('<') >= 0) {
      result = COMMENT.apply(result);
      Predicate<String> ended = ended(result);
      result = TAG.matcher(result).replaceAll(tag -> layout(tag, ended));
    }
    return result;
  }

  /** Whether a tag of that name ends somewhere in the text. */
  private static Predicate<String> ended(String text) {
    Map<String, Boolean> known = new HashMap<>();
    return name ->
        known.computeIfAbsent(
            name, any -> Pattern.compile("(?i)</" + any + "\\s?>").matcher(text).find());
  }

  private static String character(MatchResult entity) {
    return Matcher.quoteReplacement(Parser.unescapeEntities(entity.group(), true));
  }

  private static String layout(MatchResult match, Predicate<String> ended) {
    String name = match.group(2).toLowerCase(Locale.ROOT);
    boolean bare = (match.group(1) + match.group(3) + match.group(4)).isEmpty();
    if (!Tag.isKnownTag(name) || (bare && !ALONE.contains(name) && !ended.test(name))) {
      return Matcher.quoteReplacement(match.group());
    }
    return name.equals("br") || Tag.valueOf(name).isBlock() ? "\n" : "";
  }
}
