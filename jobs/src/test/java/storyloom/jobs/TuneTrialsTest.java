package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.ExitStatus;

/** What becomes of single trials of a search, in this JVM, on two task slots. */
final class TuneTrialsTest {

  @TempDir static Path folder;

  private static Path corpus;

  @BeforeAll
  static void writeTheCorpus() {
    corpus = SmallCorpus.write(folder.resolve("corpus"));
  }

  /** What a search says that ends well. */
  private static JsonNode tuned(Path home, Path corpus, String... settings) {
    List<String> args = new ArrayList<>();
    for (String setting : settings) {
      args.addAll(List.of("--set", setting));
    }
    args.addAll(List.of("--set", "decode.max-tokens=12"));
    Commands.Result result =
        Commands.run(TuneJob::run, SmallCorpus.training(home, corpus, args.toArray(String[]::new)));
    assertThat(result.status()).as("%s", result.err()).isEqualTo(ExitStatus.DONE);
    return result.json();
  }

  /** The last line about a trial. */
  private static JsonNode end(Path home, int trial) throws IOException {
    return TuningFiles.events(TuningFiles.record(home), "ended").stream()
        .filter(line -> line.get("trial").asInt() == trial)
        .reduce((early, late) -> late)
        .orElseThrow();
  }

  /** At this rate the likeliest tokens become so likely that a perplexity is no number. */
  @Test
  void aTrialThatDivergesIsAResult() throws IOException {
    Path home = folder.resolve("diverging");

    JsonNode said =
        tuned(
            home,
            corpus,
            "tune.space={\"train.learning-rate\": [10, 0.01]}",
            "model.hidden=1024",
            "tune.search=grid",
            "tune.epochs=1");

    assertThat(said.get("failed").asInt()).isEqualTo(1);
    assertThat(said.get("best_trial").asInt()).isEqualTo(2);
    assertThat(end(home, 1).get("loss").isNull()).isTrue();
    assertThat(end(home, 1).get("failure").asText()).startsWith("diverged: ");
  }

  /**
   * Validated by pairs that are known, for 32 pairs are too few to learn from what others are
   * about.
   */
  @Test
  void whereRankingIsTheObjectiveTheBestOneKnowsWhichStoryIsOfWhichPrompt() throws IOException {
    Path known = SmallCorpus.write(folder.resolve("known"));
    for (String side : List.of("source", "target")) {
      Files.write(
          known.resolve("valid.wp_" + side),
          Files.readAllLines(known.resolve("train.wp_" + side)).subList(0, 12));
    }
    Path home = folder.resolve("ranking");

    JsonNode said =
        tuned(
            home,
            known,
            "tune.space={\"model.hidden\": [1, 32]}",
            "tune.search=grid",
            "tune.objective=ranking",
            "tune.epochs=40",
            "train.batch=4",
            "corpus.drop.shared-prompt=false",
            "corpus.drop.shared-story=false");

    assertThat(said.get("best_trial").asInt()).isEqualTo(2);
    assertThat(end(home, 1).get("loss").asDouble()).as("share of 12").isBetween(-0.7, 0.0);
    assertThat(end(home, 2).get("loss").asDouble()).as("share of 12").isBetween(-1.0, -0.8);
  }

  /** Of 16 combinations four LSTMs and two Transformers are left, and half of each copies. */
  @Test
  void bothKindsOfModelsAreTriedTogether() throws IOException {
    Path home = folder.resolve("kinds");

    JsonNode said =
        tuned(
            home,
            corpus,
            "tune.space={\"model.kind\": [\"lstm\", \"transformer\"], \"model.hidden\": [16, 24], "
                + "\"model.heads\": [2, 3], \"model.copy\": [true, false]}",
            "model.feed-forward=32",
            "model.dropout=0.1",
            "model.embedding-dropout=0.1",
            "train.weight-average=0.9",
            "tune.search=grid",
            "tune.epochs=2");

    List<JsonNode> trials = new ArrayList<>();
    TuningFiles.record(home).get(0).get("trials").forEach(trials::add);
    assertThat(trials)
        .extracting(
            each -> each.get("model.kind").asText() + each.get("model.hidden").asText(),
            each -> each.get("model.copy").asBoolean())
        .containsExactlyInAnyOrder(
            tuple("lstm16", true),
            tuple("lstm16", false),
            tuple("lstm24", true),
            tuple("lstm24", false),
            tuple("transformer16", true),
            tuple("transformer16", false));
    assertThat(said.get("excluded").asInt())
        .as("4 LSTMs that differ in heads alone, 6 Transformers of a width that does not fit")
        .isEqualTo(10);
    assertThat(said.get("failed").asInt()).isZero();
  }
}
