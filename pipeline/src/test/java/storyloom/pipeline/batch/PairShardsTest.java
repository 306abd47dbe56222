package storyloom.pipeline.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.UserException;
import storyloom.model.text.token.Vocabulary;
import storyloom.pipeline.LocalSpark;

class PairShardsTest {

  private final Configuration configuration = LocalSpark.context().hadoopConfiguration();
  @TempDir java.nio.file.Path temporary;
  private Path folder;

  @BeforeEach
  void nameTheFolder() {
    folder = new Path(temporary.resolve("shards").toUri());
  }

  @Test
  void everyPairStandsInOneShardAndShardsAreEven() {
    List<EncodedPair> pairs = pairs(100);

    ShardTotals totals = PairShards.write(rdd(pairs, 4), 3, folder, configuration);

    List<PairShard> shards = shards();
    assertThat(shards).extracting(PairShard::size).containsExactly(34, 33, 33);
    List<String> written = new ArrayList<>();
    for (PairShard shard : shards) {
      for (int pair = 0; pair < shard.size(); pair++) {
        written.add(text(new EncodedPair(shard.prompt(pair), shard.story(pair))));
      }
    }
    assertThat(written)
        .containsExactlyInAnyOrderElementsOf(pairs.stream().map(PairShardsTest::text).toList());
    assertThat(totals.pairs()).isEqualTo(100);
    assertThat(totals.promptTokens())
        .isEqualTo(pairs.stream().mapToLong(pair -> pair.prompt().length).sum());
    assertThat(totals.storyTokens())
        .isEqualTo(pairs.stream().mapToLong(pair -> pair.story().length).sum());
  }

  @Test
  void whatWasCutOffIsCounted() {
    int[] ids = {4, 5};
    List<EncodedPair> pairs =
        List.of(
            new EncodedPair(ids, new int[] {Vocabulary.OOV, 5}),
            new EncodedPair(ids, ids, 3, 0),
            new EncodedPair(ids, ids, 1, 7),
            new EncodedPair(ids, ids, 0, 5));

    ShardTotals totals = PairShards.write(rdd(pairs, 2), 3, folder, configuration);

    assertThat(totals).isEqualTo(new ShardTotals(4, 8, 8, 2, 2, 12, 1));
    assertThat(totals.storyShareCut()).isEqualTo(0.6);
  }

  @Test
  void shardsAreTheSameWhateverTheOrderAndThePartitioning() throws IOException {
    List<EncodedPair> pairs = pairs(60);
    pairs.addAll(pairs.subList(0, 5));
    PairShards.write(rdd(pairs, 1), 2, folder, configuration);
    List<byte[]> first = contents();

    Collections.shuffle(pairs, new Random(3));
    PairShards.write(rdd(pairs, 5), 2, folder, configuration);

    assertThat(contents()).usingElementComparator(Arrays::compare).isEqualTo(first);
  }

  @Test
  void aWorkerWithoutPairsGetsAnEmptyShard() {
    PairShards.write(rdd(pairs(2), 3), 4, folder, configuration);

    assertThat(shards()).extracting(PairShard::size).containsExactly(1, 1, 0, 0);
  }

  @Test
  void nothingButTheShardsIsLeftBehind() throws IOException {
    PairShards.write(rdd(pairs(9), 2), 5, folder, configuration);
    PairShards.write(rdd(pairs(9), 2), 2, folder, configuration);

    assertThat(names(temporary)).containsExactly("shards");
    assertThat(names(temporary.resolve("shards")))
        .filteredOn(name -> !name.endsWith(".crc"))
        .containsExactly("shard-00000.bin", "shard-00001.bin");
  }

  @Test
  void aFailedWriteLeavesTheOldShardsAlone() throws IOException {
    PairShards.write(rdd(pairs(9), 2), 2, folder, configuration);
    JavaRDD<EncodedPair> broken =
        rdd(pairs(9), 2).map(pair -> new EncodedPair(new int[0], pair.story()));

    assertThatThrownBy(() -> PairShards.write(broken, 2, folder, configuration))
        .hasStackTraceContaining("IllegalArgumentException");

    assertThat(names(temporary)).containsExactly("shards");
    assertThat(shards()).extracting(PairShard::size).containsExactly(5, 4);
  }

  @Test
  void whatAnAttemptThatDiedLeftBehindIsClearedAway() throws IOException {
    File parent = temporary.toFile();
    JavaRDD<EncodedPair> pairs =
        rdd(pairs(9), 1)
            .mapPartitions(
                each -> {
                  dieHalfway(parent);
                  return each;
                });

    PairShards.write(pairs, 2, folder, configuration);

    assertThat(shards()).extracting(PairShard::size).containsExactly(5, 4);
  }

  @Test
  void aMissingShardIsNamed() throws IOException {
    PairShards.write(rdd(pairs(9), 2), 3, folder, configuration);
    Files.delete(temporary.resolve("shards/shard-00001.bin"));

    assertThatThrownBy(() -> PairShards.paths(folder, configuration))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("no shard-00001.bin");
  }

  @Test
  void aMissingFolderIsNamed() {
    assertThatThrownBy(() -> PairShards.paths(folder, configuration))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("shards");
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws IOException {
    Files.writeString(temporary.resolve("file"), "");

    assertThatThrownBy(
            () ->
                PairShards.write(
                    rdd(pairs(1), 1), 1, new Path(temporary + "/file/shards"), configuration))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("cannot write");
  }

  @Test
  void aFullDiskUnderSparksOwnFilesIsNotTakenForTheShards() {
    Iterator<EncodedPair> spilled =
        Stream.generate(
                () ->
                    PairShardsTest.<EncodedPair, RuntimeException>undeclared(
                        new IOException("no space")))
            .iterator();

    assertThatThrownBy(() -> PairShards.next(spilled))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "Spark cannot use its own files: no space; see that spark.local.dir has room on every machine");
  }

  @SuppressWarnings("unchecked")
  private static <T, E extends Exception> T undeclared(Exception failure) throws E {
    throw (E) failure;
  }

  private static void dieHalfway(File parent) throws IOException {
    File draft = Objects.requireNonNull(parent.listFiles())[0];
    Files.writeString(draft.toPath().resolve("attempt-0-999"), "half a sh");
  }

  private List<PairShard> shards() {
    return PairShards.paths(folder, configuration).stream()
        .map(path -> PairShards.read(path, configuration))
        .toList();
  }

  private List<byte[]> contents() throws IOException {
    List<byte[]> contents = new ArrayList<>();
    for (Path path : PairShards.paths(folder, configuration)) {
      contents.add(Files.readAllBytes(java.nio.file.Path.of(path.toUri().getPath())));
    }
    return contents;
  }

  private static JavaRDD<EncodedPair> rdd(List<EncodedPair> pairs, int partitions) {
    return LocalSpark.context().parallelize(pairs, partitions);
  }

  private static List<EncodedPair> pairs(int count) {
    Random random = new Random(1);
    List<EncodedPair> pairs = new ArrayList<>();
    for (int pair = 0; pair < count; pair++) {
      pairs.add(
          new EncodedPair(
              random.ints(1 + random.nextInt(5), 4, 99).toArray(),
              random.ints(1 + random.nextInt(9), 4, 99).toArray()));
    }
    return pairs;
  }

  private static String text(EncodedPair pair) {
    return Arrays.toString(pair.prompt()) + Arrays.toString(pair.story());
  }

  private static List<String> names(java.nio.file.Path folder) throws IOException {
    try (Stream<java.nio.file.Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
