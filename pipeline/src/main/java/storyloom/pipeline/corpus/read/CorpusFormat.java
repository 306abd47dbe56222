package storyloom.pipeline.corpus.read;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import storyloom.model.UserException;

/** The layouts a corpus can have, recognised by the endings of the file names. */
enum CorpusFormat {
  /** Two files, prompts and stories: line i of one belongs to line i of the other. */
  LINES(".wp_source", ".wp_target"),
  PARQUET(".parquet"),
  /** One JSON object a line. */
  JSON(".jsonl", ".json"),
  /** With a header line; quoted as in RFC 4180. */
  CSV(".csv");

  private static final String AUTO = "auto";

  private final List<String> endings;

  CorpusFormat(String... endings) {
    this.endings = List.of(endings);
  }

  /**
   * The format that {@code corpus.format} asks for; none for {@code auto}.
   *
   * @throws UserException if there is no such format
   */
  static Optional<CorpusFormat> of(String name) {
    if (name.equals(AUTO)) {
      return Optional.empty();
    }
    return Optional.of(
        Arrays.stream(values())
            .filter(format -> format.toString().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    UserException.usage(
                        "corpus.format must be auto, lines, parquet, json or csv, not " + name)));
  }

  List<String> endings() {
    return endings;
  }

  /** What a folder must hold, for messages. */
  static String expected(Optional<CorpusFormat> format) {
    return format.map(List::of).orElse(List.of(values())).stream()
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
