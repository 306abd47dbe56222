package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PreparedPairsTest {

  @TempDir Path home;

  @Test
  void nothingIsLeftAfterTheRun() throws IOException {
    try (PreparedPairs pairs = new PreparedPairs(home.toString(), new Configuration())) {
      Files.createDirectories(Path.of(pairs.train().toUri().getPath()));
      assertThat(home.resolve("prepared")).isNotEmptyDirectory();
    }

    assertThat(home).isEmptyDirectory();
  }

  @Test
  void runsBesideEachOtherLeaveEachOthersPairsAlone() throws IOException {
    try (PreparedPairs first = new PreparedPairs(home.toString(), new Configuration())) {
      Path train = Path.of(first.train().toUri().getPath());
      Files.createDirectories(train);
      new PreparedPairs(home.toString(), new Configuration()).close();

      assertThat(train).exists();
    }
  }
}
