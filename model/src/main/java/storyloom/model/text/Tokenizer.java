package storyloom.model.text;

import java.util.List;
import storyloom.model.UserException;

/**
 * Parts cleaned text into tokens and puts it together again. A line break is the token {@link
 * #NEWLINE}. Tokens are never empty and hold no white space. Implementations are immutable and safe
 * to share between threads.
 */
public interface Tokenizer {

  /** The token of a line break. */
  String NEWLINE = "<newline>";

  /** The tokens of a cleaned text, in order. */
  List<String> tokenize(String cleaned);

  /** The text that the tokens stand for: of {@code tokenize(x)} that is x, but for case. */
  String detokenize(List<String> tokens);

  /**
   * The tokenizer that the settings ask for.
   *
   * @throws UserException if {@code text.tokenizer} names none
   */
  static Tokenizer of(TextSettings settings) {
    return switch (settings.tokenizer()) {
      case "words" -> new WordTokenizer(settings.lowercase());
      default ->
          throw UserException.data("text.tokenizer must be words, not " + settings.tokenizer());
    };
  }
}
