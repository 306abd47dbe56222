package storyloom.pipeline.corpus.read;

import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import com.univocity.parsers.csv.UnescapedQuoteHandling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Row;

/**
 * The records of one CSV file, quoted as in RFC 4180.
 *
 * <p>A record continues over the next lines while a quote is open. If that does not end within
 * {@value #MOST_CHARACTERS} characters, or does not give as many values as there are columns, the
 * first of the lines is malformed and reading resumes with the second: a forgotten quote costs its
 * own line, not the rest of the file.
 */
final class CsvRecords implements Iterator<CsvRecords.CsvRecord> {

  /** Longest record that is looked for the end of. */
  static final int MOST_CHARACTERS = 2_000_000;

  private static final int MOST_COLUMNS = 10_000;

  private final Iterator<LineFiles.Line> lines;
  private final CsvDialect dialect;
  private final CsvParser parser;

  /** Lines that have been looked at in search of a record's end, but not used up. */
  private final List<LineFiles.Line> ahead = new ArrayList<>();

  private final List<String> columns;

  /**
   * A record, or the line of one that is none.
   *
   * @param first line of it
   * @param values one for each column, null where there is nothing; none if there is a fault
   * @param fault what is wrong; null if nothing is
   * @param reason the same in words; null if nothing is
   */
  record CsvRecord(LineFiles.Line first, String[] values, PairRule fault, String reason) {

    private static CsvRecord faulty(LineFiles.Line first, PairRule fault, String reason) {
      return new CsvRecord(first, new String[0], fault, reason);
    }
  }

  /**
   * @param lines all lines of the file
   */
  CsvRecords(Iterator<LineFiles.Line> lines, CsvDialect dialect) {
    this.lines = lines;
    this.dialect = dialect;
    this.parser = new CsvParser(settings(dialect));
    if (dialect.header()) {
      this.columns = header(lines, dialect);
    } else {
      line(0);
      this.columns = header(List.copyOf(ahead).iterator(), dialect);
    }
  }

  /**
   * The pairs of a file.
   *
   * @param lines all lines of the file, of which the first names the columns prompt and story
   * @return rows of {@link RawCorpus}
   */
  static Iterator<Row> pairs(Iterator<LineFiles.Line> lines, CsvDialect dialect) {
    CsvRecords records = new CsvRecords(lines, dialect);
    int prompt = PairColumns.index(records.columns, PairColumns.PROMPT);
    int story = PairColumns.index(records.columns, PairColumns.STORY);
    return records.map(
        record -> {
          LineFiles.Line first = record.first();
          String[] values = record.values();
          return record.fault() == null
              ? RawCorpus.row(values[prompt], values[story], first.file(), first.number())
              : RawCorpus.faulty(record.fault(), first.text(), null, first.file(), first.number());
        });
  }

  /** What is made of each record, as it is asked for. */
  Iterator<Row> map(Function<CsvRecord, Row> row) {
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(this, 0), false)
        .map(row)
        .iterator();
  }

  /** The names of the columns. */
  List<String> columns() {
    return columns;
  }

  /**
   * Reads the names of the columns off the first line; none if there is no line. A column without a
   * name has its number for one, as all have in a file without a header, and names that stand there
   * twice are followed by theirs, as Spark does it.
   */
  static List<String> header(Iterator<LineFiles.Line> lines, CsvDialect dialect) {
    String[] cells =
        lines.hasNext() ? new CsvParser(settings(dialect)).parseLine(lines.next().text()) : null;
    if (cells == null) {
      return List.of();
    }
    List<String> names =
        Arrays.stream(cells)
            .map(name -> name == null || !dialect.header() ? "" : name.strip())
            .toList();
    return IntStream.range(0, names.size())
        .mapToObj(
            i -> {
              String name = names.get(i);
              boolean twice = Collections.frequency(names, name) > 1;
              return name.isEmpty() ? "_c" + i : twice ? name + i : name;
            })
        .toList();
  }

  private static CsvParserSettings settings(CsvDialect dialect) {
    CsvParserSettings settings = new CsvParserSettings();
    settings.setMaxCharsPerColumn(MOST_CHARACTERS);
    settings.setMaxColumns(MOST_COLUMNS);
    settings.setEmptyValue(""); // in quotes; without them there is no value
    settings.setIgnoreLeadingWhitespaces(false);
    settings.setIgnoreTrailingWhitespaces(false);
    settings.setUnescapedQuoteHandling(UnescapedQuoteHandling.RAISE_ERROR);
    settings.getFormat().setLineSeparator("\n");
    settings.getFormat().setDelimiter(dialect.separator());
    settings.getFormat().setQuote(dialect.quote());
    settings.getFormat().setQuoteEscape(dialect.quote());
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
  public CsvRecord next() {
    if (!hasNext()) {
      throw new NoSuchElementException("no record is left");
    }
    LineFiles.Line first = ahead.get(0);
    List<LineFiles.Line> record = record();
    Optional<String[]> values = values(record);
    boolean whole = values.isPresent() && values.get().length == columns.size();
    boolean valid = first.valid() && (!whole || record.stream().allMatch(LineFiles.Line::valid));
    // a record that makes no sense costs one line, for its other lines may make some
    ahead.subList(0, whole ? record.size() : 1).clear();
    if (!valid) {
      return CsvRecord.faulty(first, PairRule.INVALID_UTF8, "it is not " + dialect.encoding());
    }
    return whole
        ? new CsvRecord(first, values.get(), null, null)
        : CsvRecord.faulty(first, PairRule.MALFORMED, reason(values));
  }

  private String reason(Optional<String[]> values) {
    return values
        .map(
            each ->
                "it has %d values for %d columns; one with a %s needs quotes"
                    .formatted(each.length, columns.size(), separatorInWords()))
        .orElse("a quote is left open, or stands between quotes without being doubled");
  }

  private String separatorInWords() {
    return switch (dialect.separator()) {
      case ',' -> "comma";
      case '\t' -> "tab";
      default -> Character.toString(dialect.separator());
    };
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
  private boolean endsInQuotes(String line, boolean beginsInQuotes) {
    if (!dialect.hasQuotes()) {
      return false;
    }
    char quote = dialect.quote();
    boolean quoted = beginsInQuotes;
    boolean startOfValue = !quoted;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quoted) {
        boolean doubled = c == quote && i + 1 < line.length() && line.charAt(i + 1) == quote;
        quoted = c != quote || doubled;
        i += doubled ? 1 : 0;
      } else {
        quoted = c == quote && startOfValue;
      }
      startOfValue = c == dialect.separator();
    }
    return quoted;
  }

  private Optional<LineFiles.Line> line(int i) {
    if (i == ahead.size() && lines.hasNext()) {
      ahead.add(lines.next());
    }
    return i < ahead.size() ? Optional.of(ahead.get(i)) : Optional.empty();
  }

  /** The values of a record; nothing if it is none. */
  private Optional<String[]> values(List<LineFiles.Line> record) {
    if (record.isEmpty()) {
      return Optional.empty();
    }
    try {
      String text = String.join("\n", record.stream().map(LineFiles.Line::text).toList());
      return Optional.ofNullable(parser.parseLine(text));
    } catch (TextParsingException malformed) {
      return Optional.empty();
    }
  }
}
