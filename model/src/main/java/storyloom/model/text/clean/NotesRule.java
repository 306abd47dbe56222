package storyloom.model.text.clean;

import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes away in what an author speaks of the post rather than tells the story: notes, disclaimers,
 * thanks for reading, apologies for the formatting. They are short lines at the start or the end of
 * a story, and the last sentences of a longer line at its end. A line that begins with a quote is
 * speech, and a story that is one line stays as it is.
 */
final class NotesRule implements CleaningRule {

  /** Longest line that goes as a whole, at the start and at the end. Unit: characters. */
  private static final int LONGEST_FIRST = 200;

  private static final int LONGEST_LAST = 120;

  /** Longest line that goes as a whole because it says what it is. Unit: characters. */
  private static final int LONGEST_LABELLED = 350;

  /** How far back from the end of a story sentences are looked at. Unit: characters. */
  private static final int LAST_SENTENCES = 600;

  private static final String ABOUT_FORM =
      "[^.!?]{0,40}\\b(?:wall of text|format(?:ting)?|length|so long|lengthy|spelling|grammar"
          + "|english|typos?|mistakes|mobile|poorly written)";

  private static final String OPINION =
      "(?:feedback|critici[sz]m|critiques?|advice|comments?|suggestions?)";

  private static final Pattern LABEL =
      Pattern.compile(
          "[\\[(*~-]{0,2}\\s?(?:a/n|(?:author'?s?'? |quick |side |important )?note|notes"
              + "|note from the author|disclaimer|(?:trigger|content) warning)\\b\\s?[:)\\]-]");

  /** What tells nothing as a line of its own: a greeting, a question to the forum, a lost link. */
  private static final Pattern WHOLE =
      Pattern.compile(
          "(?:(?:hey|hi|hello)(?: there)?,? (?:all|everyone|everybody|guys|folks|y'all)"
              + "|(?:any )?thoughts\\?"
              + "|(?:(?:so|but|anyway),? )?(?:(?:has|have|had|does|do|did|is|are|was) )?"
              + "(?:any(?:one|body) else|any of you(?: guys)?)\\b[^.!?]{0,100}\\?"
              + "|from|(?:here(?:'s| is) (?:the|a) )?(?:link|source|pics?|pictures?|photos?|video)(?: here)?)"
              + "[,.:! -]{0,3}");

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
          phrase("reddit", "sub[- ]?reddits?|redditors?|(?:this|thanks|dear|hey|hi|well),? reddit"),
          phrase("this sub", "this sub"),
          phrase("original post", "original post"),
          phrase("upvote", "upvotes?"),
          phrase(
              "post",
              "(?:cross|x)-?post(?:ed|ing)?|post(?:ed|ing)? (?:this|it) (?:here|on|in|from)"
                  + "|i(?:'ll| will| can|'ve| have)? (?:just |also |already |never )?(?:re)?post(?:ed)?"
                  + " (?:this|about|here|part|more|another|the (?:rest|story))"),
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
    for (int lineEnd = text.indexOf('\n');
        lineEnd >= 0 && isNote(text, start, lineEnd, LONGEST_FIRST);
        lineEnd = text.indexOf('\n', start)) {
      start = lineEnd + 1;
    }
    int end = text.length();
    int lineStart = text.lastIndexOf('\n');
    for (;
        lineStart >= start && isNote(text, lineStart + 1, end, LONGEST_LAST);
        lineStart = text.lastIndexOf('\n', end - 1)) {
      end = lineStart;
    }
    return text.substring(start, lineStart < start ? end : endOfStory(text, lineStart + 1, end));
  }

  private static boolean isNote(String text, int start, int end, int longest) {
    int length = end - start;
    if (length > LONGEST_LABELLED || length == 0 || text.charAt(start) == '"') {
      return false;
    }
    String line = text.substring(start, end).toLowerCase(Locale.ROOT);
    return LABEL.matcher(line).lookingAt()
        || (length <= longest && firstPhrase(line).isPresent())
        || WHOLE.matcher(line).matches();
  }

  /** Where the last line, which is too long to be a note as a whole, comes to speak of the post. */
  private static int endOfStory(String text, int lineStart, int end) {
    int from = Math.max(lineStart, end - LAST_SENTENCES);
    String line = text.substring(from, end).toLowerCase(Locale.ROOT);
    if (line.isEmpty() || line.length() != end - from || text.charAt(lineStart) == '"') {
      return end;
    }
    int phrase = firstPhrase(line).orElse(0);
    int sentence = -1;
    for (int i = 1; i < phrase; i++) {
      if (line.charAt(i) == ' ' && ".!?)".indexOf(line.charAt(i - 1)) >= 0) {
        sentence = i;
      }
    }
    return sentence < 0 ? end : from + sentence;
  }

  /** Where the first phrase about the post stands. */
  private static OptionalInt firstPhrase(String lowerCase) {
    return PHRASES.entrySet().stream()
        .filter(each -> lowerCase.contains(each.getKey()))
        .map(each -> each.getValue().matcher(lowerCase))
        .filter(Matcher::find)
        .mapToInt(Matcher::start)
        .min();
  }

  private static Map.Entry<String, Pattern> phrase(String trigger, String regex) {
    return Map.entry(trigger, Pattern.compile("(?<!\\w)(?:" + regex + ")\\b"));
  }
}
