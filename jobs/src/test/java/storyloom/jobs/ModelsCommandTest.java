package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.ExitStatus;
import storyloom.model.registry.HomeLock;

/** A person looks after three models. */
final class ModelsCommandTest {

  @TempDir static Path folder;

  private static Path corpus;
  private static Path trained;
  private static List<String> versions;

  private Path home;

  @BeforeAll
  static void trainThree() {
    corpus = SmallCorpus.write(folder.resolve("corpus"));
    trained = folder.resolve("trained");
    versions = IntStream.rangeClosed(1, 3).mapToObj(ModelsCommandTest::train).toList();
  }

  private static String train(int seed) {
    Commands.Result result =
        Commands.train(
            SmallCorpus.training(
                trained, corpus, "--set", "train.epochs=1", "--set", "train.seed=" + seed));
    assertThat(result.status()).as("%s", result.err()).isZero();
    return result.json().get("model").textValue();
  }

  @BeforeEach
  void copyThem(@TempDir Path own) throws IOException {
    home = own.resolve("home");
    FileUtils.copyDirectory(trained.toFile(), home.toFile());
  }

  private Commands.Result models(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--set", "home=" + home));
    return Commands.run(ModelsCommand::run, all.toArray(String[]::new));
  }

  private String current() throws IOException {
    return Files.readString(home.resolve("models/current")).strip();
  }

  @Test
  void aListHasTheNewestFirstAndAStarAtTheCurrentOne() {
    List<String> table = models("list").out();

    assertThat(table).hasSize(4);
    assertThat(table.get(0)).matches("  version +state +trained \\(UTC\\) +perplexity +size");
    assertThat(table.get(1))
        .matches(
            "\\* "
                + versions.get(2)
                + " +promoted +\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d +[\\d.]+/token +[\\d.]+ kB");
    assertThat(table.get(3)).startsWith("  " + versions.get(0) + "  promoted");
    assertThat(models().out()).as("without a sub-command").isEqualTo(table);
  }

  @Test
  void settingsCountBeforeASubCommandAsBehindIt() {
    String set = "home=" + home;

    Commands.Result before =
        Commands.run(ModelsCommand::run, "--set", set, "show", versions.get(1));
    Commands.Result split =
        Commands.run(
            ModelsCommand::run, "--set", "home=elsewhere", "show", versions.get(1), "--set", set);

    assertThat(before.out()).anyMatch(line -> line.contains(versions.get(0)));
    assertThat(split.out()).isEqualTo(before.out());
    assertThat(Commands.run(ModelsCommand::run, "--set", "home=" + home + "/none", "list").out())
        .noneMatch(line -> line.contains(versions.get(1)));
  }

  @Test
  void aSheetTellsWhereAModelComesFrom() {
    assertThat(models("show", versions.get(1)).out())
        .anyMatch(line -> line.matches("before it +" + versions.get(0)))
        .anyMatch(line -> line.matches("corpus hash +[0-9a-f]{64}"))
        .anyMatch(line -> line.matches("  train_pairs +32"))
        .anyMatch(line -> line.matches("  train.seed +2"))
        .noneMatch(line -> line.contains("train.clip"));
    assertThat(models("show", "gone").error()).contains("there is no model gone");
  }

  @Test
  void rollbackAndPromoteSayWhatIsCurrentNow() throws IOException {
    assertThat(models("rollback").out())
        .containsExactly(versions.get(1) + " is the current model again");
    assertThat(current()).isEqualTo(versions.get(1));
    assertThat(models("list").out().get(1))
        .contains(versions.get(2) + "  refused")
        .endsWith("rolled back to " + versions.get(1));

    assertThat(models("promote", versions.get(2)).status()).isZero();
    assertThat(current()).isEqualTo(versions.get(2));
  }

  @Test
  void whoeverHoldsTheLockIsNamed() {
    try (HomeLock lock =
        HomeLock.take(home.toString(), new Configuration(), Duration.ofMinutes(1), line -> {})) {
      for (Commands.Result refused :
          List.of(models("prune"), Commands.train(SmallCorpus.training(home, corpus)))) {
        assertThat(refused.status()).isEqualTo(ExitStatus.LOCKED);
        assertThat(refused.error())
            .contains("another run holds", home + "/train.lock", System.getProperty("user.name"));
      }
    }
  }

  private String size(String... folders) {
    long bytes =
        Stream.of(folders).mapToLong(each -> FileUtils.sizeOf(home.resolve(each).toFile())).sum();
    return bytes < 1_000_000 ? "%.1f kB".formatted(bytes / 1e3) : "%.1f MB".formatted(bytes / 1e6);
  }

  @Test
  void pruningSaysWhatGoesAndWhatIsLeft() throws IOException {
    Files.createDirectories(home.resolve("prepared/_unfinished-1"));
    Files.createDirectories(home.resolve("checkpoints/20261121T010000-01234567"));
    Files.createDirectories(
        home.resolve("tunings/20261122T010000-01234567/checkpoints/trial-00000"));

    Commands.Result pruned = models("prune", "--set", "registry.keep-promoted=1");
    List<String> out = pruned.out();

    assertThat(pruned.err())
        .contains("removed the checkpoints of the tuning 20261122T010000-01234567");
    assertThat(out.get(0)).isEqualTo("removed " + versions.get(0));
    assertThat(out.get(1))
        .isEqualTo(
            "%s takes %s: models %s, checkpoints 0 B, prepared %s, runs %s, tunings 0 B",
            home,
            size("models", "prepared", "runs"),
            size("models"),
            size("prepared"),
            size("runs"));
    assertThat(home.resolve("prepared/_unfinished-1")).doesNotExist();
    assertThat(home.resolve("checkpoints")).doesNotExist();
    assertThat(models("list").out())
        .as("the current one, and the one before")
        .hasSize(3)
        .noneMatch(line -> line.contains(versions.get(0)));
  }

  @Test
  void helpListsWhatCanBeDone() {
    assertThat(models("--help").out()).anyMatch(line -> line.matches(" +rollback +Makes .*"));
    assertThat(models("prune", "--help").out()).anyMatch(line -> line.contains("keep-promoted"));
    assertThat(models("premote", "x").status()).isEqualTo(ExitStatus.USAGE);
  }
}
