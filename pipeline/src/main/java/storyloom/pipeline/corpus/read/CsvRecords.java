package storyloom.pipeline.corpus.read;

import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import com.univocity.parsers.csv.UnescapedQuoteHandling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.sql.Row;

/**
 * The pairs of one CSV file, quoted as in RFC 4180, whose first line names the columns.
 *
 * <p>A record continues over the next lines while a quote is open. If that does not end within
 * {@value #MOST_CHARACTERS} characters, or does not give as many values as there are columns, the
 * first of the lines is malformed and reading resumes with the second: a forgotten quote costs its
 * own line, not the rest of the file.
 */
final class CsvRecords implements Iterator<Row> {

  /** Longest record that is looked for the end of. */
  static final int MOST_CHARACTERS = 2_000_000;

  private static final int MOST_COLUMNS = 10_000;

  private final Iterator<LineFiles.Line> lines;
  private final CsvParser parser = new CsvParser(settings());

  /** Lines that have been looked at in search of a record's end, but not used up. */
  private final List<LineFiles.Line> ahead = new ArrayList<>();

  private final int columns;
  private final int prompt;
  private final int story;

  /**
   * @param lines all lines of the file, of which the first names the columns prompt and story
   */
  CsvRecords(Iterator<LineFiles.Line> lines) {
    this.lines = lines;
    List<String> header = header(lines);
    this.columns = header.size();
    this.prompt = header.indexOf(PairColumns.PROMPT);
    this.story = header.indexOf(PairColumns.STORY);
  }

  /** Reads the names of the columns; none if there is no line. */
  static List<String> header(Iterator<LineFiles.Line> lines) {
    String[] names =
        lines.hasNext() ? new CsvParser(settings()).parseLine(lines.next().text()) : null;
    return names == null
        ? List.of()
        : Arrays.stream(names).map(name -> name == null ? "" : name.strip()).toList();
  }

  private static CsvParserSettings settings() {
    CsvParserSettings settings = new CsvParserSettings();
    settings.setMaxCharsPerColumn(MOST_CHARACTERS);
    settings.setMaxColumns(MOST_COLUMNS);
    settings.setIgnoreLeadingWhitespaces(false);
    settings.setIgnoreTrailingWhitespaces(false);
    settings.setUnescapedQuoteHandling(UnescapedQuoteHandling.RAISE_ERROR);
    settings.getFormat().setLineSeparator("\n");
    settings.getFormat().setComment('\0');
    return settings;
  }

  @Override
  public boolean hasNext() {
    while (line(0).filter(line -> line.text().isBlank()).isPresent()) {
      ahead.remove(0);
    }
    return !ahead.isEmpty();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException("no record is left");
    }
    LineFiles.Line first = ahead.get(0);
    List<LineFiles.Line> record = record();
    Optional<String[]> values = values(record);
    // a record that makes no sense costs one line, for its other lines may make some
    ahead.subList(0, values.isPresent() ? record.size() : 1).clear();
    if (!first.valid()
        || (values.isPresent() && !record.stream().allMatch(LineFiles.Line::valid))) {
      return faulty(PairRule.INVALID_UTF8, first);
    }
    return values
        .map(each -> RawCorpus.row(each[prompt], each[story], first.file(), first.number()))
        .orElseGet(() -> faulty(PairRule.MALFORMED, first));
  }

  private static Row faulty(PairRule fault, LineFiles.Line line) {
    return RawCorpus.faulty(fault, line.text(), null, line.file(), line.number());
  }

  /** The lines up to where no quote is open; none if there is no such line near enough. */
  private List<LineFiles.Line> record() {
    boolean open = false;
    int characters = 0;
    for (int i = 0; characters < MOST_CHARACTERS; i++) {
      Optional<LineFiles.Line> line = line(i);
      if (line.isEmpty()) {
        return List.of();
      }
      String text = line.get().text();
      open = endsInQuotes(text, open);
      characters += text.length() + 1;
      if (!open) {
        return List.copyOf(ahead.subList(0, i + 1));
      }
    }
    return List.of();
  }

  /** Whether a quote is open after a line. Quotes inside an unquoted value mean themselves. */
  private static boolean endsInQuotes(String line, boolean beginsInQuotes) {
    boolean quoted = beginsInQuotes;
    boolean startOfValue = !quoted;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quoted) {
        boolean doubled = c == '"' && i + 1 < line.length() && line.charAt(i + 1) == '"';
        quoted = c != '"' || doubled;
        i += doubled ? 1 : 0;
      } else {
        quoted = c == '"' && startOfValue;
      }
      startOfValue = c == ',';
    }
    return quoted;
  }

  private Optional<LineFiles.Line> line(int i) {
    if (i == ahead.size() && lines.hasNext()) {
      ahead.add(lines.next());
    }
    return i < ahead.size() ? Optional.of(ahead.get(i)) : Optional.empty();
  }

  /** The values of a record, as many as there are columns; nothing if it is none. */
  private Optional<String[]> values(List<LineFiles.Line> record) {
    if (record.isEmpty()) {
      return Optional.empty();
    }
    try {
      String text = String.join("\n", record.stream().map(LineFiles.Line::text).toList());
      String[] values = parser.parseLine(text);
      return Optional.ofNullable(values).filter(each -> each.length == columns);
    } catch (TextParsingException malformed) {
      return Optional.empty();
    }
  }
}
