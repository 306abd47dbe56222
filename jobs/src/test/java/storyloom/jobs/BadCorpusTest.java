package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static storyloom.jobs.Mistake.assertMistake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A corpus that nothing can be learned from ends a training before it begins. */
final class BadCorpusTest {

  @TempDir Path folder;
  private Path corpus;
  private Path home;

  @BeforeEach
  void writeCorpus() {
    corpus = SmallCorpus.write(folder.resolve("corpus"));
    home = folder.resolve("home");
  }

  /** Training fails with this status and one line with these words, and leaves nothing. */
  private void trainingFails(int status, String... words) {
    Commands.Result result = Commands.train(SmallCorpus.training(home, corpus));
    assertMistake(result, status, words);
    assertThat(home).isEmptyDirectory();
  }

  @Test
  void missingHalfOfACorpus() throws IOException {
    Files.delete(corpus.resolve("train.wp_target"));

    trainingFails(3, "train.wp_target");
  }

  @Test
  void unequalHalvesOfACorpus() throws IOException {
    Files.writeString(corpus.resolve("train.wp_target"), "one story only\n");

    trainingFails(3, "train.wp_source", "32", "train.wp_target", "1");
  }

  @Test
  void emptyCorpus() throws IOException {
    Files.writeString(corpus.resolve("train.wp_source"), "");
    Files.writeString(corpus.resolve("train.wp_target"), "");

    trainingFails(3, "train.wp_source", "empty");
  }

  @Test
  void modelSettingsThatExcludeEachOtherAreRefusedBeforeTheCorpusIsLookedAt() {
    String[] args =
        SmallCorpus.training(
            home,
            folder.resolve("elsewhere"),
            "--set",
            "model.bidirectional=true",
            "--set",
            "model.hidden=33");

    assertMistake(
        Commands.train(args), 2, "model.hidden must be even where model.bidirectional is true");
    assertThat(home).doesNotExist();
  }

  @Test
  void aMinibatchSmallerThanTheNumberOfWorkersIsRefusedBeforeTheCorpusIsLookedAt() {
    String[] args =
        SmallCorpus.training(home, folder.resolve("elsewhere"), "--set", "train.workers=9");

    assertMistake(Commands.train(args), 2, "train.batch=8", "9 workers", "train.workers lower");
    assertThat(home).doesNotExist();
  }

  @Test
  void moreWorkersThanPairs() {
    String[] args =
        SmallCorpus.training(home, corpus, "--set", "train.workers=33", "--set", "train.batch=64");

    assertMistake(
        Commands.train(args), 2, "32 pairs to train on", "33 workers", "train.workers to 32");
    assertThat(home.resolve("models")).doesNotExist();
  }

  @Test
  void corpusThatIsNotThere() {
    corpus = folder.resolve("elsewhere");

    trainingFails(3, "elsewhere");
  }

  @Test
  void corpusWithoutAFrequentWord() throws IOException {
    Commands.Result result =
        Commands.train(SmallCorpus.training(home, corpus, "--set", "text.min-count=1000"));

    assertMistake(result, 3, "text.min-count=1000", corpus.toString());
    assertThat(cleaningReport()).isNotEmptyFile();
  }

  @Test
  void corpusOfWhichEveryPairIsDroppedHasAReport() throws IOException {
    Files.writeString(corpus.resolve("train.wp_source"), "a wolf\n\na fox\n");
    Files.writeString(corpus.resolve("train.wp_target"), "[deleted]\nIt ran and ran.\n\n");

    Commands.Result result = Commands.train(SmallCorpus.training(home, corpus));

    assertMistake(
        result, 3, "nothing is left of the train split", "1 deleted", "1 blank-prompt", "3 pairs");
    assertThat(result.out())
        .anyMatch(line -> line.matches("  train +3 +0 +3 +0"))
        .anyMatch(line -> line.startsWith("  deleted"));
    assertThat(cleaningReport()).content().contains("\"rule\" : \"deleted\"", "[deleted]");
  }

  /** The report of the only run below home, where nothing else is left of it. */
  private Path cleaningReport() throws IOException {
    try (Stream<Path> places = Files.list(home);
        Stream<Path> runs = Files.list(home.resolve("runs"))) {
      assertThat(places).containsExactly(home.resolve("runs"));
      return runs.findFirst().orElseThrow().resolve("cleaning.json");
    }
  }

  @Test
  void corpusWithoutAColumn() throws IOException {
    corpus = Files.writeString(folder.resolve("train.jsonl"), "{\"prompt\": \"a b\"}\n");

    trainingFails(3, "train.jsonl", "story");
  }
}
