package storyloom.model.text.token;

import java.util.List;
import storyloom.model.UserException;

/**
 * Splits cleaned text into tokens and puts it together again. A line break is the token {@link
 * #NEWLINE}. Tokens are never empty and hold no white space. Implementations are immutable and safe
 * to share between threads.
 */
public interface Tokenizer {

  /** The token of a line break. */
  String NEWLINE = "<newline>";

  /** The setting {@code text.tokenizer} of {@link WordTokenizer}. */
  String WORDS = "words";

  /** The setting {@code text.tokenizer} of {@link BpeTokenizer}. */
  String BPE = "bpe";

  /**
   * A word, a mark or a marker of layout that some tokens spell.
   *
   * @param text what they spell, not empty
   * @param end number of tokens up to and including its last one
   */
  record Word(String text, int end) {}

  /** The tokens of a cleaned text, in order. */
  List<String> tokenize(String cleaned);

  /** The text that the tokens stand for: of {@code tokenize(x)} that is x, but for case. */
  String detokenize(List<String> tokens);

  /**
   * Whether what a token spells is over with it; if not, the next token may be of the same word.
   */
  boolean endsWord(String token);

  /** Whether a token is a byte, which spells a character only with those beside it. */
  boolean isByte(String token);

  /** The words, marks and markers of layout that tokens spell, in order. */
  List<Word> words(List<String> tokens);

  /**
   * The tokenizer that the settings ask for.
   *
   * @param vocabulary where the tokenizer's merges stand, if it has any
   * @throws UserException if {@code text.tokenizer} names none
   */
  static Tokenizer of(TextSettings settings, Vocabulary vocabulary) {
    WordTokenizer words = new WordTokenizer(settings.lowercase());
    return switch (settings.tokenizer()) {
      case WORDS -> words;
      case BPE -> new BpeTokenizer(words, vocabulary);
      default ->
          throw UserException.data(
              "text.tokenizer must be words or bpe, not " + settings.tokenizer());
    };
  }

  /** What splits text into words before there is a vocabulary, whatever becomes of them then. */
  static Tokenizer ofWords(TextSettings settings) {
    return new WordTokenizer(settings.lowercase());
  }
}
