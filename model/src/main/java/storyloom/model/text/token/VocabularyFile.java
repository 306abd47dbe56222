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

/**
 * The format of vocabulary.tsv. Only a line feed ends a line; {@code \t \n \\} stand for
 * themselves.
 */
final class VocabularyFile {

  private static final int COLUMNS = 3;

  private VocabularyFile() {}

  static void write(List<TokenCount> entries, OutputStream out) throws IOException {
    Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    for (int id = 0; id < entries.size(); id++) {
      TokenCount entry = entries.get(id);
      writer.write(id + "\t" + escape(entry.token()) + "\t" + entry.count() + "\n");
    }
    writer.flush();
  }

  /**
   * @throws UserException if a line is not as written, or an id is not the one expected there
   */
  static List<TokenCount> read(InputStream in, String file) throws IOException {
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
}
