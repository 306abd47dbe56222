package storyloom.pipeline.corpus.read;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import storyloom.model.UserException;

/**
 * What the files at a path are taken for.
 *
 * @param format their format
 * @param reason why they are taken for that, as the end of a sentence
 */
public record FormatGuess(DataFormat format, String reason) {

  private static final Map<DataFormat, Pattern> BEGINNINGS =
      Map.of(
          DataFormat.PARQUET, Pattern.compile("PAR[1E]"),
          DataFormat.ORC, Pattern.compile("ORC"),
          DataFormat.AVRO, Pattern.compile("Obj\u0001"),
          DataFormat.JSON, Pattern.compile("\\[?\\s*\\{\\s*[\"}]|\\[\\s*\\]"));

  private static final Set<DataFormat> BINARY =
      Set.of(DataFormat.PARQUET, DataFormat.ORC, DataFormat.AVRO);

  /**
   * Takes the word of the user, else goes by the names of files, then by that of their folder, then
   * by content.
   *
   * @param path a file, a folder or a pattern; any Hadoop URI
   * @param told what the user says
   * @throws UserException of data if there are no files, nothing tells their format, or the first
   *     is of another format by its content
   */
  public static FormatGuess of(String path, Optional<DataFormat> told, Configuration configuration)
      throws IOException {
    List<FileStatus> files = CorpusFiles.matching(new Path(path), configuration);
    if (files.isEmpty()) {
      throw UserException.data("there is no file in " + path);
    }
    Optional<Path> first =
        files.stream().filter(file -> file.getLen() > 0).map(FileStatus::getPath).findFirst();
    Optional<DataFormat> content =
        first.isPresent() ? ofContent(first.get(), configuration) : Optional.empty();
    FormatGuess guess =
        told.map(format -> new FormatGuess(format, "--format says so"))
            .or(() -> byNames(path, files))
            .or(() -> content.map(found -> new FormatGuess(found, "its content begins so")))
            .orElseThrow(
                () ->
                    UserException.data(
                        "neither names nor content tell how %s is written: say --format, one of %s"
                            .formatted(path, DataFormat.ofPrompts())));
    first.ifPresent(file -> guess.requireContent(file, content));
    return guess;
  }

  private static Optional<FormatGuess> byNames(String path, List<FileStatus> files) {
    Path named = new Path(path);
    List<DataFormat> formats =
        files.stream()
            .flatMap(file -> DataFormat.ofPrompts(file.getPath()).stream())
            .distinct()
            .sorted()
            .toList();
    if (formats.size() > 1) {
      throw UserException.data(
          "%s holds files of several formats, %s: take one with a pattern, such as %s/*%s"
              .formatted(
                  path,
                  formats.stream().map(DataFormat::toString).collect(Collectors.joining(" and ")),
                  named,
                  formats.get(0).endings().get(0)));
    }
    return formats.stream()
        .map(format -> new FormatGuess(format, reason(named, files, format)))
        .findFirst()
        .or(
            () ->
                DataFormat.ofPrompts(named)
                    .map(format -> new FormatGuess(format, "its name ends so")));
  }

  private static String reason(Path named, List<FileStatus> files, DataFormat format) {
    boolean itself =
        files.stream().allMatch(file -> file.getPath().getName().equals(named.getName()))
            || DataFormat.ofPrompts(named).equals(Optional.of(format));
    return itself ? "its name ends so" : "the names of its files end so";
  }

  /** The format that a file's content has, if that can be seen. */
  private static Optional<DataFormat> ofContent(Path file, Configuration configuration)
      throws IOException {
    String beginning = CorpusFiles.beginning(file, configuration);
    return BEGINNINGS.entrySet().stream()
        .filter(each -> each.getValue().matcher(beginning).lookingAt())
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private void requireContent(Path file, Optional<DataFormat> content) {
    if (content.isPresent() && content.get() != format && BINARY.contains(content.get())) {
      throw UserException.data(
          "%s is %s by its content, but was taken for %s because %s: say --format %s"
              .formatted(file, content.get(), format, reason, content.get()));
    }
    if (BINARY.contains(format) && !content.equals(Optional.of(format))) {
      throw UserException.data(
          "%s is not %s by its content, but was taken for it because %s: say with --format what it is"
              .formatted(file, format, reason));
    }
  }

  /** What is going to be done, for the user to see whether that is meant. */
  public String sentence(String path) {
    return "reading %s as %s: %s".formatted(path, format, reason);
  }
}
