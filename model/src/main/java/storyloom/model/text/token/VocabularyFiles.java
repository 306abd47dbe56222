package storyloom.model.text.token;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import storyloom.model.UserException;
import storyloom.model.files.ChecksummedDirectory;

/**
 * The files of a vocabulary, in a directory with checksums: vocabulary.tsv, and merges.txt beside
 * it if its tokens were made by byte-pair encoding.
 */
public final class VocabularyFiles {

  /** The file of the tokens. */
  public static final String VOCABULARY = "vocabulary.tsv";

  private static final String MERGES = "merges.txt";
  private static final int COLUMNS = 3;

  private VocabularyFiles() {}

  /**
   * Adds a vocabulary to a directory.
   *
   * @throws UserException if it cannot be written
   */
  public static void write(ChecksummedDirectory.Writer directory, Vocabulary vocabulary) {
    directory.write(VOCABULARY, vocabulary::write);
    if (!vocabulary.merges().equals(Merges.NONE)) {
      directory.write(MERGES, out -> writeMerges(vocabulary.merges(), out));
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws UserException of data if a file is missing or damaged
   */
  public static Vocabulary read(ChecksummedDirectory directory) {
    Vocabulary vocabulary =
        directory.read(VOCABULARY, (in, length, file) -> Vocabulary.read(in, file));
    return directory.lists(MERGES)
        ? vocabulary.with(directory.read(MERGES, (in, length, file) -> readMerges(in, file)))
        : vocabulary;
  }

  /**
   * Writes vocabulary.tsv: UTF-8, one line a token: id, tab, escaped token, tab, count. Only a line
   * feed ends a line; {@code \t \n \\} stand for themselves.
   */
  static void writeTokens(List<TokenCount> entries, OutputStream out) throws IOException {
    Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    for (int id = 0; id < entries.size(); id++) {
      TokenCount entry = entries.get(id);
      writer.write(id + "\t" + escape(entry.token()) + "\t" + entry.count() + "\n");
    }
    writer.flush();
  }

  /**
   * Reads what {@link #writeTokens} wrote.
   *
   * @param file name of the file, for messages
   * @throws UserException if the file is damaged; the message names file and line
   */
  static List<TokenCount> readTokens(InputStream in, String file) throws IOException {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
    List<TokenCount> entries = new ArrayList<>();
    try {
      for (String line = readLine(reader); line != null; line = readLine(reader)) {
        entries.add(parse(line, entries.size(), file));
      }
    } catch (CharacterCodingException e) {
      throw damaged(file, entries.size(), "is not UTF-8", e);
    }
    return entries;
  }

  /** Up to the next line feed; a token may hold other characters that Java takes for line ends. */
  private static String readLine(BufferedReader reader) throws IOException {
    StringBuilder line = new StringBuilder();
    int c = reader.read();
    if (c < 0) {
      return null;
    }
    for (; c >= 0 && c != '\n'; c = reader.read()) {
      line.append((char) c);
    }
    return line.toString();
  }

  private static TokenCount parse(String line, int id, String file) {
    String[] columns = line.split("\t", -1);
    if (columns.length != COLUMNS) {
      throw damaged(
          file, id, "has " + columns.length + " columns instead of id, token, count", null);
    }
    if (!columns[0].equals(Integer.toString(id))) {
      throw damaged(file, id, "has the id " + columns[0] + " where " + id + " is due", null);
    }
    try {
      return new TokenCount(unescape(columns[1]), Long.parseLong(columns[2]));
    } catch (IllegalArgumentException e) {
      throw damaged(file, id, "cannot be read: " + e.getMessage(), e);
    }
  }

  private static UserException damaged(String file, int id, String how, Exception cause) {
    return UserException.data(file + " is damaged: line " + (id + 1) + " " + how, cause);
  }

  private static String escape(String token) {
    return token.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n");
  }

  private static String unescape(String escaped) {
    if (escaped.indexOf('\\') < 0) {
      return escaped;
    }
    StringBuilder token = new StringBuilder(escaped.length());
    for (int i = 0; i < escaped.length(); i++) {
      char c = escaped.charAt(i);
      if (c != '\\') {
        token.append(c);
        continue;
      }
      i++;
      switch (i < escaped.length() ? escaped.charAt(i) : 0) {
        case 't' -> token.append('\t');
        case 'n' -> token.append('\n');
        case '\\' -> token.append('\\');
        default -> throw new IllegalArgumentException("only \\t, \\n and \\\\ are escapes");
      }
    }
    return token.toString();
  }

  /** Writes merges.txt: UTF-8, a merge a line, a space between its tokens, which hold none. */
  static void writeMerges(Merges merges, OutputStream out) throws IOException {
    Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    for (Merges.Pair pair : merges.pairs()) {
      writer.write(pair.left() + " " + pair.right() + "\n");
    }
    writer.flush();
  }

  /**
   * Reads what {@link #writeMerges} wrote.
   *
   * @param file name of the file, for messages
   * @throws UserException if the file is damaged; the message names file and line
   */
  static Merges readMerges(InputStream in, String file) throws IOException {
    List<Merges.Pair> pairs = new ArrayList<>();
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
    try {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        String[] tokens = line.split(" ", -1);
        if (tokens.length != 2 || !Subwords.isContinuing(tokens[0]) || tokens[1].isEmpty()) {
          throw UserException.data(
              "%s is damaged: line %d is no pair of tokens".formatted(file, pairs.size() + 1));
        }
        pairs.add(new Merges.Pair(tokens[0], tokens[1]));
      }
    } catch (CharacterCodingException e) {
      throw UserException.data(
          "%s is damaged: line %d is not UTF-8".formatted(file, pairs.size() + 1), e);
    }
    return new Merges(pairs);
  }
}
