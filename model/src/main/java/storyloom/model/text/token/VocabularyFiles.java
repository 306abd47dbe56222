package storyloom.model.text.token;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import storyloom.model.OneLine;
import storyloom.model.UserException;
import storyloom.model.files.ChecksummedDirectory;

/**
 * The files of a vocabulary, in a directory with checksums: vocabulary.tsv, and merges.txt beside
 * it if its tokens were made by byte-pair encoding.
 */
public final class VocabularyFiles {

  /** The file of the tokens. */
  public static final String VOCABULARY = "vocabulary.tsv";

  private static final String JSON_TWIN = "vocabulary.json";
  private static final String MERGES = "merges.txt";
  private static final int COLUMNS = 3;

  /** The bytes go where its user says, who closes that. */
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  /** Ten million tokens, the most that text.vocabulary takes, have a third of it. */
  private static final long MOST_BYTES = 1L << 30;

  /** A line has a token of a text; only this many of its characters are held at once. */
  private static final int LONGEST_LINE = 1 << 20;

  private static final char BYTE_ORDER_MARK = '\uFEFF';

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
   * Adds vocabulary.json, the tokens once more as a JSON array in the order of their ids, for
   * programs that take the quotes and escapes of a TSV file for something else. It is not read
   * here.
   *
   * @throws UserException if it cannot be written
   */
  public static void writeTokensAsJson(
      ChecksummedDirectory.Writer directory, Vocabulary vocabulary) {
    directory.write(JSON_TWIN, out -> writeJson(vocabulary.entries(), out));
  }

  private static void writeJson(List<TokenCount> entries, OutputStream out) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.setPrettyPrinter(
          new DefaultPrettyPrinter().withArrayIndenter(new DefaultIndenter("", "\n")));
      json.writeStartArray();
      for (TokenCount entry : entries) {
        json.writeString(entry.token());
      }
      json.writeEndArray();
      json.writeRaw('\n');
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws UserException of data if a file is missing or damaged
   */
  public static Vocabulary read(ChecksummedDirectory directory) {
    return read(directory, Integer.MAX_VALUE);
  }

  /**
   * Reads what {@link #write} wrote, of a model that may not know more than {@code most} tokens.
   *
   * @throws UserException of data if a file is missing or damaged, or has more tokens
   */
  public static Vocabulary read(ChecksummedDirectory directory, int most) {
    Vocabulary vocabulary =
        directory.read(
            VOCABULARY, MOST_BYTES, (in, length, file) -> Vocabulary.read(in, most, file));
    return directory.lists(MERGES)
        ? vocabulary.with(
            directory.read(MERGES, MOST_BYTES, (in, length, file) -> readMerges(in, file)))
        : vocabulary;
  }

  /**
   * Sees to it that byte-pair encoding has the merges that have made its tokens.
   *
   * @throws UserException of data if there are none
   */
  public static void requireMerges(ChecksummedDirectory directory, Vocabulary vocabulary) {
    if (directory.lists(MERGES)) {
      return;
    }
    vocabulary.entries().stream()
        .skip(Vocabulary.FIRST_WORD)
        .map(TokenCount::token)
        .filter(token -> !Spacing.isLayout(token) && Subwords.isMerged(token))
        .findFirst()
        .ifPresent(
            token -> {
              throw UserException.data(
                  "%s is missing, without which the tokenizer bpe has no use for the token %s%s"
                      .formatted(
                          directory.file(MERGES), OneLine.of(token), ChecksummedDirectory.REMEDY));
            });
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
   * @param most tokens that it may hold
   * @param file name of the file, for messages
   * @throws UserException if the file is damaged; the message names file and line
   */
  static List<TokenCount> readTokens(InputStream in, int most, String file) throws IOException {
    BufferedReader reader = reader(in);
    List<TokenCount> entries = new ArrayList<>();
    try {
      for (String line = readLine(reader); line != null; line = readLine(reader)) {
        require(entries.size() < most, "is one more than the %,d tokens of the model", most);
        entries.add(parse(line, entries.size()));
      }
    } catch (CharacterCodingException e) {
      throw damaged(file, entries.size(), "is not UTF-8", e);
    } catch (IllegalArgumentException e) {
      throw damaged(file, entries.size(), e.getMessage(), e);
    }
    return entries;
  }

  private static BufferedReader reader(InputStream in) {
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
  }

  /** Up to the next line feed; a token may hold other characters that Java takes for line ends. */
  private static String readLine(BufferedReader reader) throws IOException {
    StringBuilder line = new StringBuilder();
    int c = reader.read();
    if (c < 0) {
      return null;
    }
    for (; c >= 0 && c != '\n'; c = reader.read()) {
      if (line.length() == LONGEST_LINE) {
        throw new IllegalArgumentException("has more than %,d characters".formatted(LONGEST_LINE));
      }
      line.append((char) c);
    }
    return line.toString();
  }

  private static TokenCount parse(String line, int id) {
    require(line.indexOf(BYTE_ORDER_MARK) != 0, "begins with a byte order mark: remove it");
    String[] columns = line.split("\t", -1);
    require(
        columns.length == COLUMNS,
        "must have three columns (id, token, count), not %d",
        columns.length);
    require(columns[0].equals(Integer.toString(id)), "must have the id %d, not %s", id, columns[0]);
    require(!columns[1].isEmpty(), "has no token");
    require(!columns[2].endsWith("\r"), "ends in CR LF, not in LF");
    return new TokenCount(unescape(columns[1]), count(columns[2]));
  }

  private static long count(String text) {
    try {
      long count = Long.parseLong(text);
      if (count >= 0 && Long.toString(count).equals(text)) {
        return count;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "must have a whole number from 0 on as its count, not " + text);
  }

  /** What keeps tokens, each of which can be read, from being a vocabulary. */
  static UserException fault(List<TokenCount> entries, Exception cause, String file) {
    if (entries.isEmpty()) {
      return UserException.data(file + " is damaged: it is empty", cause);
    }
    Map<String, Integer> lines = new HashMap<>();
    for (int id = 0; id < entries.size(); id++) {
      String token = entries.get(id).token();
      if (id < Vocabulary.FIRST_WORD) {
        String special = Vocabulary.special().get(id).token();
        if (!token.equals(special)) {
          return damaged(file, id, "has another token than " + special, cause);
        }
        continue;
      }
      Integer before = lines.put(token, id + 1);
      if (before != null) {
        return damaged(
            file, id, "has the token of line %d again: %s".formatted(before, token), cause);
      }
    }
    return damaged(file, entries.size(), "is missing: " + cause.getMessage(), cause);
  }

  private static void require(boolean holds, String how, Object... values) {
    if (!holds) {
      throw new IllegalArgumentException(how.formatted(values));
    }
  }

  private static UserException damaged(String file, int id, String how, Exception cause) {
    return UserException.data(
        "%s is damaged: line %d %s%s"
            .formatted(file, id + 1, OneLine.of(how), ChecksummedDirectory.REMEDY),
        cause);
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
        default ->
            throw new IllegalArgumentException(
                "has a \\ that is none of the escapes \\t, \\n and \\\\");
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
    BufferedReader reader = reader(in);
    try {
      for (String line = readLine(reader); line != null; line = readLine(reader)) {
        require(
            !pairs.isEmpty() || line.indexOf(BYTE_ORDER_MARK) != 0,
            "begins with a byte order mark: remove it");
        require(!line.endsWith("\r"), "ends in CR LF, not in LF");
        String[] tokens = line.split(" ", -1);
        require(
            tokens.length == 2 && Subwords.isContinuing(tokens[0]) && !tokens[1].isEmpty(),
            "is no pair of tokens");
        pairs.add(new Merges.Pair(tokens[0], tokens[1]));
      }
    } catch (CharacterCodingException e) {
      throw damaged(file, pairs.size(), "is not UTF-8", e);
    } catch (IllegalArgumentException e) {
      throw damaged(file, pairs.size(), e.getMessage(), e);
    }
    return new Merges(pairs);
  }
}
