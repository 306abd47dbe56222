package storyloom.jobs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.ExitStatus;
import storyloom.model.bundle.Bundle;
import storyloom.model.registry.Registry;
import storyloom.model.registry.VersionRecord;
import storyloom.model.text.token.Vocabulary;

/**
 * A night as conf/nightly.conf has it go, over a small corpus. Every test finds a home in which two
 * nights have been, the second over a corpus that had grown.
 */
final class NightlyTest {

  private static final Path CONF = Path.of("../conf/nightly.conf");

  private static final String SECRET = "hooks.example.org/T0/B0";

  /** Lets a model pass that is little better or worse than the current one. */
  private static final String LENIENT = "gate.max-perplexity-ratio=10";

  @TempDir static Path folder;

  private static Path corpus;
  private static Path home;
  private static Registry registry;
  private static Commands.Result first;
  private static Commands.Result second;

  @BeforeAll
  static void twoNights() throws IOException {
    corpus = SmallCorpus.write(folder.resolve("now/corpus"));
    home = folder.resolve("now/home");
    registry = new Registry(home.toString(), new Configuration());
    first = night("train.epochs=4", "train.patience=0");
    Files.writeString(
        corpus.resolve("train.wp_source"), "greta finds a harp .\n", StandardOpenOption.APPEND);
    Files.writeString(
        corpus.resolve("train.wp_target"),
        "greta took the harp home . <newline> All was well .\n",
        StandardOpenOption.APPEND);
    second = night("train.epochs=6", "train.patience=0");
    FileUtils.moveDirectory(now(), folder.resolve("kept").toFile());
  }

  /** At the same place for each test, for a model names the files of its corpus. */
  @BeforeEach
  void copyWhatTheTwoNightsLeft() throws IOException {
    FileUtils.deleteDirectory(now());
    FileUtils.copyDirectory(folder.resolve("kept").toFile(), now());
  }

  private static File now() {
    return folder.resolve("now").toFile();
  }

  private static Commands.Result night(String... settings) {
    return Commands.train(
        SmallCorpus.training(
            home,
            corpus,
            Stream.concat(
                    Stream.of(
                        "--config",
                        CONF.toString(),
                        "--set",
                        "notify.command=curl https://" + SECRET),
                    Stream.of(settings).flatMap(each -> Stream.of("--set", each)))
                .toArray(String[]::new)));
  }

  private static String version(Commands.Result night) {
    return night.json().get("model").textValue();
  }

  private static Bundle bundle(String version) {
    return Bundle.read(registry.modelDir(version), new Configuration());
  }

  @Test
  void theFirstNightStartsFromScratchAndItsModelIsJudgedByItself() {
    assertThat(first.status()).as("%s", first.err()).isZero();
    assertThat(first.out())
        .contains("no model is the current one: training starts from scratch")
        .anyMatch(line -> line.matches("perplexity per word +[\\d.]+, current +-, .*: passed"));
    assertThat(registry.record(version(first)).state()).isEqualTo(VersionRecord.State.PROMOTED);
    try (Bundle bundle = bundle(version(first))) {
      assertThat(bundle.provenance().parent()).isNull();
      assertThat(bundle.provenance().corpusFiles()).hasSize(4);
      assertThat(home.resolve("runs").resolve(bundle.provenance().run())).isDirectory();
    }
  }

  @Test
  void theNextNightGoesOnWithNewWordsBehindTheOldOnes() {
    assertThat(second.status()).as("%s %s", second.out(), second.err()).isZero();
    String before = version(first);
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
    assertThat(perplexity(second)).isLessThanOrEqualTo(perplexity(first));
  }

  @Test
  void aPoisonedCorpusChangesNothing() throws IOException {
    long stories = Files.readAllLines(corpus.resolve("train.wp_target")).size();
    Files.write(
        corpus.resolve("train.wp_target"),
        LongStream.range(0, stories)
            .mapToObj(i -> "tick tock ".repeat(3 + (int) i) + ".")
            .toList());

    Commands.Result poisoned = night();

    assertThat(poisoned.status()).isEqualTo(ExitStatus.NOT_PROMOTED);
    assertThat(registry.current()).contains(version(second));
    VersionRecord known = registry.record(version(poisoned));
    assertThat(known.state()).isEqualTo(VersionRecord.State.REFUSED);
    assertThat(known.reason()).startsWith("perplexity per word is ");
    assertThat(known.figures()).containsKey(VersionRecord.PERPLEXITY);
    assertThat(poisoned.json().get("promoted").booleanValue()).isFalse();
    assertThat(poisoned.out()).anyMatch(line -> line.endsWith("refused: " + known.reason()));
    assertThat(index()).contains("refused: perplexity");
  }

  /** To Kubernetes and YARN any other status is a crash; the figures tell what was decided. */
  @Test
  void aRefusedNightIsDoneToASchedulerThatAsksForThat() throws IOException {
    Path metrics = folder.resolve("now/night.prom");

    Commands.Result night =
        Commands.train(
            SmallCorpus.training(
                home,
                corpus,
                "--config",
                CONF.toString(),
                "--set",
                "model.hidden=24",
                "--set",
                "train.epochs=1",
                "--set",
                "metrics.file=" + metrics,
                "--refused-is-done"));

    assertThat(night.status()).as("%s", night.err()).isZero();
    assertThat(night.json().get("promoted").booleanValue()).isFalse();
    assertThat(registry.current()).contains(version(second));
    assertThat(Files.readString(metrics)).containsPattern("(?m)^storyloom_run_exit_status 4");
  }

  @Test
  void everyRunHasAPageAndThereIsOneOfAll() throws IOException {
    String run;
    try (Bundle bundle = bundle(version(second))) {
      run = bundle.provenance().run();
    }
    String page = Files.readString(home.resolve("runs").resolve(run).resolve("report.html"));

    assertThat(page)
        .contains("is the current model now", "must be", "at most", "Loss by round")
        .contains("<svg", "new model", "current model", "people", "the best one marked")
        .contains(
            "what the model looked at",
            "corpus hash",
            "train.<wbr>learning-rate",
            "6, was 4",
            "Changed since the run before")
        .doesNotContain("src=\"http", "href=\"http");
    assertThat(index())
        .contains("Perplexity per word of each run", run + "/report.html")
        .contains("33 pairs, was 32", "train.epochs 6, was 4", "own order, people");
  }

  @Test
  void theModelOfTonightStandsBesideTheOneItWasMadeFrom() throws IOException {
    Commands.Result compared =
        Commands.evaluate(
            SmallCorpus.evaluation(
                home, corpus, "train", "--sample", "24", "--compare", version(first)));

    assertThat(compared.status()).as("%s", compared.err()).isZero();
    JsonNode figures = compared.json();
    assertThat(figures.get("model").textValue()).isEqualTo(version(second));
    assertThat(figures.get("other").get("model").textValue()).isEqualTo(version(first));
    double difference =
        figures.get("perplexity_per_word").doubleValue()
            - figures.get("other").get("perplexity_per_word").doubleValue();
    JsonNode interval = figures.get("differences").get("perplexity_per_word");
    assertThat(interval.get("difference").doubleValue()).isCloseTo(difference, within(1e-9));
    assertThat(interval.get("low").doubleValue()).isLessThan(difference);
    assertThat(interval.get("high").doubleValue()).isGreaterThan(difference);
    assertThat(figures.get("differences").has("prompt_ranking")).isTrue();
    assertThat(compared.out())
        .anyMatch(line -> line.contains("different vocabularies"))
        .anyMatch(line -> line.matches("perplexity per token .*, difference -"));
    String start = "figures, pictures and stories: ";
    String page =
        compared.out().stream().filter(line -> line.startsWith(start)).findAny().orElseThrow();
    assertThat(Files.readString(Path.of(page.substring(start.length()).replaceFirst("^file:", ""))))
        .contains("which was made from " + version(first), "other model", "2,000 times");
  }

  private static String index() throws IOException {
    return Files.readString(home.resolve("runs/index.html"));
  }

  @Test
  void nothingBelowHomeTellsASecret() throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      assertThat(files.filter(Files::isRegularFile))
          .hasSizeGreaterThan(20)
          .allSatisfy(
              file ->
                  assertThat(Files.readString(file, ISO_8859_1))
                      .as("%s", file)
                      .doesNotContain(SECRET));
    }
    Commands.Result shown =
        Commands.run(ModelsCommand::run, "show", version(second), "--set", "home=" + home);
    assertThat(shown.out()).anyMatch(line -> line.matches(" *notify\\.command +set"));
  }

  @Test
  void anotherShapeStartsFromScratchWithAWarning() {
    Commands.Result other = night("model.hidden=24", "train.epochs=1");

    assertThat(other.err())
        .anyMatch(line -> line.matches("warning: training starts from scratch, .*model\\."));
    assertThat(other.status())
        .as("one epoch from scratch is worse")
        .isEqualTo(ExitStatus.NOT_PROMOTED);
  }

  @Test
  void aRunThatCannotBeGoneOnWithIsGivenUp() throws IOException {
    Path dead = home.resolve("checkpoints/20200101T000000-01234567");
    Files.createDirectories(dead.resolve("00000-00000000"));

    Commands.Result night = night(LENIENT, "train.epochs=1");

    assertThat(night.err())
        .anyMatch(
            line -> line.matches("warning: the run 20200101T000000-01234567 is given up: .*"));
    assertThat(night.status()).as("%s", night.out()).isZero();
    assertThat(home.resolve("checkpoints")).doesNotExist();
  }

  @Test
  void whatAKilledNightBeganIsJudgedByTheCorpusOfTonight() throws IOException {
    Path weights = currentWeights();
    byte[] kept = Files.readAllBytes(weights);
    Files.delete(weights); // so that the night ends when it has trained, and before it has judged
    String[] same = {"train.start=scratch", "train.epochs=2"};
    Commands.Result broken = night(same);
    assertThat(broken.status()).as("%s", broken.err()).isEqualTo(ExitStatus.DATA);
    assertThat(home.resolve("checkpoints")).isDirectory();
    Files.write(weights, kept);
    File begun = folder.resolve("begun").toFile();
    FileUtils.copyDirectory(now(), begun);

    Commands.Result unchanged = night(same);
    FileUtils.deleteDirectory(now());
    FileUtils.moveDirectory(begun, now());
    Files.delete(corpus.resolve("valid.wp_target"));
    Commands.Result torn = night(same);
    Files.write(
        corpus.resolve("valid.wp_target"),
        Files.readAllLines(corpus.resolve("valid.wp_source")).stream()
            .map(prompt -> "tick tock ".repeat(6) + prompt)
            .toList());
    Commands.Result changed = night(same);

    assertThat(unchanged.out())
        .anyMatch(line -> line.startsWith("resuming "))
        .noneMatch(line -> line.startsWith("the corpus has changed"));
    assertThat(torn.status()).as("%s", torn.err()).isEqualTo(ExitStatus.DATA);
    assertThat(torn.err()).noneMatch(line -> line.contains("is given up"));
    assertThat(changed.out())
        .anyMatch(line -> line.startsWith("resuming "))
        .anyMatch(line -> line.startsWith("the corpus has changed since the run "));
    assertThat(perplexity(changed)).isNotEqualTo(perplexity(unchanged));
    assertThat(home.resolve("checkpoints")).doesNotExist();
  }

  private static Path currentWeights() {
    return home.resolve("models/" + registry.current().orElseThrow() + "/weights.safetensors");
  }

  private static double perplexity(Commands.Result night) {
    return night.json().get("perplexity_per_word").doubleValue();
  }

  @Test
  void modelsThatAreTooManyGo() throws IOException {
    Commands.Result night =
        night(LENIENT, "registry.keep-promoted=1", "registry.keep-reports=1", "train.epochs=1");

    assertThat(night.status()).as("%s", night.out()).isZero();
    assertThat(night.err())
        .anyMatch(line -> line.startsWith("removed the model " + version(first)))
        .anyMatch(line -> line.startsWith(home + " takes "));
    assertThat(registry.current()).contains(version(night));
    assertThat(registry.versions())
        .as("the current one, and the one before")
        .containsExactlyInAnyOrder(version(second), version(night));
    assertThat(filesOfRuns("report.html")).isOne();
    assertThat(filesOfRuns("run.json")).as("figures of all runs stay").isEqualTo(3);
  }

  private static long filesOfRuns(String name) throws IOException {
    try (Stream<Path> found =
        Files.find(home.resolve("runs"), 2, (path, as) -> path.endsWith(name))) {
      return found.count();
    }
  }

  @Test
  void aModelIsReproducedToTheBit() {
    String current = version(second);

    Commands.Result again =
        Commands.run(ModelsCommand::run, "reproduce", current, "--set", "home=" + home);

    assertThat(again.status()).as("%s %s", again.out(), again.err()).isZero();
    assertThat(again.out()).contains(current + " was reproduced: all weights are the same");
  }
}
