package storyloom.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The service as a process of its own. */
final class ServiceProcess implements AutoCloseable {

  static final Path ROOT = Path.of(System.getProperty("storyloom.root"));

  private static final long PATIENCE_MINUTES = 5;
  private static final String LISTENS = "stories are written at ";

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final Path log;
  private final BufferedReader out;
  private URI address;

  private ServiceProcess(Path folder, List<String> line) throws IOException {
    log = Files.createTempFile(folder, "log", ".txt");
    process = new ProcessBuilder(line).redirectError(log.toFile()).start();
    out = process.inputReader(UTF_8);
  }

  /** Starts serve.jar by plain Java, without any option of it. */
  static ServiceProcess ofJar(Path folder, String... arguments) throws IOException {
    return start(
        folder,
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-jar",
            ROOT.resolve("jobs/serve.jar").toString()),
        arguments);
  }

  /** Starts bin/serve. */
  static ServiceProcess ofScript(Path folder, String... arguments) throws IOException {
    return start(folder, List.of(ROOT.resolve("bin/serve").toString()), arguments);
  }

  private static ServiceProcess start(Path folder, List<String> command, String... arguments)
      throws IOException {
    List<String> line = new ArrayList<>(command);
    line.addAll(List.of(arguments));
    return new ServiceProcess(folder, line);
  }

  /** Waits until it listens. */
  ServiceProcess ready() throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(LISTENS)) {
        address = URI.create(line.substring(LISTENS.length()));
        return this;
      }
    }
    throw new AssertionError("it does not listen:\n" + log());
  }

  /** Asks for a story. */
  CompletableFuture<HttpResponse<String>> generate(String request) {
    return client.sendAsync(
        HttpRequest.newBuilder(address.resolve("/generate"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(request))
            .build(),
        BodyHandlers.ofString());
  }

  /** What is answered at a path. */
  String get(String path) throws IOException, InterruptedException {
    return answer(path).body();
  }

  /** The status of what is answered at a path. */
  int status(String path) throws IOException, InterruptedException {
    return answer(path).statusCode();
  }

  private HttpResponse<String> answer(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(address.resolve(path)).build(), BodyHandlers.ofString());
  }

  /** Sends SIGTERM. */
  void terminate() {
    assertThat(process.toHandle().destroy()).isTrue();
  }

  /** Waits for its end; gives its exit status. */
  int ended() throws InterruptedException {
    assertThat(process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)).as("it does not end").isTrue();
    return process.exitValue();
  }

  /** What it has said on stderr. */
  String log() throws IOException {
    return Files.readString(log);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
