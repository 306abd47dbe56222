package storyloom.serve.http;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** What tests have in common that ask one service, of a model of a dozen words and as it comes. */
abstract class OneService {

  @TempDir static Path home;

  static TestService service;

  @BeforeAll
  static void start() {
    service = TestService.start(home);
  }

  @AfterAll
  static void stop() {
    service.close();
  }
}
