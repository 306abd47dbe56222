package storyloom.model.text.token;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Serializable;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import storyloom.model.UserException;

/**
 * The merges of byte-pair encoding, in the order in which they were learned and are applied.
 * Immutable.
 *
 * @param pairs what is merged with what
 */
public record Merges(List<Pair> pairs) implements Serializable {

  /** No merges: those of a tokenizer that is not byte-pair encoding. */
  public static final Merges NONE = new Merges(List.of());

  /**
   * Two tokens that become one where they stand beside each other.
   *
   * @param left the first, which does not end a word
   * @param right the second
   */
  public record Pair(String left, String right) implements Serializable {

    /** The token that they become. */
    public String merged() {
      return Subwords.merge(left, right);
    }
  }

  public Merges {
    pairs = List.copyOf(pairs);
  }

  /** Writes merges.txt: UTF-8, a merge a line, a space between its tokens, which hold none. */
  public void write(OutputStream out) throws IOException {
    Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    for (Pair pair : pairs) {
      writer.write(pair.left() + " " + pair.right() + "\n");
    }
    writer.flush();
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param file name of the file, for messages
   * @throws UserException if the file is damaged; the message names file and line
   */
  public static Merges read(InputStream in, String file) throws IOException {
    List<Pair> pairs = new ArrayList<>();
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
    try {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        String[] tokens = line.split(" ", -1);
        if (tokens.length != 2 || !Subwords.isContinuing(tokens[0]) || tokens[1].isEmpty()) {
          throw UserException.data(
              "%s is damaged: line %d is no pair of tokens".formatted(file, pairs.size() + 1));
        }
        pairs.add(new Pair(tokens[0], tokens[1]));
      }
    } catch (CharacterCodingException e) {
      throw UserException.data(
          "%s is damaged: line %d is not UTF-8".formatted(file, pairs.size() + 1), e);
    }
    return new Merges(pairs);
  }
}
