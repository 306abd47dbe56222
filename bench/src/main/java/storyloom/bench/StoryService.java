package storyloom.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import storyloom.model.UserException;

/** {@code bin/serve} in a process of its own, at a port of its own. */
final class StoryService implements AutoCloseable {

  private static final String LISTENS = "stories are written at ";
  private static final int PATIENCE_SECONDS = 60;

  private final Process process;
  private final URI address;
  private final double startSeconds;

  private StoryService(Process process, URI address, double startSeconds) {
    this.process = process;
    this.address = address;
    this.startSeconds = startSeconds;
  }

  /**
   * Starts the service and waits until it listens.
   *
   * @param arguments of bin/serve
   * @throws UserException of data if it ends instead
   */
  static StoryService start(List<String> arguments) throws IOException {
    long started = System.nanoTime();
    List<String> line = new ArrayList<>(List.of(script(), "--port", "0"));
    line.addAll(arguments);
    Process process =
        new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    BufferedReader out = process.inputReader(UTF_8);
    for (String said = out.readLine(); said != null; said = out.readLine()) {
      if (said.startsWith(LISTENS)) {
        URI address = URI.create(said.substring(LISTENS.length()));
        return new StoryService(process, address, (System.nanoTime() - started) / 1e9);
      }
    }
    throw UserException.data("the service has not started: try " + String.join(" ", line));
  }

  private static String script() {
    String root = System.getProperty("storyloom.root", System.getenv("STORYLOOM_ROOT"));
    if (root == null) {
      throw UserException.usage(
          "bench serve is to be run by bin/bench, which knows where bin/serve is");
    }
    return Path.of(root, "bin", "serve").toString();
  }

  /** Where stories are asked for. */
  URI generate() {
    return address.resolve("/generate");
  }

  /** Time from the start of the process until it listened. */
  double startSeconds() {
    return startSeconds;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
