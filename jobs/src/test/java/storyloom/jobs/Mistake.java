package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What a user sees of a mistake: a status, and one line that names what is wrong. */
public final class Mistake {

  private Mistake() {}

  /** A command has ended with this status and one line with these words. */
  public static void assertMistake(Commands.Result result, int status, String... words) {
    assertThat(result.error()).contains(words);
    assertThat(result.status()).isEqualTo(status);
    assertThat(result.err()).noneMatch(line -> line.startsWith("\tat ") || line.contains("WARN"));
  }

  /** The same of a command that shall leave a folder as it is. */
  static void assertMistakeLeavesNothing(
      Path folder, Supplier<Commands.Result> command, int status, String... words) {
    List<Path> before = files(folder);
    assertMistake(command.get(), status, words);
    assertThat(files(folder)).isEqualTo(before);
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.sorted().toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
