package storyloom.serve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static storyloom.serve.http.TestService.await;
import static storyloom.serve.http.TestService.problem;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the service comes to its end. */
final class EndTest {

  @TempDir Path home;

  private static Thread end(StoryServer server) {
    Thread thread =
        new Thread(
            () -> {
              try {
                server.announceEnd();
                server.drain();
              } catch (InterruptedException given) {
                Thread.currentThread().interrupt();
              }
            });
    thread.start();
    return thread;
  }

  private static boolean refuses(int port) {
    try (Socket taken = new Socket("127.0.0.1", port)) { // only to be closed
      return false;
    } catch (ConnectException refused) {
      return true;
    } catch (IOException halfOpen) {
      return false;
    }
  }

  private static int ready(TestService service) {
    return service.get("/health/ready").statusCode();
  }

  @Test
  void forATimeItIsNotReadyButGoesOn() throws Exception {
    try (TestService service = TestService.start(home, "serve.unready-seconds=3600")) {
      assertThat(ready(service)).isEqualTo(200);

      Thread end = end(service.server());

      await("it is not ready", () -> ready(service) == 503);
      assertThat(problem(service.get("/health/ready"), 503).get("type").textValue())
          .isEqualTo("urn:storyloom:problem:stopping");
      assertThat(service.get("/health/live").statusCode()).isEqualTo(200);
      assertThat(service.story(Map.of("prompt", "a fox")).get("tokens").intValue()).isPositive();
      service.connect().close(); // it still listens
      end.interrupt();
      end.join();
    }
  }

  @Test
  void afterThatItTakesNoConnections() throws Exception {
    try (TestService service = TestService.start(home, "serve.unready-seconds=0.1")) {
      int port = service.port();

      end(service.server()).join();

      // the thread that waits for connections closes the socket, as soon as it is woken
      await("it takes no connections", () -> refuses(port));
    }
  }

  @Test
  void withoutSuchATimeItEndsAtOnce() throws Exception {
    try (TestService service = TestService.start(home)) {
      int port = service.port();

      end(service.server()).join();

      // the thread that waits for connections closes the socket, as soon as it is woken
      await("it takes no connections", () -> refuses(port));
    }
  }
}
