package storyloom.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.files.ChecksummedDirectory;
import storyloom.model.text.token.Vocabulary;
import storyloom.pipeline.batch.EncodedPair;
import storyloom.pipeline.batch.PairShards;
import storyloom.pipeline.batch.PreparedCorpus;
import storyloom.pipeline.batch.ShardTotals;

class PreparedStoreTest {

  private static final String KEY = key('a');
  private static final Vocabulary VOCABULARY =
      Vocabulary.build(Map.of("word", 2L, "other", 1L), 1, 10);
  private static SparkSession spark;
  private static JavaSparkContext context;

  @TempDir Path home;

  @BeforeAll
  static void startSpark() {
    spark =
        SparkSession.builder().master("local[1]").config("spark.ui.enabled", false).getOrCreate();
    context = JavaSparkContext.fromSparkContext(spark.sparkContext());
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  private static String key(char digit) {
    return String.valueOf(digit).repeat(32);
  }

  private PreparedStore store(int kept, String... needed) {
    return new PreparedStore(home.toString(), context, kept, () -> Set.of(needed));
  }

  private static PreparedCorpus put(PreparedStore store, String key) {
    try (ChecksummedDirectory.Writer draft = store.draft()) {
      fill(draft);
      return store.commit(draft, key);
    }
  }

  /** Two workers' shards of three pairs to train on and one to validate. */
  private static void fill(ChecksummedDirectory.Writer draft) {
    EncodedPair pair = new EncodedPair(new int[] {4}, new int[] {4, 5});
    ShardTotals train =
        PairShards.write(
            context.parallelize(List.of(pair, pair, pair)),
            2,
            PreparedCorpus.train(draft.folder()),
            context.hadoopConfiguration());
    ShardTotals valid =
        PairShards.write(
            context.parallelize(List.of(pair)),
            2,
            PreparedCorpus.valid(draft.folder()),
            context.hadoopConfiguration());
    PreparedCorpus.describe(
        draft,
        PreparedCorpus.Contents.of("files", "c0ffee", VOCABULARY, 2, train, valid),
        VOCABULARY);
  }

  private List<String> names() throws IOException {
    if (!Files.exists(home.resolve("prepared"))) {
      return List.of();
    }
    try (Stream<Path> found = Files.list(home.resolve("prepared"))) {
      return found.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private void makeOld(String name, int days) throws IOException {
    FileTime time = FileTime.from(Instant.now().minus(Duration.ofDays(days)));
    Path folder = home.resolve("prepared").resolve(name);
    if (Files.exists(folder.resolve("last-used"))) {
      Files.setLastModifiedTime(folder.resolve("last-used"), time);
    }
    Files.setLastModifiedTime(folder, time);
  }

  @Test
  void whatWasPutThereIsFoundAgain() {
    PreparedStore store = store(1);
    assertThat(store.find(KEY)).isEmpty();

    put(store, KEY);

    PreparedCorpus found = store.find(KEY).orElseThrow();
    assertThat(found.folder()).isEqualTo(store.path(KEY));
    assertThat(found.contents().corpusHash()).isEqualTo("c0ffee");
    assertThat(found.contents().train()).isEqualTo(new ShardTotals(3, 3, 6, 0, 0, 0, 0));
    assertThat(found.vocabulary().id("word")).isEqualTo(4);
    assertThat(PairShards.paths(found.train(), context.hadoopConfiguration())).hasSize(2);
  }

  @Test
  void whatIsMadeOfTheSameWithAVocabularyIsFoundWhateverThatGrewFrom() throws IOException {
    PreparedStore store = store(9);
    assertThat(store.namesOf("files", VOCABULARY.sha256())).isEmpty();
    put(store, key('b'));
    put(store, key('a'));
    Files.writeString(home.resolve("prepared").resolve(key('b')).resolve("prepared.json"), "{}");

    assertThat(store.namesOf("files", VOCABULARY.sha256())).containsExactly(key('a'));
    assertThat(store.namesOf("others", VOCABULARY.sha256())).isEmpty();
    assertThat(store.namesOf("files", "")).isEmpty();
  }

  @Test
  void whatIsNotCommittedIsNotThere() throws IOException {
    PreparedStore store = store(1);
    try (ChecksummedDirectory.Writer draft = store.draft()) {
      fill(draft);
      assertThat(store.find(KEY)).isEmpty();
    }

    assertThat(names()).isEmpty();
  }

  @Test
  void theFirstOfTwoRunsToFinishIsTheOneThatStays() throws IOException {
    PreparedStore store = store(1);
    try (ChecksummedDirectory.Writer slower = store.draft()) {
      fill(slower);
      put(store, KEY);
      Path mark = Files.createFile(home.resolve("prepared/" + KEY + "/first"));

      assertThat(store.commit(slower, KEY).folder()).isEqualTo(store.path(KEY));
      assertThat(mark).exists();
    }
    assertThat(names()).containsExactly(KEY);
  }

  @Test
  void damagedFilesAreNeverUsed() throws IOException {
    for (String file :
        List.of(
            "prepared.json", "vocabulary.tsv", "train/shard-00001.bin", "valid/shard-00000.bin")) {
      PreparedStore store = store(1);
      put(store, KEY);
      Path damaged = home.resolve("prepared").resolve(KEY).resolve(file);
      byte[] bytes = Files.readAllBytes(damaged);
      bytes[bytes.length - 2] ^= 4;
      Files.write(damaged, bytes);

      assertThat(store.find(KEY)).as(file).isEmpty();
      assertThat(names()).isEmpty();
    }
  }

  @Test
  void missingFilesAreMissed() throws IOException {
    for (String file : List.of("SHA256SUMS", "vocabulary.tsv", "train/shard-00001.bin")) {
      PreparedStore store = store(1);
      put(store, KEY);
      Files.delete(home.resolve("prepared").resolve(KEY).resolve(file));

      assertThat(store.find(KEY)).as(file).isEmpty();
    }
  }

  @Test
  void thoseUsedLastStayAndThoseThatRunsNeed() throws IOException {
    try (PreparedStore store = store(2, key('a'))) {
      for (char digit = 'a'; digit <= 'e'; digit++) {
        put(store, key(digit));
        makeOld(key(digit), 'e' - digit);
      }
      assertThat(store.find(key('b'))).isPresent(); // was made long ago, but is used now
    }

    assertThat(names()).containsExactly(key('a'), key('b'), key('e'));
  }

  @Test
  void whatARunComesToNeedAtTheLastMomentStays() throws IOException {
    Set<String> soon = Set.of(KEY);
    boolean[] asked = new boolean[1];
    PreparedStore store =
        new PreparedStore(
            home.toString(),
            context,
            0,
            () -> {
              Set<String> needed = asked[0] ? soon : Set.of();
              asked[0] = true;
              return needed;
            });
    put(store, KEY);

    store.close();

    assertThat(store.find(KEY)).isPresent();
  }

  @Test
  void whatKilledProcessesLeftIsClearedAwayWhenItIsOld() throws IOException {
    Files.createDirectories(home.resolve("prepared/_unfinished-1"));
    Files.createDirectories(home.resolve("prepared/_unfinished-2"));
    makeOld("_unfinished-1", 2);

    store(1).close();

    assertThat(names()).containsExactly("_unfinished-2");
  }

  @Test
  void nothingIsLeftWhereNothingIsKept() throws IOException {
    try (PreparedStore store = store(0)) {
      put(store, KEY);
    }

    assertThat(home).isEmptyDirectory();
  }
}
