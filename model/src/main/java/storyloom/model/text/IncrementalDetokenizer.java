package storyloom.model.text;

import java.util.ArrayList;
import java.util.List;

/**
 * The text of tokens that come one by one, handed out in pieces that never change again: together
 * they are {@link TextCodec#text} of all tokens. Of one thread at a time.
 */
public final class IncrementalDetokenizer {

  private final TextCodec codec;
  private final List<String> tokens = new ArrayList<>();
  private int given;

  /** Empty text. */
  public IncrementalDetokenizer(TextCodec codec) {
    this.codec = codec;
  }

  /**
   * Takes one token more.
   *
   * @return the text that is new and certain, with the space before it; empty where the token is
   *     the first part of a word, or layout
   */
  public String add(String token) {
    tokens.add(token);
    return codec.tokenizer().endsWord(token) ? rest() : "";
  }

  /** What {@link #add} has held back: a word that is cut off. */
  public String rest() {
    String text = codec.text(tokens);
    String fresh = text.substring(given);
    given = text.length();
    return fresh;
  }
}
