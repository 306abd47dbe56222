package storyloom.model.text;

import java.util.ArrayList;
import java.util.List;

/**
 * The text of tokens that come one by one, handed out in pieces that never change again: together
 * they are {@link TextCodec#text} of all tokens. Of one thread at a time.
 */
public final class IncrementalDetokenizer {

  /**
   * A word that may change how the one before is written: {@code "Now?" He} becomes {@code "Now?"
   * he asked}.
   */
  private static final String SPEAKS = "asked";

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
   *     the first part of a word, or layout, or its capital hangs on what follows
   */
  public String add(String token) {
    tokens.add(token);
    if (!codec.tokenizer().endsWord(token)) {
      return "";
    }
    String text = codec.text(tokens);
    tokens.add(SPEAKS);
    boolean certain = codec.text(tokens).startsWith(text);
    tokens.remove(tokens.size() - 1);
    return certain ? upTo(text) : "";
  }

  /** What {@link #add} has held back: a word that is cut off, or whose capital was not certain. */
  public String rest() {
    return upTo(codec.text(tokens));
  }

  private String upTo(String text) {
    String fresh = text.substring(given);
    given = text.length();
    return fresh;
  }
}
