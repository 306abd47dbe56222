package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.registry.HomeLock;

/** A person looks after three models, in this order. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ModelsCommandTest {

  private static final int LOCKED = 6;

  @TempDir static Path folder;

  private static Path corpus;
  private static Path home;
  private static final List<String> VERSIONS = new ArrayList<>();

  @BeforeAll
  static void trainThree() {
    corpus = SmallCorpus.write(folder.resolve("corpus"));
    home = folder.resolve("home");
    for (int seed = 1; seed <= 3; seed++) {
      Commands.Result trained =
          Commands.train(
              SmallCorpus.training(
                  home, corpus, "--set", "train.epochs=1", "--set", "train.seed=" + seed));
      assertThat(trained.status()).as("%s", trained.err()).isZero();
      VERSIONS.add(trained.json().get("model").textValue());
    }
  }

  private static Commands.Result models(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--set", "home=" + home));
    return Commands.run(ModelsCommand::run, all.toArray(String[]::new));
  }

  private static String current() throws IOException {
    return Files.readString(home.resolve("models/current")).strip();
  }

  @Test
  @Order(1)
  void aListHasTheNewestFirstAndAStarAtTheCurrentOne() {
    List<String> table = models("list").out();

    assertThat(table).hasSize(4);
    assertThat(table.get(0)).matches("  version +state +trained \\(UTC\\) +perplexity +size");
    assertThat(table.get(1))
        .matches(
            "\\* "
                + VERSIONS.get(2)
                + " +promoted +\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d +[\\d.]+/token +[\\d.]+ kB");
    assertThat(table.get(3)).startsWith("  " + VERSIONS.get(0) + "  promoted");
    assertThat(models().out()).as("without a sub-command").isEqualTo(table);
  }

  @Test
  @Order(2)
  void aSheetTellsWhereAModelComesFrom() {
    assertThat(models("show", VERSIONS.get(1)).out())
        .anyMatch(line -> line.matches("before it +" + VERSIONS.get(0)))
        .anyMatch(line -> line.matches("corpus hash +[0-9a-f]{64}"))
        .anyMatch(line -> line.matches("  train_pairs +32"))
        .anyMatch(line -> line.matches("  train.seed +2"))
        .noneMatch(line -> line.contains("train.clip"));
    assertThat(models("show", "gone").error()).contains("there is no model gone");
  }

  @Test
  @Order(3)
  void rollbackAndPromoteSayWhatIsCurrentNow() throws IOException {
    assertThat(models("rollback").out())
        .containsExactly(VERSIONS.get(1) + " is the current model again");
    assertThat(current()).isEqualTo(VERSIONS.get(1));
    assertThat(models("list").out().get(1))
        .contains(VERSIONS.get(2) + "  refused")
        .endsWith("rolled back to " + VERSIONS.get(1));

    assertThat(models("promote", VERSIONS.get(2)).status()).isZero();
    assertThat(current()).isEqualTo(VERSIONS.get(2));
  }

  @Test
  @Order(4)
  void whoeverHoldsTheLockIsNamed() {
    try (HomeLock lock =
        HomeLock.take(home.toString(), new Configuration(), Duration.ofMinutes(1), line -> {})) {
      for (Commands.Result refused :
          List.of(models("prune"), Commands.train(SmallCorpus.training(home, corpus)))) {
        assertThat(refused.status()).isEqualTo(LOCKED);
        assertThat(refused.error())
            .contains("another run holds", home + "/train.lock", System.getProperty("user.name"));
      }
    }
  }

  @Test
  @Order(5)
  void pruningSaysWhatGoesAndWhatIsLeft() throws IOException {
    Files.createDirectories(home.resolve("prepared/_unfinished-1"));
    Files.createDirectories(home.resolve("checkpoints/20261121T010000-01234567"));

    List<String> out = models("prune", "--set", "registry.keep-promoted=1").out();

    assertThat(out.get(0)).isEqualTo("removed " + VERSIONS.get(0));
    assertThat(out.get(1))
        .matches(home + " takes [\\d.]+ kB: models [\\d.]+ kB, checkpoints 0 B, .*");
    assertThat(home.resolve("prepared/_unfinished-1")).doesNotExist();
    assertThat(home.resolve("checkpoints")).doesNotExist();
    assertThat(models("list").out())
        .as("the current one, and the one before")
        .hasSize(3)
        .noneMatch(line -> line.contains(VERSIONS.get(0)));
  }

  @Test
  @Order(6)
  void helpListsWhatCanBeDone() {
    assertThat(models("--help").out()).anyMatch(line -> line.matches(" +rollback +Makes .*"));
    assertThat(models("prune", "--help").out()).anyMatch(line -> line.contains("keep-promoted"));
    assertThat(models("premote", "x").status()).isEqualTo(ExitStatus.USAGE);
  }
}
