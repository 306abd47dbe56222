package storyloom.model.text;

import java.util.List;
import java.util.StringTokenizer;
import storyloom.model.text.clean.TextCleaner;
import storyloom.model.text.clean.TextSide;
import storyloom.model.text.token.TextSettings;
import storyloom.model.text.token.Tokenizer;
import storyloom.model.text.token.Vocabulary;

/**
 * Reads raw text as a model does, up to the point where ids are looked up: cleans it, parts it into
 * tokens and cuts stories that are too long. Immutable; safe to share between threads.
 */
public final class TextReader {

  private final TextCleaner cleaner;
  private final Tokenizer tokenizer;
  private final int maxStoryTokens;

  /**
   * @param vocabulary where the tokenizer's merges stand, if it has any
   * @throws storyloom.model.UserException if the settings name an unknown rule or tokenizer
   */
  public TextReader(TextSettings settings, Vocabulary vocabulary) {
    this.cleaner = TextCleaner.of(settings.rules());
    this.tokenizer = Tokenizer.of(settings, vocabulary);
    this.maxStoryTokens = settings.maxStoryTokens();
  }

  /** The cleaner of both prompts and stories. */
  public TextCleaner cleaner() {
    return cleaner;
  }

  /** All tokens of a prompt. */
  public List<String> promptTokens(String raw) {
    return tokens(raw, TextSide.PROMPT);
  }

  /** The tokens of a story, cut as {@link #cutStory} says. */
  public List<String> storyTokens(String raw) {
    return cutStory(tokens(raw, TextSide.STORY));
  }

  /** What parts cleaned text into tokens. */
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /** All tokens of a prompt or a story, however long. */
  public List<String> tokens(String raw, TextSide side) {
    return tokenizer.tokenize(cleaner.clean(raw, side));
  }

  /**
   * A story of at most {@code text.max-story-tokens} tokens: a longer one ends at its last sentence
   * end that fits, or, where none fits, with the last token that does.
   */
  public List<String> cutStory(List<String> tokens) {
    return isTooLong(tokens)
        ? tokens.subList(0, StoryCut.length(tokenizer.words(tokens), maxStoryTokens))
        : tokens;
  }

  /** Whether {@link #cutStory} would cut the story. */
  public boolean isTooLong(List<String> tokens) {
    return tokens.size() > maxStoryTokens;
  }

  /** The text that tokens stand for, with real line breaks. */
  public String text(List<String> tokens) {
    return tokenizer.detokenize(tokens);
  }

  /**
   * Words parted by white space, as perplexity per word counts them: of cleaned text, or of {@link
   * #text}.
   */
  public static int words(String text) {
    return new StringTokenizer(text).countTokens();
  }
}
