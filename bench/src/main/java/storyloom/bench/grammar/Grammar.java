package storyloom.bench.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A context-free grammar with bound variables.
 *
 * <p>A <em>rule</em> is a list of alternatives; each time its name is met, one is drawn. A
 * <em>table</em> is a list of rows; one row is drawn for a whole text, and every mention of the
 * table or of one of its columns refers to that row. Read from text by {@link GrammarReader}.
 */
public final class Grammar {

  /** The resources of the project's own story grammar. */
  private static final List<String> STORY_SOURCES =
      List.of("words.txt", "prompts.txt", "stories.txt");

  private final Map<String, List<String>> rules;
  private final Map<String, List<Map<String, String>>> tables;

  Grammar(Map<String, List<String>> rules, Map<String, List<Map<String, String>>> tables) {
    this.rules = Map.copyOf(rules);
    this.tables = Map.copyOf(tables);
  }

  /** The grammar that writes the corpus in {@code data/}. */
  public static Grammar ofStories() {
    GrammarReader reader = new GrammarReader();
    for (String source : STORY_SOURCES) {
      reader.readResource(source);
    }
    return reader.grammar();
  }

  /**
   * @param name of a rule
   * @return its alternatives, in the order of the source, at least one
   */
  List<String> alternatives(String name) {
    return Objects.requireNonNull(rules.get(name), () -> "the grammar has no rule " + name);
  }

  /**
   * @param name of a table
   * @return its rows, in the order of the source, at least one; a row maps {@code name} to its
   *     first cell and {@code name.column} to the others
   */
  List<Map<String, String>> rows(String name) {
    return Objects.requireNonNull(tables.get(name), () -> "the grammar has no table " + name);
  }

  /** Everything that may stand between braces in this grammar, {@code {a}} aside. */
  List<String> symbols() {
    List<String> symbols = new ArrayList<>(rules.keySet());
    tables.values().forEach(rows -> symbols.addAll(rows.get(0).keySet()));
    return symbols;
  }
}
