package storyloom.pipeline.generate;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import storyloom.model.UserException;
import storyloom.pipeline.corpus.read.CsvDialect;
import storyloom.pipeline.corpus.read.DataFormat;
import storyloom.pipeline.corpus.read.JsonTable;

/**
 * Where prompts stand, and how they are to be read.
 *
 * @param path a file, a folder or a pattern, any Hadoop URI; a name if it is a table of the catalog
 * @param format what it is; empty to go by names and content
 * @param options how to read it, called as Spark calls them, in any case
 */
public record PromptInput(String path, Optional<DataFormat> format, Map<String, String> options) {

  private static final String DATABASE = "jdbc:";

  /** Options that are not true or false. */
  private static final Set<String> WORDS = Set.of("sep", "delimiter", "quote", "encoding");

  private static final Map<DataFormat, Set<String>> OPTIONS =
      Map.of(
          DataFormat.CSV, CsvDialect.OPTIONS,
          DataFormat.TSV, CsvDialect.OPTIONS,
          DataFormat.JSON, JsonTable.OPTIONS,
          DataFormat.TEXT, Set.of("encoding"));

  /**
   * @throws UserException of usage if it is a database
   */
  public PromptInput {
    if (path.toLowerCase(Locale.ROOT).startsWith(DATABASE)) {
      throw UserException.usage(
          "--input must be files or a table of Spark's catalog, not a database: read it with Spark, write it as Parquet, and take that");
    }
    TreeMap<String, String> spelled = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    spelled.putAll(options);
    options = Collections.unmodifiableMap(spelled);
  }

  /** A path, to be read as names and content tell. */
  public static PromptInput at(String path) {
    return new PromptInput(path, Optional.empty(), Map.of());
  }

  /** Whether it is a table of the catalog, not files. */
  public boolean isTable() {
    return format.equals(Optional.of(DataFormat.TABLE));
  }

  /**
   * Refuses options and values of theirs that mean nothing.
   *
   * @param found the format that the input turned out to have
   * @throws UserException of usage if there is one
   */
  void requireOptionsOf(DataFormat found) {
    Set<String> known = OPTIONS.getOrDefault(found, Set.of());
    options.forEach(
        (option, value) -> {
          requireOption(known, option, found);
          if (WORDS.stream().noneMatch(option::equalsIgnoreCase)
              && !value.equals("true")
              && !value.equals("false")) {
            throw UserException.usage(
                "--input-option %s must be true or false, not \"%s\"".formatted(option, value));
          }
        });
  }

  private static void requireOption(Set<String> known, String option, DataFormat found) {
    if (known.isEmpty()) {
      throw UserException.usage("--input-option %s: %s has no options".formatted(option, found));
    }
    if (known.stream().noneMatch(option::equalsIgnoreCase)) {
      throw UserException.usage(
          "--input-option %s: the options of %s are %s"
              .formatted(option, found, String.join(", ", known.stream().sorted().toList())));
    }
  }
}
