package storyloom.model.text.clean;

import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.parser.Parser;
import org.jsoup.parser.Tag;

/**
 * Takes HTML out of text: entities become the characters they stand for, tags and comments vanish,
 * and tags that begin a line on a page become a line break. Only names that HTML knows count as
 * tags; {@code <3}, {@code a < b} and {@code <end>} are text.
 */
final class HtmlRule implements CleaningRule {

  private static final Rewrite REPEATED_ESCAPE = Rewrite.of("&(?:amp;)++", "&", "&amp;");
  private static final Rewrite COMMENT = Rewrite.of("<!--[^<>]*+(?<=--)>", "", "<!--");
  private static final Pattern ENTITY =
      Pattern.compile("&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});");
  private static final Pattern TAG =
      Pattern.compile("</?([A-Za-z][A-Za-z0-9]{0,15})(?:[\\s/][^<>]*+)?>");

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
      result = TAG.matcher(result).replaceAll(HtmlRule::layout);
    }
    return result;
  }

  private static String character(MatchResult entity) {
    return Matcher.quoteReplacement(Parser.unescapeEntities(entity.group(), true));
  }

  private static String layout(MatchResult match) {
    String name = match.group(1).toLowerCase(Locale.ROOT);
    if (!Tag.isKnownTag(name)) {
      return Matcher.quoteReplacement(match.group());
    }
    return name.equals("br") || Tag.valueOf(name).isBlock() ? "\n" : "";
  }
}
