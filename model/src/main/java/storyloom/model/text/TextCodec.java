package storyloom.model.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.StringTokenizer;
import java.util.stream.Stream;
import storyloom.model.text.clean.TextCleaner;
import storyloom.model.text.clean.TextSide;
import storyloom.model.text.token.Spacing;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.Tokenizer;
import storyloom.model.text.token.Vocabulary;

/**
 * Turns raw text into ids and ids into text: cleans it, splits it into tokens, cuts stories that
 * are too long and looks the ids up. Training, batch generation, evaluation and serving all use
 * this class, so that they never see different text. No {@code <start>} or {@code <end>} is added
 * here. Immutable; safe to share between threads.
 */
public final class TextCodec {

  private final TextCleaner cleaner;
  private final Tokenizer tokenizer;
  private final Vocabulary vocabulary;
  private final int maxPromptTokens;
  private final int maxStoryTokens;

  /**
   * @param vocabulary also has the tokenizer's merges, if there are any
   * @throws storyloom.model.UserException if the settings name an unknown rule or tokenizer
   */
  public TextCodec(TextSettings settings, Vocabulary vocabulary) {
    this.cleaner = TextCleaner.of(settings.rules());
    this.tokenizer = Tokenizer.of(settings, vocabulary);
    this.vocabulary = vocabulary;
    this.maxPromptTokens = settings.maxPromptTokens();
    this.maxStoryTokens = settings.hasWindows() ? Integer.MAX_VALUE : settings.maxStoryTokens();
  }

  /** The cleaner of both prompts and stories. */
  public TextCleaner cleaner() {
    return cleaner;
  }

  /** What splits cleaned text into tokens. */
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /** The tokens this codec knows. */
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** The ids of a raw prompt, not cut; none if nothing is left of it after cleaning. */
  public int[] promptIds(String raw) {
    return ids(promptTokens(raw));
  }

  /** The ids of a raw story, cut at a sentence end where it is too long. */
  public int[] storyIds(String raw) {
    return ids(storyTokens(raw));
  }

  /** All tokens of a prompt. */
  public List<String> promptTokens(String raw) {
    return tokens(raw, TextSide.PROMPT);
  }

  /** The tokens of a story, cut as {@link #cutStory} says. */
  public List<String> storyTokens(String raw) {
    return cutStory(tokens(raw, TextSide.STORY));
  }

  /** All tokens of a prompt or a story, however long. */
  public List<String> tokens(String raw, TextSide side) {
    return tokenizer.tokenize(cleaner.clean(raw, side));
  }

  /**
   * A story of at most {@code text.max-story-tokens} tokens: a longer one ends at its last sentence
   * end that fits, or, where none fits, with the last token that does. Where {@code
   * text.long-stories} is windows, none is cut.
   */
  public List<String> cutStory(List<String> tokens) {
    return isStoryTooLong(tokens)
        ? tokens.subList(0, lengthOfCut(tokenizer.words(tokens), maxStoryTokens))
        : tokens;
  }

  /** Whether {@link #cutStory} would cut the story. */
  public boolean isStoryTooLong(List<String> tokens) {
    return tokens.size() > maxStoryTokens;
  }

  /** The text that tokens stand for, with real line breaks. */
  public String text(List<String> tokens) {
    return tokenizer.detokenize(tokens);
  }

  /**
   * Words split at white space, as perplexity per word counts them: of cleaned text, or of {@link
   * #text}.
   */
  public static int words(String text) {
    return new StringTokenizer(text).countTokens();
  }

  /** The ids of tokens; {@link Vocabulary#OOV} for those that are not known. */
  public int[] ids(List<String> tokens) {
    int[] ids = new int[tokens.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = vocabulary.id(tokens.get(i));
    }
    return ids;
  }

  /** Whether a prompt has more than {@code text.max-prompt-tokens} tokens. */
  public boolean isPromptTooLong(int[] promptIds) {
    return promptIds.length > maxPromptTokens;
  }

  /** The first {@code text.max-prompt-tokens} tokens of a prompt. */
  public List<String> cutPrompt(List<String> tokens) {
    return tokens.subList(0, Math.min(tokens.size(), maxPromptTokens));
  }

  /** The first {@code text.max-prompt-tokens} ids of a prompt. */
  public int[] cutPrompt(int[] promptIds) {
    return isPromptTooLong(promptIds) ? Arrays.copyOf(promptIds, maxPromptTokens) : promptIds;
  }

  /** The text of a story's ids, with real line breaks. */
  public String story(int[] ids) {
    List<String> tokens = new ArrayList<>(ids.length);
    for (int id : ids) {
      tokens.add(vocabulary.token(id));
    }
    return text(tokens);
  }

  /**
   * The number of tokens to keep, at most {@code most}: up to the last sentence end among them, its
   * closing quotes and brackets included, or up to the last line break, whichever is later. Where
   * there is neither, up to the end of the last word that fits; {@code most} where none does.
   *
   * @param words what the tokens spell
   */
  private static int lengthOfCut(List<Tokenizer.Word> words, int most) {
    SentenceEnds ends = new SentenceEnds();
    int length = 0;
    int lastWord = 0;
    int before = 0;
    for (Tokenizer.Word word : words) {
      if (word.end() > most) {
        break;
      }
      String text = word.text();
      if (text.equals(Tokenizer.NEWLINE)) {
        length = before;
      }
      if (ends.after(text)) {
        length = word.end();
      }
      if (!Spacing.isMarker(text)) {
        lastWord = word.end();
      }
      before = word.end();
    }
    return Stream.of(length, lastWord, most).filter(end -> end > 0).findFirst().orElse(0);
  }

  /**
   * The sentences of a story, one after the other, each with its closing quotes and brackets; what
   * stands behind the last sentence end is one as well.
   */
  public List<List<String>> sentences(List<String> tokens) {
    SentenceEnds ends = new SentenceEnds();
    List<List<String>> sentences = new ArrayList<>();
    boolean ended = false;
    int start = 0;
    int before = 0;
    for (Tokenizer.Word word : tokenizer.words(tokens)) {
      boolean endsHere = ends.after(word.text());
      if (ended && !ends.wentOn()) {
        sentences.add(tokens.subList(start, before));
        start = before;
      }
      ended = endsHere;
      before = word.end();
    }
    if (start < tokens.size()) {
      sentences.add(tokens.subList(start, tokens.size()));
    }
    return sentences;
  }

  /** Where sentences end in words that are read one after the other. */
  private static final class SentenceEnds {
    private final Spacing spacing = new Spacing();
    private boolean isAfter;
    private boolean wentOn;

    /** Whether a sentence ends with this word: with a mark, or what closes behind one. */
    boolean after(String text) {
      spacing.advance(text);
      boolean closes = isAfter && closes(text) && !spacing.opensQuote();
      wentOn = isAfter && (closes || endsSentence(text));
      isAfter = endsSentence(text) || closes;
      return isAfter;
    }

    /** Whether the word only made the end longer that stood before it. */
    boolean wentOn() {
      return wentOn;
    }
  }

  private static boolean endsSentence(String token) {
    return switch (token) {
      case ".", "!", "?", "...", "…", "。", "！", "？" -> true;
      default -> false;
    };
  }

  private static boolean closes(String token) {
    return switch (token) {
      case "\"", "'", ")", "]", "”", "’", "」", "』" -> true;
      default -> false;
    };
  }
}
