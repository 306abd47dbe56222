package storyloom.pipeline.corpus.read;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import storyloom.model.UserException;

/** The layouts that corpora and tables of prompts can have, most recognised by endings of names. */
public enum DataFormat {
  /** Two files of a corpus, prompts and stories: line i of one belongs to line i of the other. */
  LINES(".wp_source", ".wp_target"),
  PARQUET(".parquet"),
  /** One JSON object a line, or arrays of them. */
  JSON(".jsonl", ".json", ".ndjson"),
  /** With a header line; quoted as in RFC 4180. */
  CSV(".csv"),
  /** As CSV, with tabs. */
  TSV(".tsv"),
  /** One prompt a line: a table of the one column prompt. */
  TEXT(".txt"),
  ORC(".orc"),
  /** Read by a library of Spark that does not belong to its core. */
  AVRO(".avro"),
  /** A table of Spark's catalog: not a path but a name. */
  TABLE();

  private static final String AUTO = "auto";
  private static final Set<DataFormat> OF_CORPORA = EnumSet.complementOf(EnumSet.of(TEXT));
  private static final Set<DataFormat> OF_PROMPTS = EnumSet.complementOf(EnumSet.of(LINES));
  private static final Pattern COMPRESSED = Pattern.compile("\\.(gz|bz2|zst|lz4|snappy|deflate)$");

  private final List<String> endings;

  DataFormat(String... endings) {
    this.endings = List.of(endings);
  }

  /**
   * The format that {@code corpus.format} asks for; none for {@code auto}.
   *
   * @throws UserException of usage if there is no such format
   */
  static Optional<DataFormat> ofCorpus(String name) {
    return name.equals(AUTO)
        ? Optional.empty()
        : Optional.of(
            named(
                name,
                OF_CORPORA,
                "corpus.format must be auto, %s, not %s".formatted(names(OF_CORPORA), name)));
  }

  /**
   * The format of a table of prompts by its name.
   *
   * @throws UserException of usage if there is no such format
   */
  public static DataFormat ofPrompts(String name) {
    return named(
        name, OF_PROMPTS, "--format must be %s, not %s".formatted(names(OF_PROMPTS), name));
  }

  /** The formats of tables of prompts, for messages. */
  public static String ofPrompts() {
    return names(OF_PROMPTS);
  }

  private static DataFormat named(String name, Set<DataFormat> formats, String otherwise) {
    return formats.stream()
        .filter(each -> each.toString().equals(name) || each.endings.contains("." + name))
        .findFirst()
        .orElseThrow(() -> UserException.usage(otherwise));
  }

  private static String names(Set<DataFormat> formats) {
    List<String> names = formats.stream().map(DataFormat::toString).toList();
    int last = names.size() - 1;
    return String.join(", ", names.subList(0, last)) + " or " + names.get(last);
  }

  /** The formats of files of a corpus. */
  static Stream<DataFormat> ofCorpusFiles() {
    return OF_CORPORA.stream().filter(each -> !each.endings.isEmpty());
  }

  /**
   * The format of a table of prompts by the name of a file or folder, an ending of compression left
   * aside; nothing if the name says nothing.
   */
  static Optional<DataFormat> ofPrompts(Path path) {
    String name = COMPRESSED.matcher(path.getName().toLowerCase(Locale.ROOT)).replaceFirst("");
    return Arrays.stream(values())
        .filter(format -> format.endings.stream().anyMatch(name::endsWith))
        .map(format -> format == LINES ? TEXT : format)
        .findFirst();
  }

  List<String> endings() {
    return endings;
  }

  /** What a folder must hold, for messages. */
  static String expected(Optional<DataFormat> format) {
    return format
        .map(Stream::of)
        .orElseGet(DataFormat::ofCorpusFiles)
        .map(
            each ->
                each.endings.stream()
                    .map(ending -> Split.TRAIN + ending)
                    .collect(Collectors.joining(each == LINES ? " and " : " or ")))
        .collect(Collectors.joining(", or "));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
