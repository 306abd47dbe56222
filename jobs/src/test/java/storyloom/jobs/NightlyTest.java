package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.bundle.Bundle;
import storyloom.model.registry.Registry;
import storyloom.model.registry.VersionRecord;
import storyloom.model.registry.VersionState;
import storyloom.model.text.Vocabulary;

/** Some nights in a row, as conf/nightly.conf has them go, over a small corpus. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class NightlyTest {

  private static final Path CONF = Path.of("../conf/nightly.conf");

  @TempDir static Path folder;

  private static Path corpus;
  private static Path home;
  private static Registry registry;
  private static Commands.Result first;

  @BeforeAll
  static void firstNight() {
    corpus = SmallCorpus.write(folder.resolve("corpus"));
    home = folder.resolve("home");
    registry = new Registry(home.toString(), new Configuration());
    first = night("train.epochs=4", "train.patience=0");
  }

  private static Commands.Result night(String... settings) {
    List<String> more = new ArrayList<>(List.of("--config", CONF.toString()));
    Stream.of(settings).forEach(each -> more.addAll(List.of("--set", each)));
    return Commands.train(SmallCorpus.training(home, corpus, more.toArray(String[]::new)));
  }

  private static String version(Commands.Result night) {
    return night.json().get("model").textValue();
  }

  private static Bundle bundle(String version) {
    return Bundle.read(registry.modelDir(version), new Configuration());
  }

  @Test
  @Order(1)
  void theFirstNightStartsFromScratchAndItsModelIsJudgedByItself() {
    assertThat(first.status()).as("%s", first.err()).isZero();
    assertThat(first.out())
        .contains("no model is the current one: training starts from scratch")
        .anyMatch(line -> line.matches("perplexity per word +[\\d.]+, current +-, .*: passed"));
    assertThat(registry.current()).contains(version(first));
    try (Bundle bundle = bundle(version(first))) {
      assertThat(bundle.provenance().parent()).isNull();
      assertThat(bundle.provenance().corpusFiles()).hasSize(4);
      assertThat(home.resolve("runs").resolve(bundle.provenance().run())).isDirectory();
    }
  }

  @Test
  @Order(2)
  void theNextNightGoesOnWithNewWordsBehindTheOldOnes() throws IOException {
    Files.writeString(
        corpus.resolve("train.wp_source"), "greta finds a harp .\n", StandardOpenOption.APPEND);
    Files.writeString(
        corpus.resolve("train.wp_target"),
        "greta took the harp home . <newline> All was well .\n",
        StandardOpenOption.APPEND);
    String before = version(first);

    Commands.Result second = night("train.epochs=6", "train.patience=0");

    assertThat(second.status()).as("%s %s", second.out(), second.err()).isZero();
    assertThat(second.out())
        .contains("training starts from the current model " + before)
        .anyMatch(
            line -> line.startsWith("2 files of the corpus are new or changed since " + before));
    assertThat(registry.current()).contains(version(second));
    assertThat(registry.before(version(second))).contains(before);
    try (Bundle old = bundle(before);
        Bundle fresh = bundle(version(second))) {
      Vocabulary vocabulary = fresh.vocabulary();
      assertThat(vocabulary.entries().subList(0, old.vocabulary().size()))
          .isEqualTo(old.vocabulary().entries());
      assertThat(vocabulary.id("harp")).isGreaterThanOrEqualTo(old.vocabulary().size());
      assertThat(fresh.provenance().parent()).isEqualTo(before);
    }
    assertThat(second.json().get("perplexity_per_word").doubleValue())
        .isLessThanOrEqualTo(first.json().get("perplexity_per_word").doubleValue());
  }

  @Test
  @Order(3)
  void aPoisonedCorpusChangesNothing() throws IOException {
    String before = registry.current().orElseThrow();
    List<String> good = Files.readAllLines(corpus.resolve("train.wp_target"));
    Files.write(
        corpus.resolve("train.wp_target"),
        IntStream.range(0, good.size()).mapToObj(i -> "tick tock ".repeat(3 + i) + ".").toList());

    Commands.Result poisoned = night();

    assertThat(poisoned.status()).isEqualTo(4);
    assertThat(registry.current()).contains(before);
    VersionRecord known = registry.record(version(poisoned));
    assertThat(known.state()).isEqualTo(VersionState.REFUSED);
    assertThat(known.reason()).startsWith("perplexity per word is ");
    assertThat(known.figures()).containsKey(VersionRecord.PERPLEXITY);
    assertThat(poisoned.json().get("promoted").booleanValue()).isFalse();
    assertThat(poisoned.out()).anyMatch(line -> line.endsWith("refused: " + known.reason()));
    Files.write(corpus.resolve("train.wp_target"), good);
  }

  @Test
  @Order(4)
  void everyRunHasAPageAndThereIsOneOfAll() throws IOException {
    String run;
    try (Bundle bundle = bundle(registry.current().orElseThrow())) {
      run = bundle.provenance().run();
    }
    String page = Files.readString(home.resolve("runs").resolve(run).resolve("report.html"));

    assertThat(page)
        .contains("is the current model now", "must be", "at most", "Loss by round")
        .contains("data:image/png;base64,", "new model", "current model", "people")
        .contains(
            "What the new model looked at",
            "corpus hash",
            "train.learning-rate",
            "6, was 4",
            "Changed since the run before:")
        .doesNotContain("src=\"http", "href=\"http");
    assertThat(Files.readString(home.resolve("runs/index.html")))
        .contains("Perplexity per word of each run", run + "/report.html", "refused: perplexity");
  }

  @Test
  @Order(5)
  void anotherShapeStartsFromScratchWithAWarning() {
    Commands.Result other = night("model.hidden=24", "train.epochs=1");

    assertThat(other.err())
        .anyMatch(line -> line.matches("warning: training starts from scratch, .*model\\."));
    assertThat(other.status()).as("one epoch from scratch is worse").isEqualTo(4);
  }

  @Test
  @Order(6)
  void aRunThatCannotBeGoneOnWithIsGivenUp() throws IOException {
    Path dead = home.resolve("checkpoints/20200101T000000-01234567");
    Files.createDirectories(dead.resolve("00000-00000000"));

    Commands.Result night = night();

    assertThat(night.err())
        .anyMatch(
            line -> line.matches("warning: the run 20200101T000000-01234567 is given up: .*"));
    assertThat(night.status()).isIn(0, 4);
    assertThat(home.resolve("checkpoints")).doesNotExist();
  }

  @Test
  @Order(7)
  void modelsThatAreTooManyGo() throws IOException {
    Commands.Result night =
        night(
            "registry.keep-promoted=1",
            "registry.keep-refused=1",
            "registry.keep-reports=1",
            "train.epochs=1");

    assertThat(night.err())
        .anyMatch(line -> line.startsWith("removed the model "))
        .anyMatch(line -> line.startsWith(home + " takes "));
    assertThat(registry.versions()).hasSizeLessThanOrEqualTo(3);
    assertThat(registry.current()).isPresent();
    try (Stream<Path> pages = Files.find(home.resolve("runs"), 2, (path, as) -> isReport(path))) {
      assertThat(pages).hasSize(1);
    }
    try (Stream<Path> runs = Files.find(home.resolve("runs"), 2, (path, as) -> isSummary(path))) {
      assertThat(runs).as("figures of all runs stay").hasSizeGreaterThan(4);
    }
  }

  private static boolean isReport(Path path) {
    return path.endsWith("report.html");
  }

  private static boolean isSummary(Path path) {
    return path.endsWith("run.json");
  }

  @Test
  @Order(8)
  void aModelIsReproducedToTheBit() {
    String current = registry.current().orElseThrow();

    Commands.Result again =
        Commands.run(ModelsCommand::run, "reproduce", current, "--set", "home=" + home);

    assertThat(again.status()).as("%s %s", again.out(), again.err()).isZero();
    assertThat(again.out()).contains(current + " was reproduced: all weights are the same");
  }
}
