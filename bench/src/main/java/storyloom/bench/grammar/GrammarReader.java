package storyloom.bench.grammar;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;

/**
 * Reads a {@link Grammar} from text.
 *
 * <pre>
 * # a comment
 * rule NAME
 *   an alternative with {symbols}
 * table NAME | COLUMN | COLUMN
 *   a cell | a cell | a cell
 * </pre>
 *
 * <p>Headings start at the margin, entries below them are indented. Alternatives and cells may hold
 * symbols: {@code {rule}}, {@code {rule*}}, {@code {table}}, {@code {table.column}} and {@code
 * {a}}; see {@link Expander}.
 */
final class GrammarReader {

  private record Place(String source, int line) {
    IllegalArgumentException refuse(String why) {
      return new IllegalArgumentException(source + " line " + line + ": " + why);
    }
  }

  private final Map<String, List<String>> rules = new LinkedHashMap<>();
  private final Map<String, List<Map<String, String>>> tables = new LinkedHashMap<>();
  private final Map<String, Place> uses = new LinkedHashMap<>();

  /**
   * Adds the rules and tables of a resource that stands beside this class.
   *
   * @throws IllegalArgumentException if a line is not understood; the message names resource and
   *     line
   */
  void readResource(String name) {
    InputStream stream =
        Objects.requireNonNull(
            GrammarReader.class.getResourceAsStream(name), () -> "no resource " + name);
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      read(name, reader.lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Adds the rules and tables of some lines.
   *
   * @param source where they come from, for messages
   * @throws IllegalArgumentException if a line is not understood; the message names source and line
   */
  void read(String source, List<String> lines) {
    List<String> heading = List.of();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      Place place = new Place(source, i + 1);
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (!line.startsWith(" ")) {
        heading = heading(line, place);
      } else if (heading.isEmpty()) {
        throw place.refuse(
            "an indented line needs a heading above it: rule NAME, or table NAME | COLUMN");
      } else {
        entry(heading, line.strip(), place);
      }
    }
  }

  /**
   * @return what was read so far
   * @throws IllegalArgumentException if a symbol is used that is neither a rule nor a table nor a
   *     column, or a heading has no lines
   */
  Grammar grammar() {
    rules.forEach((name, alternatives) -> refuseEmpty(name, alternatives));
    tables.forEach((name, rows) -> refuseEmpty(name, rows));
    Grammar grammar = new Grammar(rules, tables);
    Set<String> known = new TreeSet<>(grammar.symbols());
    known.add(Expander.ARTICLE);
    uses.forEach(
        (symbol, place) -> {
          if (!known.contains(symbol)) {
            throw place.refuse("unknown symbol {" + symbol + "}; known are " + known);
          }
        });
    return grammar;
  }

  private static void refuseEmpty(String name, List<?> lines) {
    if (lines.isEmpty()) {
      throw new IllegalArgumentException(name + " has no lines below its heading");
    }
  }

  /** Returns the columns of a table, its own name first; or only the name of a rule. */
  private List<String> heading(String line, Place place) {
    List<String> names = cells(line.substring(line.indexOf(' ') + 1));
    String name = names.get(0);
    if (rules.containsKey(name) || tables.containsKey(name)) {
      throw place.refuse(name + " stands twice in the grammar");
    }
    if (line.startsWith("rule ") && names.size() == 1) {
      rules.put(name, new ArrayList<>());
    } else if (line.startsWith("table ")) {
      tables.put(name, new ArrayList<>());
    } else {
      throw place.refuse("expected rule NAME, or table NAME | COLUMN, not: " + line);
    }
    return names;
  }

  private void entry(List<String> heading, String text, Place place) {
    Matcher symbols = Expander.SYMBOL.matcher(text);
    while (symbols.find()) {
      uses.putIfAbsent(symbols.group("name"), place);
    }
    String name = heading.get(0);
    if (rules.containsKey(name)) {
      rules.get(name).add(text);
    } else {
      tables.get(name).add(row(heading, cells(text), place));
    }
  }

  private static Map<String, String> row(List<String> heading, List<String> cells, Place place) {
    if (cells.size() != heading.size()) {
      throw place.refuse(
          "expected " + heading.size() + " cells " + heading + ", not " + cells.size());
    }
    Map<String, String> row = new LinkedHashMap<>();
    row.put(heading.get(0), cells.get(0));
    for (int i = 1; i < cells.size(); i++) {
      row.put(heading.get(0) + "." + heading.get(i), cells.get(i));
    }
    return row;
  }

  private static List<String> cells(String text) {
    return Arrays.stream(text.split("\\|", -1)).map(String::strip).toList();
  }
}
