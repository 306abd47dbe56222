package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.ExitStatus;

/** The scripts for schedulers and for people, as they lie in bin/. */
@Tag("cluster")
final class NightlyIT {

  @TempDir Path folder;

  private BinCommand.Ended night(String corpus, String... more) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            Arrays.asList(
                SmallCorpus.training(
                    folder.resolve("home"),
                    folder.resolve(corpus),
                    "--set",
                    "notify.command=echo $STORYLOOM_STATUS > " + folder.resolve("notified"))));
    arguments.addAll(List.of(more));
    try (BinCommand nightly =
        BinCommand.start(
            folder,
            "nightly",
            arguments,
            Map.of(
                "STORYLOOM_LOGS", folder.resolve("logs").toString(),
                "STORYLOOM_LOGS_KEPT", "1",
                "STORYLOOM_SUBMIT", "--master local[2] --conf spark.ui.enabled=false"))) {
      return nightly.ended();
    }
  }

  private List<Path> logs() throws IOException {
    try (Stream<Path> logs = Files.list(folder.resolve("logs"))) {
      return logs.sorted().toList();
    }
  }

  @Test
  void aNightIsLoggedAndAFailedOneIsTold() throws Exception {
    SmallCorpus.write(folder.resolve("corpus"));

    BinCommand.Ended good = night("corpus");

    assertThat(good.status()).as("%s", logs()).isZero();
    assertThat(good.out()).isEmpty();
    assertThat(good.err()).isEmpty();
    assertThat(logs()).hasSize(1);
    assertThat(logs().get(0)).content().contains("is the current one");
    assertThat(folder.resolve("notified")).doesNotExist();

    BinCommand.Ended bad = night("nowhere");
    assertThat(bad.status()).isEqualTo(ExitStatus.DATA);
    assertThat(bad.err()).contains("ended with status 3", folder.resolve("logs").toString());
    assertThat(folder.resolve("notified")).hasContent("3");
    assertThat(logs()).as("the newest one").hasSize(1);
    assertThat(logs().get(0)).content().contains("error: ");

    BinCommand.Ended list =
        BinCommand.run(folder, "models", "--set", "home=" + folder.resolve("home"));
    assertThat(list.status()).as(list.err()).isZero();
    assertThat(list.out()).hasSize(2);
    assertThat(list.out().get(1)).startsWith("* ").contains("promoted");
    assertThat(list.err()).isEmpty();
  }
}
