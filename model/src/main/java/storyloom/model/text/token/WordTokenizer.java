package storyloom.model.text.token;

import com.ibm.icu.text.BreakIterator;
import com.ibm.icu.util.ULocale;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Tokens are words and punctuation marks, split at Unicode's word boundaries (UAX #29; dictionaries
 * for Chinese, Japanese, Thai and the like). Contractions, numbers and emoji stay whole; an
 * ellipsis and a double hyphen are one token each.
 *
 * <p>Spaces are no tokens; where they go against expectation, a marker says so ({@link Spacing}).
 */
final class WordTokenizer implements Tokenizer {

  private static final BreakIterator WORDS = BreakIterator.getWordInstance(ULocale.ROOT);

  private final boolean lowercase;

  WordTokenizer(boolean lowercase) {
    this.lowercase = lowercase;
  }

  @Override
  public List<String> tokenize(String cleaned) {
    List<String> tokens = new ArrayList<>(cleaned.length() / 4 + 4);
    Spacing spacing = new Spacing();
    BreakIterator words = (BreakIterator) WORDS.clone(); // iterators hold a position
    words.setText(cleaned);
    int boundary = words.first();
    boolean gap = false;
    for (int start = 0; start < cleaned.length(); ) {
      int first = cleaned.codePointAt(start);
      if (isGap(first)) {
        gap = true;
        start += Character.charCount(first);
        continue;
      }
      while (boundary <= start) {
        boundary = words.next(); // following(start) would search anew
      }
      int end = first == '.' || first == '-' ? endOfRun(cleaned, start) : boundary;
      String token = first == '\n' ? NEWLINE : fold(cleaned.substring(start, end));
      if (first != '\n' && gap != spacing.expectsSpace(token)) {
        tokens.add(gap ? Spacing.SPACE : Spacing.JOIN);
      }
      tokens.add(token);
      spacing.accept(token, gap);
      gap = false;
      start = end;
    }
    return tokens;
  }

  private String fold(String word) {
    // its own lower case is two characters, an i and a second dot
    return lowercase ? word.replace('İ', 'i').toLowerCase(Locale.ROOT) : word;
  }

  private static int endOfRun(String text, int start) {
    int most = text.charAt(start) == '.' ? 3 : 2;
    int end = start + 1;
    while (end < text.length() && end - start < most && text.charAt(end) == text.charAt(start)) {
      end++;
    }
    return end;
  }

  static boolean isGap(int c) {
    return (Character.isWhitespace(c) && c != '\n')
        || Character.isSpaceChar(c)
        || (Character.isISOControl(c) && c != '\n')
        || Character.getType(c) == Character.SURROGATE;
  }

  @Override
  public boolean endsWord(String token) {
    return true;
  }

  @Override
  public boolean isByte(String token) {
    return false;
  }

  @Override
  public List<Word> words(List<String> tokens) {
    return IntStream.range(0, tokens.size()).mapToObj(i -> new Word(tokens.get(i), i + 1)).toList();
  }

  @Override
  public String detokenize(List<String> tokens) {
    StringBuilder text = new StringBuilder(tokens.size() * 5);
    Spacing spacing = new Spacing();
    SentenceCase sentenceCase = new SentenceCase();
    for (int i = 0; i < tokens.size(); i++) {
      String token = tokens.get(i);
      boolean spaced = spacing.advance(token);
      if (Spacing.isMarker(token)) {
        continue;
      }
      if (spaced) {
        text.append(' ');
      }
      if (token.equals(NEWLINE)) {
        text.append('\n');
        sentenceCase.startLine();
      } else {
        String next = i + 1 < tokens.size() ? tokens.get(i + 1) : "";
        text.append(lowercase ? sentenceCase.restore(token, spacing.opensQuote(), next) : token);
      }
    }
    return text.toString();
  }

  /**
   * Gives lower-case tokens the capitals that need no knowledge of the world: at the start of
   * sentences, lines and direct speech, the English "I", and words that are always written with
   * one. Tokens go by one at a time. One per text.
   */
  private static final class SentenceCase {

    private static final Set<String> ALWAYS_CAPITAL =
        Set.of(
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
            "january",
            "february",
            "april",
            "june",
            "july",
            "september",
            "october",
            "november",
            "december",
            "mr",
            "mrs",
            "ms",
            "dr",
            "english",
            "american",
            "christmas",
            "halloween",
            "thanksgiving");

    /** What goes on with a sentence after direct speech that ends with ? or !. */
    private static final Set<String> SPEAK =
        Set.of(
            "said",
            "says",
            "asked",
            "asks",
            "cried",
            "replied",
            "shouted",
            "screamed",
            "yelled",
            "whispered",
            "exclaimed",
            "called",
            "answered",
            "demanded",
            "muttered",
            "shrieked");

    private static final Set<String> SPEAKERS = Set.of("he", "she", "they", "it", "we");

    /** What begins with an apostrophe, which no quote is. */
    private static final Set<String> CLIPPED =
        Set.of("cause", "cuz", "em", "til", "till", "tis", "twas", "bout", "round", "n", "neath");

    /** A colon after at most this many tokens of a line ends the name of who speaks. */
    private static final int LONGEST_SPEAKER = 3;

    private boolean capitalNext = true;

    /** Whether the next word follows speech that ended with ? or !. */
    private boolean afterSpeech;

    /** Whether an apostrophe alone asks for the next capital. */
    private boolean afterApostrophe;

    private String previous = "";
    private int position;

    /** Takes note that a new line starts. */
    void startLine() {
      capitalNext = true;
      afterSpeech = false;
      afterApostrophe = false;
      previous = "";
      position = 0;
    }

    /**
     * The token that comes next, with its capital if it has one.
     *
     * @param opensQuote whether the token is a quote that opens
     * @param next the token behind it, or "" where there is none
     */
    String restore(String token, boolean opensQuote, String next) {
      String restored = token;
      if (Character.isLetterOrDigit(token.codePointAt(0))) {
        restored = isCapital(token, next) ? capitalise(token) : token;
        capitalNext = false;
        afterSpeech = false;
        afterApostrophe = false;
      } else {
        afterApostrophe = token.equals("'") && !capitalNext;
        afterSpeech = token.equals("\"") && !opensQuote && endsInACry(previous);
        capitalNext = expectsCapitalAfter(token, opensQuote);
      }
      previous = token;
      position++;
      return restored;
    }

    private boolean isCapital(String word, String next) {
      boolean speaks = SPEAK.contains(word) || (SPEAKERS.contains(word) && SPEAK.contains(next));
      boolean goesOn = (afterSpeech && speaks) || (afterApostrophe && CLIPPED.contains(word));
      return isAlwaysCapital(word) || (capitalNext && !goesOn);
    }

    private static boolean endsInACry(String mark) {
      return mark.equals("?") || mark.equals("!");
    }

    private boolean expectsCapitalAfter(String mark, boolean opensQuote) {
      return switch (mark) {
        case "." -> previous.indexOf('.') < 0; // "a.m." and "U.S." do not end a sentence
        case "!", "?" -> true;
        case ":" -> position <= LONGEST_SPEAKER;
        case ",", ";", "--" -> false;
        default -> capitalNext || (opensQuote && (previous.equals(",") || previous.equals(":")));
      };
    }

    private static boolean isAlwaysCapital(String token) {
      return token.equals("i") || token.startsWith("i'") || ALWAYS_CAPITAL.contains(token);
    }

    private static String capitalise(String token) {
      int first = token.codePointAt(0);
      return Character.toString(Character.toTitleCase(first))
          + token.substring(Character.charCount(first));
    }
  }
}
