package storyloom.model.text.clean;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A phrase by which a line gives itself away as a note about the post.
 *
 * @param trigger what every match holds, in lower case
 * @param pattern found in the line, in lower case
 * @param kind what it is worth
 */
record NotePhrase(String trigger, Pattern pattern, Kind kind) {

  /** What a phrase is worth. */
  enum Kind {
    /** Enough by itself: only a post has it. */
    SIGN,
    /** A story may say it as well. */
    HINT,
    /** A hint that is a line of its own, or begins one: not to be looked for in sentences. */
    LINE_HINT
  }

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

  /** How a line begins that says itself that it is a note. */
  static final NotePhrase LABEL =
      new NotePhrase(
          "",
          Pattern.compile(
              "^"
                  + "[\\[(*~^-]{0,3}\\s?(?:a/n|(?:author|writer)'?s?'? ?note|note from the author"
                  + "|(?:trigger|content) warning)\\b\\s?[:)\\]-]"),
          Kind.SIGN);

  /** That a line stands in brackets, which makes another hint certain. */
  static final NotePhrase BRACKETS = new NotePhrase("", Pattern.compile("^[(\\[]"), Kind.HINT);

  /** What only an author says of a post. */
  private static final List<NotePhrase> SIGNS =
      List.of(
          sign(
              "thank",
              "thank(?:s| you)(?: (?:so|very) much| a (?:lot|bunch|ton)|,? (?:all|everyone|guys|again|in advanced?)){0,3}"
                  + " for (?:reading(?: (?:this|it|that|all|my|through|my story|everyone|guys|so far|if)){0,3}"
                  + "(?=[ :;,-]{0,3}(?:[.!)]|$|and |i (?:hope|know)|hope|[:;]|all\\b|every(?:one|body)|guys|folks"
                  + "|please|feel free|let me|sorry))|(?:the|all the|your) upvotes)"),
          sign(
              "first",
              "first[- ]time post(?:er|ing)|(?:my |a )?first (?:ever )?(?:reddit )?(?:post|submission)(?: ever)?"
                  + " (?:here|ever|(?:on|in|to) (?:here|this|reddit|/?r/))"
                  + "|(?:this is|it's|this) my (?:very )?first (?:ever |real |actual )?(?:post|submission)"
                  + "(?=[.!,:)]|$| so | and | ever)|^first (?:submission|time (?:posting|submitting))"),
          sign("lurker", "(?:long[ -]?time lurker|(?:been a|as a) lurker (?:here|on|of this|for))"),
          sign("long", "long[ -]?time reader(?: [a-z() ]{0,20})?,? first"),
          sign("acc", "throw ?away acc(?:oun)?t"),
          sign("sorry", "sorry (?:again )?(?:for|about|if) " + FORM),
          sign("apolog", "apolog(?:i[sz]e|i[sz]es|ies) (?:for|about) " + FORM),
          sign("excuse", "excuse " + FORM),
          sign("forgive", "forgive " + FORM),
          sign(
              "reddit",
              "(?:this|my|your|right|best|wrong|appropriate|better|perfect|the|server)(?: [a-z]{2,12}){0,2} sub[- ]?reddits?"
                  + "|sub-?reddits? i|fellow redditors|redditors"
                  + "|(?:this|thanks|thank you|dear|hey|hi|hello|well|so|ok(?:ay)?|alright),? reddit"),
          sign(
              "this sub",
              "(?:post(?:ed|ing|s)?|lurk(?:ed|ing)?|submi\\w{2,6}|subscribed|reading|browsing|discovered|found"
                  + "|stories|(?:new|for) (?:to|on))[a-z ,']{0,25} this sub"
                  + "(?=[.!,:;)]|$| (?:and|so|for|that|today|yesterday|recently|a few|last|two)\\b)"),
          sign("sub existed", "this sub existed"),
          sign("original post", "(?:link to|update to|read|see) (?:the|my) original post"),
          sign(
              "upvote",
              "(?:thanks?|for|all|your|send|get)[a-z ]{0,20} upvotes?|upvote (?:this|me|if)"),
          sign("post", "(?:cross|x)-?post(?:ed|ing)?"),
          sign(
              "posted",
              "(?:re)?posted (?:this|it) (?:[a-z]{2,12} ){0,2}(?:to|on|in|from) (?:/?r/|reddit)"),
          sign("welcome", CRITICISM + WELCOME),
          sign("appreciated", CRITICISM + WELCOME),
          sign("feedback", WANTED + "feedback"),
          sign("criti", WANTED + "(?:critici[sz]m|critiques?)"),
          sign(
              "constructive",
              "(?:any|give me|looking for|open to|appreciate|love|like)(?: [a-z]{1,10}){0,2} constructive"),
          sign("critique", "(?:free to|please) critique(?: this| it| the| my|[ .!,)]|$)"),
          sign("place to post", "(?:right|best|correct) place to post(?= this| it| my|[.!,?)]|$)"),
          sign(
              "else",
              "(?:has|have) any(?:one|body) else (?:here )?(?:ever )?(?:seen|had|experienced|heard of|felt"
                  + "|dealt with|encountered|noticed|been through) (?:(?:something|anything|stuff|things)"
                  + " (?:like (?:this|that|it)|similar)|similar|a similar)"),
          sign(
              "experienced",
              "any(?:one|body) else (?:ever )?experienced (?:this|(?:any|some)thing like this)"),
          sign("/", "(?<!\\S)[(]?/?[ru]/[a-z]\\w{2,20}"));

  /** What an author may say of a post and a story as well. */
  private static final List<NotePhrase> HINTS =
      List.of(
          line("(?:hey|hi|hello)(?: there)?,? (?:all|everyone|everybody|guys|folks|y'all)"),
          line("(?:any )?thoughts\\?"),
          line(
              "from|(?:here(?:'s| is) (?:the|a) )?(?:link|source|pics?|pictures?|photos?|video)(?: here)?"),
          line("\\(?disclaimer\\)?"),
          label("note", "[\\[(*~^-]{0,3}\\s?(?:(?:quick |side |important )?notes?) ?[:-]"),
          label("disclaimer", "[\\[(*~^-]{0,3}\\s?disclaimer ?[:-]"),
          hint("my first", "my first (?:short )?(?:story|attempt|time (?:writing|doing))"),
          hint(
              "english", "my (?:bad |poor |broken |terrible )?english|english (?:is not|isn't) my"),
          hint("so", "so (?:long|lengthy)(?=[.!,)]|$)"),
          hint("mobile", "(?:on|from) (?:my )?(?:mobile|phone)"),
          hint("wall of text", "wall of text"),
          hint("post", "(?:re)?post(?:ed|ing)? (?:this|it|part|more|another|the (?:rest|story))"),
          hint("pasta", "(?:copy|creepy) ?pastas?"),
          hint("advice", "advice" + WELCOME),
          hint("comments", "comments?" + WELCOME),
          hint("suggestions", "suggestions?" + WELCOME),
          hint(
              "hope",
              "hope (?:you|y'all|everyone)[a-z ]{0,12} (?:enjoy(?:ed|s)?|liked?) (?:it|this|the|reading)"),
          hint(
              "let me know",
              "let me know (?:what you (?:guys |all )?think|if you (?:want|need|guys|have|liked))"),
          hint(
              "if you",
              "if you (?:guys )?(?:liked?|want(?:ed)?|enjoyed) (?:this|more|to (?:hear|read) more)"),
          hint("prompt", "(?:this|great|good|nice|writing|your) prompts?"),
          hint("constructive", "constructive critici[sz]m"),
          hint("for the gold", "thank(?:s| you) for the gold"),
          hint("place for", "(?:right|best) place for this"));

  private static NotePhrase sign(String trigger, String regex) {
    return words(trigger, regex, Kind.SIGN);
  }

  private static NotePhrase hint(String trigger, String regex) {
    return words(trigger, regex, Kind.HINT);
  }

  /** A hint that begins a line. */
  private static NotePhrase label(String trigger, String regex) {
    return words(trigger, "^" + regex, Kind.LINE_HINT);
  }

  private static NotePhrase words(String trigger, String regex, Kind kind) {
    return new NotePhrase(trigger, Pattern.compile("(?<!\\w)(?:" + regex + ")(?!\\w)"), kind);
  }

  /** A hint that is a whole line. */
  private static NotePhrase line(String regex) {
    Pattern whole = Pattern.compile("^(?:" + regex + ")[,.:! -]{0,3}\\z");
    return new NotePhrase("", whole, Kind.LINE_HINT);
  }

  /** What in a line or a sentence speaks for its being a note: one sign, or else all hints. */
  static Set<NotePhrase> in(String lowerCase) {
    for (NotePhrase sign : SIGNS) {
      if (sign.isIn(lowerCase)) {
        return Set.of(sign);
      }
    }
    Set<NotePhrase> hints = new HashSet<>();
    for (NotePhrase hint : HINTS) {
      if (hint.isIn(lowerCase)) {
        hints.add(hint);
      }
    }
    return hints;
  }

  /** Whether these together are enough: a sign, or two different hints. */
  static boolean areCertain(Set<NotePhrase> phrases) {
    return phrases.size() > 1 || phrases.stream().anyMatch(each -> each.kind == Kind.SIGN);
  }

  boolean isIn(String lowerCase) {
    return lowerCase.contains(trigger) && pattern.matcher(lowerCase).find();
  }
}
