package storyloom.bench.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** {@code generate.jar} in a process of its own, as users submit it, watched by what it says. */
public final class GenerateProcess {

  /** It has the model and has counted the prompts. */
  private static final Pattern BEGINS = Pattern.compile("[0-9,]+ prompts, model .*");

  private static final String WRITTEN = "the stories lie in ";

  private static final int LAST_LINES = 5;

  /**
   * How long it took.
   *
   * @param start until it began to write, in seconds
   * @param writing until all stories lay in their place
   * @param whole from the start of the process to its end
   */
  public record Times(double start, double writing, double whole) {}

  private final List<String> line;
  private final Path errors;

  /**
   * @param submit options of spark-submit
   * @param arguments of generate.jar
   * @param errors takes what it says on stderr
   */
  public GenerateProcess(List<String> submit, List<String> arguments, Path errors) {
    this.line = new ArrayList<>(List.of(ProjectFolder.file("bin", "spark-submit").toString()));
    line.addAll(submit);
    line.add(ProjectFolder.file("jobs", "generate.jar").toString());
    line.addAll(arguments);
    this.errors = errors;
  }

  /**
   * Runs it to its end.
   *
   * @param begun what is done when it begins to write
   * @throws IllegalStateException if it fails
   */
  public Times run(Runnable begun) throws InterruptedException {
    long started = System.nanoTime();
    try {
      Process process = new ProcessBuilder(line).redirectError(errors.toFile()).start();
      try (BufferedReader out = process.inputReader(UTF_8)) {
        double start = 0;
        double written = 0;
        for (String said = out.readLine(); said != null; said = out.readLine()) {
          if (BEGINS.matcher(said).matches()) {
            start = since(started);
            begun.run();
          } else if (said.startsWith(WRITTEN)) {
            written = since(started);
          }
        }
        requireSuccess(process.waitFor());
        return new Times(start, written - start, since(started));
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static double since(long started) {
    return (System.nanoTime() - started) / 1e9;
  }

  private void requireSuccess(int status) throws IOException {
    if (status != 0) {
      List<String> said = Files.readAllLines(errors);
      List<String> last = said.subList(Math.max(0, said.size() - LAST_LINES), said.size());
      throw new IllegalStateException(
          "generate.jar has ended with status %d: %s".formatted(status, String.join(" | ", last)));
    }
  }
}
