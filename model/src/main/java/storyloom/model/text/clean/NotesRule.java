package storyloom.model.text.clean;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Takes away in what an author speaks of the post rather than tells the story: notes, thanks for
 * reading, apologies for the formatting. They are short lines at the start or the end of a story,
 * and the last sentences of a longer line at its end.
 *
 * <p>Such lines must give themselves away by what only a post has ({@link #SIGNS}), once. What a
 * story may say as well ({@link #HINTS}), such as a greeting or {@code Note:}, goes along with it,
 * or where two different ones stand together; one alone is the story's. So is speech, and a story
 * that is one line stays as it is.
 */
final class NotesRule implements CleaningRule {

  /** Longest line that goes as a whole, at the start and at the end. Unit: characters. */
  private static final int LONGEST_FIRST = 200;

  private static final int LONGEST_LAST = 120;

  /** Longest line that goes as a whole because it says what it is. Unit: characters. */
  private static final int LONGEST_LABELLED = 350;

  /** Longest line that goes as a whole because it stands in brackets. Unit: characters. */
  private static final int LONGEST_ASIDE = 600;

  /** How far back from the end of a story sentences are looked at. Unit: characters. */
  private static final int LAST_SENTENCES = 600;

  /** The bit of what gives a note away; the bits below are those of hints. */
  private static final int SIGN = 1 << 30;

  /** The bit of a line in brackets, which makes a hint certain. */
  private static final int ASIDE = 1 << 29;

  /** The bits of hints that are a label or a whole line, and so no part of a sentence. */
  private static final int WHOLE_LINES = (1 << 6) - 1;

  private static final String FORM =
      "(?:(?:the |my |any |bad |poor |terrible |horrible |weird |crappy |shitty |all |errors in |huge |giant |massive |big |long |and |or ){0,5}"
          + "(?:wall of text|format(?:ting)?|spelling|grammar|grammatical|typos?|long post|text wall)\\b"
          + "|(?:the |such a )?(?:length|long story|long read)(?=[ :;)]{0,3}(?:[.!,(]|$)))";

  private static final String CRITICISM = "(?:feedback|critici[sz]m|critiques?)";

  private static final String WELCOME =
      "(?:,? (?:is|are|would be|will be|always|greatly|very|much|highly|most|more than|also|so|of any kind"
          + "|(?:and|or|&) [a-z]{3,12})){0,6} (?:welcomed?|appreciated)";

  private static final String WANTED =
      "(?:welcome|appreciate|love|like|want) (?:any|all|some|your|more|honest)[a-z ,]{0,25} ";

  private static final Pattern LABEL =
      Pattern.compile(
          "[\\[(*~^-]{0,3}\\s?(?:a/n|(?:author|writer)'?s?'? ?note|note from the author"
              + "|(?:trigger|content) warning)\\b\\s?[:)\\]-]");

  /** What only an author says of a post. */
  private static final List<Phrase> SIGNS =
      List.of(
          phrase(
              "thank",
              "thank(?:s| you)(?: (?:so|very) much| a (?:lot|bunch|ton)|,? (?:all|everyone|guys|again|in advanced?)){0,3}"
                  + " for (?:reading(?: (?:this|it|that|all|my|through|my story|everyone|guys|so far|if)){0,3}"
                  + "(?=[ :;,-]{0,3}(?:[.!)]|$|and |i (?:hope|know)|hope|[:;]|all\\b|every(?:one|body)|guys|folks"
                  + "|please|feel free|let me|sorry))|(?:the|all the|your) upvotes)"),
          phrase(
              "first",
              "first[- ]time post(?:er|ing)|(?:my |a )?first (?:ever )?(?:reddit )?(?:post|submission)(?: ever)?"
                  + " (?:here|ever|(?:on|in|to) (?:here|this|reddit|/?r/))"
                  + "|(?:this is|it's|this) my (?:very )?first (?:ever |real |actual )?(?:post|submission)"
                  + "(?=[.!,:)]|$| so | and | ever)|^first (?:submission|time (?:posting|submitting))"),
          phrase(
              "lurker", "(?:long[ -]?time lurker|(?:been a|as a) lurker (?:here|on|of this|for))"),
          phrase("long", "long[ -]?time reader(?: [a-z() ]{0,20})?,? first"),
          phrase("acc", "throw ?away acc(?:oun)?t"),
          phrase("sorry", "sorry (?:again )?(?:for|about|if) " + FORM),
          phrase("apolog", "apolog(?:i[sz]e|i[sz]es|ies) (?:for|about) " + FORM),
          phrase("excuse", "excuse " + FORM),
          phrase("forgive", "forgive " + FORM),
          phrase(
              "reddit",
              "(?:this|my|your|right|best|wrong|appropriate|better|perfect|the|server)(?: [a-z]{2,12}){0,2} sub[- ]?reddits?"
                  + "|sub-?reddits? i|fellow redditors|redditors"
                  + "|(?:this|thanks|thank you|dear|hey|hi|hello|well|so|ok(?:ay)?|alright),? reddit"),
          phrase(
              "this sub",
              "(?:post(?:ed|ing|s)?|lurk(?:ed|ing)?|submi\\w{2,6}|subscribed|reading|browsing|discovered|found"
                  + "|stories|(?:new|for) (?:to|on))[a-z ,']{0,25} this sub"
                  + "(?=[.!,:;)]|$| (?:and|so|for|that|today|yesterday|recently|a few|last|two)\\b)"),
          phrase("sub existed", "this sub existed"),
          phrase("original post", "(?:link to|update to|read|see) (?:the|my) original post"),
          phrase(
              "upvote",
              "(?:thanks?|for|all|your|send|get)[a-z ]{0,20} upvotes?|upvote (?:this|me|if)"),
          phrase("post", "(?:cross|x)-?post(?:ed|ing)?"),
          phrase(
              "posted",
              "(?:re)?posted (?:this|it) (?:[a-z]{2,12} ){0,2}(?:to|on|in|from) (?:/?r/|reddit)"),
          phrase("welcome", CRITICISM + WELCOME),
          phrase("appreciated", CRITICISM + WELCOME),
          phrase("feedback", WANTED + "feedback"),
          phrase("criti", WANTED + "(?:critici[sz]m|critiques?)"),
          phrase(
              "constructive",
              "(?:any|give me|looking for|open to|appreciate|love|like)(?: [a-z]{1,10}){0,2} constructive"),
          phrase("critique", "(?:free to|please) critique(?: this| it| the| my|[ .!,)]|$)"),
          phrase(
              "place to post", "(?:right|best|correct) place to post(?= this| it| my|[.!,?)]|$)"),
          phrase(
              "else",
              "(?:has|have) any(?:one|body) else (?:here )?(?:ever )?(?:seen|had|experienced|heard of|felt"
                  + "|dealt with|encountered|noticed|been through) (?:(?:something|anything|stuff|things)"
                  + " (?:like (?:this|that|it)|similar)|similar|a similar)"),
          phrase(
              "experienced",
              "any(?:one|body) else (?:ever )?experienced (?:this|(?:any|some)thing like this)"),
          phrase("/", "(?<!\\S)[(]?/?[ru]/[a-z]\\w{2,20}"));

  /** What an author may say of a post and a story as well; whole lines, then phrases. */
  private static final List<Phrase> HINTS =
      List.of(
          line("(?:hey|hi|hello)(?: there)?,? (?:all|everyone|everybody|guys|folks|y'all)"),
          line("(?:any )?thoughts\\?"),
          line(
              "from|(?:here(?:'s| is) (?:the|a) )?(?:link|source|pics?|pictures?|photos?|video)(?: here)?"),
          line("\\(?disclaimer\\)?"),
          phrase("note", "^[\\[(*~^-]{0,3}\\s?(?:(?:quick |side |important )?notes?) ?[:-]"),
          phrase("disclaimer", "^[\\[(*~^-]{0,3}\\s?disclaimer ?[:-]"),
          phrase("my first", "my first (?:short )?(?:story|attempt|time (?:writing|doing))"),
          phrase(
              "english", "my (?:bad |poor |broken |terrible )?english|english (?:is not|isn't) my"),
          phrase("so", "so (?:long|lengthy)(?=[.!,)]|$)"),
          phrase("mobile", "(?:on|from) (?:my )?(?:mobile|phone)"),
          phrase("wall of text", "wall of text"),
          phrase("post", "(?:re)?post(?:ed|ing)? (?:this|it|part|more|another|the (?:rest|story))"),
          phrase("pasta", "(?:copy|creepy) ?pastas?"),
          phrase("advice", "advice" + WELCOME),
          phrase("comments", "comments?" + WELCOME),
          phrase("suggestions", "suggestions?" + WELCOME),
          phrase(
              "hope",
              "hope (?:you|y'all|everyone)[a-z ]{0,12} (?:enjoy(?:ed|s)?|liked?) (?:it|this|the|reading)"),
          phrase(
              "let me know",
              "let me know (?:what you (?:guys |all )?think|if you (?:want|need|guys|have|liked))"),
          phrase(
              "if you",
              "if you (?:guys )?(?:liked?|want(?:ed)?|enjoyed) (?:this|more|to (?:hear|read) more)"),
          phrase("prompt", "(?:this|great|good|nice|writing|your) prompts?"),
          phrase("constructive", "constructive critici[sz]m"),
          phrase("for the gold", "thank(?:s| you) for the gold"),
          phrase("place for", "(?:right|best) place for this"));

  /**
   * A piece of text that gives a note away.
   *
   * @param trigger what every match holds
   * @param whole whether all of a line must match
   */
  private record Phrase(String trigger, Pattern pattern, boolean whole) {

    boolean isIn(String lowerCase) {
      return lowerCase.contains(trigger)
          && (whole ? pattern.matcher(lowerCase).matches() : pattern.matcher(lowerCase).find());
    }
  }

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
    int before = 0;
    for (int lineEnd = text.indexOf('\n'); lineEnd >= 0; lineEnd = text.indexOf('\n', start)) {
      int evidence = ofLine(text, start, lineEnd, LONGEST_FIRST);
      if (evidence == 0) {
        break;
      }
      before |= evidence;
      start = lineEnd + 1;
    }
    int end = text.length();
    int behind = 0;
    int lineStart = text.lastIndexOf('\n') + 1;
    for (; lineStart > start; lineStart = text.lastIndexOf('\n', end - 1) + 1) {
      int evidence = ofLine(text, lineStart, end, LONGEST_LAST);
      if (evidence == 0) {
        break;
      }
      behind |= evidence;
      end = lineStart - 1;
    }
    boolean certain = isCertain(before) || isCertain(behind);
    if (!certain) {
      start = 0;
      end = text.length();
      lineStart = text.lastIndexOf('\n') + 1;
    }
    return text.substring(start, lineStart == 0 ? end : endOfStory(text, lineStart, end, certain));
  }

  private static boolean isCertain(int evidence) {
    return (evidence & SIGN) != 0 || Integer.bitCount(evidence) > 1;
  }

  /** What speaks for the line's being a note; 0 if nothing does. */
  private static int ofLine(String text, int start, int end, int longest) {
    int length = end - start;
    if (length > LONGEST_ASIDE || length == 0) {
      return 0;
    }
    String raw = text.substring(start, end);
    String line = raw.toLowerCase(Locale.ROOT);
    boolean labelled = LABEL.matcher(line).lookingAt();
    boolean aside = isAside(line);
    int most = aside ? LONGEST_ASIDE : labelled ? LONGEST_LABELLED : longest;
    if (length > most || ReportedSpeech.isIn(raw)) {
      return 0;
    }
    int evidence = labelled ? SIGN : evidence(line);
    boolean says = (evidence & ~WHOLE_LINES) != 0;
    return aside && says ? evidence | ASIDE : evidence;
  }

  private static boolean isAside(String line) {
    char first = line.charAt(line.charAt(0) == '^' ? Math.min(2, line.length() - 1) : 0);
    char last = line.charAt(line.length() - 1);
    return (first == '(' && last == ')') || (first == '[' && last == ']');
  }

  private static int evidence(String lowerCase) {
    if (SIGNS.stream().anyMatch(sign -> sign.isIn(lowerCase))) {
      return SIGN;
    }
    int hints = 0;
    for (int i = 0; i < HINTS.size(); i++) {
      hints |= HINTS.get(i).isIn(lowerCase) ? 1 << i : 0;
    }
    return hints;
  }

  /**
   * Where the last line, which is too long to be a note as a whole, comes to speak of the post: the
   * first sentence that does, if what follows speaks of it for the most part.
   */
  private static int endOfStory(String text, int lineStart, int end, boolean certain) {
    int from = Math.max(lineStart, end - LAST_SENTENCES);
    String tail = text.substring(from, end);
    if (lineStart >= end || text.charAt(lineStart) == '"') {
      return end;
    }
    int result = end;
    int speaking = 0;
    int evidence = certain ? SIGN : 0;
    int sentenceEnd = tail.length();
    for (int i = tail.length() - 1; i > 0; i--) {
      if (tail.charAt(i) != ' ' || ".!?)".indexOf(tail.charAt(i - 1)) < 0) {
        continue;
      }
      String sentence = tail.substring(i + 1, sentenceEnd);
      if (sentence.indexOf('"') >= 0 || ReportedSpeech.isIn(sentence)) {
        break;
      }
      int here = evidence(sentence.toLowerCase(Locale.ROOT)) & ~WHOLE_LINES;
      if (here != 0) {
        evidence |= here;
        speaking += sentenceEnd - i;
        if (isCertain(evidence) && 2 * speaking >= tail.length() - i) {
          result = from + i;
        }
      }
      sentenceEnd = i;
    }
    return result;
  }

  private static Phrase phrase(String trigger, String regex) {
    return new Phrase(trigger, Pattern.compile("(?<!\\w)(?:" + regex + ")(?!\\w)"), false);
  }

  private static Phrase line(String regex) {
    return new Phrase("", Pattern.compile("(?:" + regex + ")[,.:! -]{0,3}"), true);
  }
}
