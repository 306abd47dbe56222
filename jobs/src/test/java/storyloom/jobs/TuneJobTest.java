package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static storyloom.jobs.Mistake.assertMistakeLeavesNothing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import storyloom.model.ExitStatus;

/** From a space of settings to the best ones, in this JVM, on two task slots. */
final class TuneJobTest {

  private static final String SPACE =
      """
      tune.space={"model.hidden": [8, 16], "train.learning-rate": [0.00001, 0.003, 0.02], \
      "model.tied-embeddings": [true, false], "model.adaptive-softmax": ["", "12"]}""";

  @TempDir static Path folder;

  private static Path corpus;

  @BeforeAll
  static void writeTheCorpus() {
    corpus = SmallCorpus.write(folder.resolve("corpus"));
  }

  /** Arguments of a search of nine trials, some of whose settings exclude each other. */
  private static String[] tuning(Path home, String... more) {
    List<String> args =
        new ArrayList<>(
            Arrays.asList(
                SmallCorpus.training(
                    home,
                    corpus,
                    "--set",
                    SPACE,
                    "--set",
                    "tune.trials=9",
                    "--set",
                    "tune.epochs=9",
                    "--set",
                    "decode.max-tokens=12")));
    args.addAll(List.of(more));
    return args.toArray(String[]::new);
  }

  private static Commands.Result tune(String... args) {
    return Commands.run(TuneJob::run, args);
  }

  @Test
  void aSearchEndsWithSettingsThatTrainJarTakes() throws IOException {
    Path home = folder.resolve("home");
    Commands.Result tuned = tune(tuning(home));

    assertThat(tuned.status()).as("%s", tuned.err()).isEqualTo(ExitStatus.DONE);
    List<JsonNode> record = TuningFiles.record(home);
    assertThat(record.get(0).get("excluded").asInt()).isPositive();
    assertThat(TuningFiles.events(record, "ended"))
        .extracting(line -> line.get("epochs").asInt())
        .containsOnly(1, 3, 9)
        .filteredOn(epochs -> epochs == 1)
        .hasSize(9);
    assertThat(TuningFiles.events(record, "done")).hasSize(1);
    Path tuning = TuningFiles.folder(home);
    assertThat(tuning.resolve("checkpoints")).doesNotExist();
    assertThat(tuning.resolve("report.html"))
        .content()
        .contains("Learning curves", "train.learning-rate", "Stories of the best trials");
    JsonNode said = tuned.json();
    assertThat(said.get("perplexity_per_word").asDouble()).isLessThan(20);
    assertThat(said.get("trial_seconds").asDouble()).isPositive();

    Commands.Result trained =
        Commands.train(
            "--config",
            tuning.resolve("best.conf").toString(),
            "--set",
            "train.workers=1",
            "--set",
            "home=" + folder.resolve("trained"));
    assertThat(trained.status()).as("%s", trained.err()).isEqualTo(ExitStatus.DONE);
    assertThat(tune("--set", "home=" + home, "--set", "corpus.path=" + corpus, "--resume").error())
        .contains("there is no unfinished tuning");
  }

  /** As if the driver had been killed, and the checkpoints lost as well. */
  @Test
  void aResumedTuningEqualsAnUndisturbedOneTrialByTrial() throws IOException {
    Path home = folder.resolve("undisturbed");
    String[] random = {"--set", "tune.search=random", "--set", "tune.epochs=2"};
    assertThat(tune(tuning(home, random)).status()).isEqualTo(ExitStatus.DONE);
    List<String> lines = Files.readAllLines(TuningFiles.folder(home).resolve("trials.jsonl"));
    Path killed = folder.resolve("killed");
    Path tuning = killed.resolve("tunings").resolve(TuningFiles.folder(home).getFileName());
    Files.createDirectories(tuning);
    Files.writeString(
        tuning.resolve("trials.jsonl"), String.join("\n", lines.subList(0, 8)) + "\n{\"event\": ");

    for (String other : List.of("tune.trials=8", "tune.space={\"model.hidden\": [8, 24]}")) {
      List<String> said = new ArrayList<>(List.of(random));
      said.addAll(List.of("--set", other, "--resume"));
      assertMistakeLeavesNothing(
          killed,
          () -> tune(tuning(killed, said.toArray(String[]::new))),
          ExitStatus.USAGE,
          other.substring(0, other.indexOf('=')) + " is ",
          "in the unfinished tuning " + tuning.getFileName());
    }
    Commands.Result resumed =
        tune("--resume", "--set", "home=" + killed, "--set", "corpus.path=" + corpus);

    assertThat(resumed.status()).as("%s", resumed.err()).isEqualTo(ExitStatus.DONE);
    assertThat(TuningFiles.found(killed)).isEqualTo(TuningFiles.found(home));
    assertThat(Files.readAllLines(tuning.resolve("trials.jsonl"))).containsAll(lines.subList(0, 8));
  }

  /** Which shows only once the size of the vocabulary is known. */
  @Test
  void aTrialThatFailsIsAResult() throws IOException {
    Path home = folder.resolve("failing");
    Commands.Result tuned =
        tune(
            SmallCorpus.training(
                home,
                corpus,
                "--set",
                "tune.space={\"model.adaptive-softmax\": [\"\", \"500\"]}",
                "--set",
                "tune.search=grid",
                "--set",
                "tune.epochs=1",
                "--set",
                "decode.max-tokens=12"));

    assertThat(tuned.status()).as("%s", tuned.err()).isEqualTo(ExitStatus.DONE);
    assertThat(tuned.json().get("best_trial").asInt()).isEqualTo(1);
    assertThat(tuned.json().get("failed").asInt()).isEqualTo(1);
    assertThat(TuningFiles.events(TuningFiles.record(home), "ended"))
        .filteredOn(line -> line.get("trial").asInt() == 2)
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.get("loss").isNull()).isTrue();
              assertThat(line.get("failure").asText()).contains("model.adaptive-softmax");
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tune.space={} | tune.space is empty",
        "tune.space={\"model.hiden\":[8]} | did you mean model.hidden",
        "tune.space={\"model.hidden\":[0]} | model.hidden must be a whole number",
        "tune.space={\"model.hidden\":{\"from\":8,\"to\":9999}} | model.hidden must be a whole number",
        "tune.space={\"train.workers\":[1,2]} | train.workers cannot be tuned",
        "tune.space={\"model.hidden\":[8,16]} | tune.trials=9 is more than the 2 combinations",
        "tune.space={nonsense | tune.space must be keys and values",
        "train.start=current | trials start from scratch",
        "tune.epoch=3 | did you mean tune.epochs",
      })
  void mistakesAreOneLineBeforeAnyTraining(String assignment, String words) {
    Path home = folder.resolve("refused");
    assertMistakeLeavesNothing(
        folder, () -> tune(tuning(home, "--set", assignment)), ExitStatus.USAGE, words);
  }

  @Test
  void settingsThatExcludeEachOtherEverywhereAreAMistake() {
    assertMistakeLeavesNothing(
        folder,
        () ->
            tune(
                tuning(
                    folder.resolve("refused"),
                    "--set",
                    "tune.space={\"model.hidden\": [7, 9, 11]}",
                    "--set",
                    "tune.trials=2",
                    "--set",
                    "model.bidirectional=true")),
        ExitStatus.USAGE,
        "without 3 whose settings exclude each other");
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aSpaceMayStandInAFileAndMlflowHearsOfEachTrial() throws IOException {
    Path config = folder.resolve("tune.conf");
    Files.writeString(
        config,
        """
        tune.space { model.hidden = [8, 16], train.learning-rate = { from = 0.005, to = 0.02, scale = log } }
        tune { trials = 2, epochs = 3 }
        """);
    Path home = folder.resolve("file");

    try (TrackingServer server = new TrackingServer()) {
      Commands.Result tuned =
          tune(
              SmallCorpus.training(
                  home,
                  corpus,
                  "--config",
                  config.toString(),
                  "--set",
                  "train.mlflow-uri=" + server.uri(),
                  "--set",
                  "decode.max-tokens=12"));

      assertThat(tuned.status()).as("%s", tuned.err()).isEqualTo(ExitStatus.DONE);
      assertThat(tuned.err()).noneMatch(line -> line.contains("MLflow"));
      TrackingServer.Run parent = server.runs().get(0);
      assertThat(server.runs()).hasSize(3).allMatch(run -> run.status.equals("FINISHED"));
      assertThat(server.runs().subList(1, 3))
          .allSatisfy(
              child -> {
                assertThat(child.tags).containsEntry("mlflow.parentRunId", parent.id);
                assertThat(child.params).containsOnlyKeys("model.hidden", "train.learning-rate");
              })
          .extracting(child -> child.metrics.get("valid_perplexity_per_word").size())
          .containsExactlyInAnyOrder(1, 3);
    }
    assertThat(lines(TuningFiles.folder(home).resolve("best.conf")))
        .anyMatch(line -> line.startsWith("train.learning-rate = \"0.0"))
        .contains("train.epochs = \"3\"");
  }
}
