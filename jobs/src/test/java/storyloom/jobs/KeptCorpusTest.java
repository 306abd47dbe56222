package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A corpus that did not change is not read again, and one that did always is. */
final class KeptCorpusTest {

  private static final String KEPT = "neither the corpus nor its settings have changed";
  private static final String CLEANING = "clean the corpus";

  @TempDir static Path folder;

  private static Path corpus;
  private static Path home;
  private static Path prepared;
  private static Commands.Result first;
  private static List<String> firstJobs;

  @BeforeAll
  static void trainOnce() throws IOException {
    corpus = SmallCorpus.write(folder.resolve("corpus"));
    home = folder.resolve("home");
    first = train("train.seed=1");
    firstJobs = WatchedJobs.seen();
    try (Stream<Path> found = Files.list(home.resolve("prepared"))) {
      prepared = found.findFirst().orElseThrow();
    }
  }

  @BeforeEach
  void writeTheCorpusAnew() {
    SmallCorpus.write(corpus);
  }

  private static Commands.Result train(String setting) {
    Commands.Result trained =
        Commands.train(
            SmallCorpus.training(
                home,
                corpus,
                "--set",
                setting,
                "--set",
                "train.epochs=1",
                "--set",
                "train.prepared-kept=9"));
    assertThat(trained.status()).as("%s", trained.err()).isZero();
    return trained;
  }

  /** The weights' hash ends the name of a version. */
  private static String weights(Commands.Result trained) {
    String version = trained.json().get("model").textValue();
    return version.substring(version.length() - 8);
  }

  private static int vocabulary(Commands.Result trained) {
    Matcher said =
        Pattern.compile("a vocabulary of (\\d+) tokens").matcher(String.join("\n", trained.out()));
    assertThat(said.find()).isTrue();
    return Integer.parseInt(said.group(1));
  }

  private static void assertRead(Commands.Result trained) {
    assertThat(trained.out()).noneMatch(line -> line.startsWith(KEPT));
    assertThat(WatchedJobs.seen()).contains(CLEANING);
  }

  @Test
  void anUnchangedCorpusIsNotReadAgainAndGivesTheSameWeights() {
    assertThat(first.out()).noneMatch(line -> line.startsWith(KEPT));
    assertThat(firstJobs).contains(CLEANING, "count the tokens", "write the shards of train");

    Commands.Result again = train("train.seed=1");

    assertThat(again.out()).anyMatch(line -> line.startsWith(KEPT));
    assertThat(WatchedJobs.seen())
        .contains("check the shards of train")
        .noneMatch(job -> job.startsWith("count") || job.startsWith("write the shards"))
        .doesNotContain(CLEANING);
    assertThat(weights(again)).isEqualTo(weights(first));
    assertThat(again.out())
        .anyMatch(line -> line.startsWith("32 pairs to train on, 4 to validate"));
  }

  @Test
  void aModelThatIsGoneOnWithFindsTheCorpusThatItsVocabularyIsOf() {
    train("train.seed=1");

    Commands.Result next = train("train.start=current");

    assertThat(next.out())
        .anyMatch(line -> line.startsWith("training starts from the current model"))
        .anyMatch(line -> line.startsWith(KEPT));
    assertThat(WatchedJobs.seen()).doesNotContain(CLEANING);
  }

  @Test
  void aNightAfterTheOneThatLearnedNewWordsFindsTheCorpusThatTheyCameOf() throws IOException {
    train("train.seed=1");
    Path stories = corpus.resolve("train.wp_target");
    Files.writeString(stories, Files.readString(stories).replace("lamp", "zeppelin"));
    Commands.Result learned = train("train.start=current");
    assertRead(learned);
    assertThat(vocabulary(learned)).isGreaterThan(vocabulary(first));

    Commands.Result next = train("train.start=current");

    assertThat(next.out()).anyMatch(line -> line.startsWith(KEPT));
    assertThat(WatchedJobs.seen()).doesNotContain(CLEANING);
  }

  @Test
  void everyRunHasTheReportOfItsCorpus() throws IOException {
    train("train.seed=1");

    try (Stream<Path> runs = Files.list(home.resolve("runs")).filter(Files::isDirectory)) {
      assertThat(runs.toList())
          .hasSizeGreaterThan(1)
          .allSatisfy(
              run ->
                  assertThat(run.resolve("cleaning.json"))
                      .content()
                      .contains("\"read\" : 32", "\"known\" : "))
          .allSatisfy(run -> assertThat(run.resolve("cleaning.png")).exists());
    }
  }

  @Test
  void aChangedByteIsSeenThoughLengthAndTimeAreTheOldOnes() throws IOException {
    Path stories = corpus.resolve("train.wp_target");
    FileTime time = Files.getLastModifiedTime(stories);
    Files.writeString(stories, Files.readString(stories).replaceFirst("lamp", "lamb"));
    Files.setLastModifiedTime(stories, time);

    assertRead(train("train.seed=1"));
  }

  @Test
  void whatDecidesTheIdsMakesAnotherCorpusAndWhatDecidesTheTrainingDoesNot() {
    train("train.learning-rate=0.02");
    assertThat(WatchedJobs.seen()).doesNotContain(CLEANING);

    assertRead(train("text.lowercase=false"));
  }

  @Test
  void aDamagedShardAndAHalfWrittenFolderAreMadeAnew() throws IOException {
    Path shard = prepared.resolve("train/shard-00001.bin");
    byte[] whole = Files.readAllBytes(shard);
    byte[] flipped = whole.clone();
    flipped[whole.length / 2] ^= 1;
    Files.write(shard, flipped);

    Commands.Result damaged = train("train.seed=1");

    assertRead(damaged);
    assertThat(damaged.err())
        .filteredOn(line -> line.startsWith("warning: "))
        .singleElement()
        .asString()
        .contains("prepared anew", "shard-00001.bin");
    assertThat(shard).hasBinaryContent(whole);

    Files.delete(prepared.resolve("SHA256SUMS"));
    Commands.Result halfWritten = train("train.seed=1");

    assertRead(halfWritten);
    assertThat(prepared.resolve("SHA256SUMS")).exists();
    assertThat(weights(halfWritten)).isEqualTo(weights(first));
  }
}
