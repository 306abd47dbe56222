package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.protocol.HdfsConstants;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.bundle.Bundle;
import storyloom.model.fixture.SmallBundle;
import storyloom.model.registry.Registry;

/** Corpus, pairs, models and stories on a real HDFS, reached over its socket. */
@Tag("cluster")
final class HdfsIT {

  @TempDir static java.nio.file.Path folder;

  private static MiniDFSCluster hdfs;
  private static DistributedFileSystem files;
  private static String corpus;
  private static String home;
  private static Commands.Result trained;

  @BeforeAll
  static void startHdfsAndTrain() throws IOException {
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
    hdfs = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
    files = hdfs.getFileSystem();
    corpus = hdfs.getURI() + "/corpus";
    put(SmallCorpus.write(folder.resolve("corpus")), corpus);
    home = hdfs.getURI() + "/home";
    trained = Commands.train(SmallCorpus.training(home, corpus));
  }

  @AfterAll
  static void stopHdfs() {
    hdfs.shutdown();
  }

  private static void put(java.nio.file.Path local, String remote) throws IOException {
    files.copyFromLocalFile(new Path(local.toUri()), new Path(remote));
  }

  private static List<String> names(String directory) throws IOException {
    return Arrays.stream(files.listStatus(new Path(directory)))
        .map(FileStatus::getPath)
        .map(Path::getName)
        .sorted()
        .toList();
  }

  @Test
  void fromACorpusToStoriesAllOnHdfs() throws IOException {
    assertThat(trained.status()).as("%s", trained.err()).isZero();
    String version = trained.json().get("model").textValue();
    assertThat(names(home)).containsExactly("models", "prepared", "runs");
    assertThat(names(home + "/models")).containsExactly(version, version + ".json", "current");
    assertThat(names(home + "/models/" + version)).isEqualTo(SmallBundle.FILES);

    Commands.Result told =
        Commands.generate(
            "--input", corpus + "/valid.wp_source",
            "--output", home + "/stories.parquet",
            "--set", "home=" + home);

    assertThat(told.status()).as("%s", told.err()).isZero();
    assertThat(told.json().get("rows").longValue()).isEqualTo(4);
    assertThat(names(home + "/stories.parquet")).contains("_SUCCESS");
  }

  @Test
  void aFullDiskStopsATrainingThatGoesOnLater() throws IOException {
    String full = hdfs.getURI() + "/full";
    Path checkpoints = new Path(full, "checkpoints");
    files.mkdirs(checkpoints);
    files.setQuota(checkpoints, HdfsConstants.QUOTA_DONT_SET, roomForOneCheckpoint());
    String[] training = SmallCorpus.training(full, corpus, "--set", "train.checkpoint-rounds=1");
    Commands.Result stopped = Commands.train(training);

    assertThat(stopped.status()).isEqualTo(3);
    assertThat(stopped.error()).contains("quota", checkpoints.toString());
    assertThat(stopped.err()).noneMatch(line -> line.startsWith("\tat "));
    files.setQuota(checkpoints, HdfsConstants.QUOTA_DONT_SET, HdfsConstants.QUOTA_RESET);
    Commands.Result resumed = Commands.train(SmallCorpus.training(full, corpus, "--resume"));
    assertThat(resumed.weights(files.getConf())).isEqualTo(trained.weights(files.getConf()));
    assertThat(resumed.err()).noneMatch(line -> line.startsWith("warning: "));
  }

  /** HDFS reckons a file that is being written with a whole block. */
  private static long roomForOneCheckpoint() throws IOException {
    Path model = new Path(trained.json().get("path").textValue());
    long bundle = files.getContentSummary(model).getLength();
    return files.getDefaultBlockSize(model)
        + 4 * bundle; // Adam's moments and the outer step's velocity are three more numbers each
  }

  @Test
  void readersAlwaysSeeAWholeModelWhileOthersPromote() throws Exception {
    readWhilePromoting(5, hdfs.getURI() + "/promoted");
  }

  @Test
  @Tag("soak")
  void readersAlwaysSeeAWholeModelDuringManyPromotions() throws Exception {
    readWhilePromoting(200, hdfs.getURI() + "/often-promoted");
  }

  private void readWhilePromoting(int promotions, String promoted) throws Exception {
    Configuration client = files.getConf();
    java.nio.file.Path models = Files.createTempDirectory(folder, "models");
    List<String> versions =
        List.of(SmallBundle.write(models), SmallBundle.ofDozenWords().withSeed(4).writeTo(models));
    put(models, promoted + "/models");
    Registry registry = new Registry(promoted, client);
    registry.promote(versions.get(0));
    AtomicBoolean done = new AtomicBoolean();
    Set<String> seen = ConcurrentHashMap.newKeySet();
    CompletableFuture<Void> reader =
        CompletableFuture.runAsync(
            () -> {
              Registry readers = new Registry(promoted, client);
              while (!done.get()) {
                try (Bundle bundle = Bundle.read(readers.resolve(Optional.empty()), client)) {
                  seen.add(bundle.version());
                }
              }
            });

    try {
      for (int promotion = 1;
          promotion <= promotions || (seen.size() < 2 && !reader.isDone());
          promotion++) {
        registry.promote(versions.get(promotion % 2));
      }
    } finally {
      done.set(true);
    }

    reader.get();
    assertThat(seen).containsExactlyInAnyOrderElementsOf(versions);
    assertThat(names(promoted + "/models"))
        .containsExactlyInAnyOrder(
            versions.get(0),
            versions.get(0) + ".json",
            versions.get(1),
            versions.get(1) + ".json",
            "current");
  }
}
