package storyloom.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.ExitStatus;
import storyloom.model.fixture.RivalRuns;
import storyloom.model.fixture.S3Server;
import storyloom.model.fixture.S3Server.Fate;
import storyloom.model.fixture.SmallBundle;
import storyloom.model.registry.HomeLock;

/** Corpus, trainings, models and stories on a real server of S3, which may refuse and lose. */
@Tag("cluster")
final class S3IT {

  private static final String CORPUS = S3Server.BUCKET + "/corpus";
  private static final String SPARK_HADOOP = "spark.hadoop.";
  private static final Pattern EPOCH_LINE = Pattern.compile(".*\"valid_loss\".*");

  @TempDir static java.nio.file.Path folder;

  private static S3Server server;
  private static Configuration client;
  private static FileSystem files;
  private static java.nio.file.Path localCorpus;

  @BeforeAll
  static void startS3() throws IOException {
    server = S3Server.start(BinCommand.ROOT.resolve("jobs/target/s3proxy.jar"));
    server.settings().forEach((key, value) -> System.setProperty(SPARK_HADOOP + key, value));
    client = server.over(new Configuration());
    files = new Path(S3Server.BUCKET).getFileSystem(client);
    localCorpus = SmallCorpus.write(folder.resolve("corpus"));
    files.copyFromLocalFile(new Path(localCorpus.toUri()), new Path(CORPUS));
  }

  @AfterAll
  static void stopS3() throws IOException {
    server.settings().keySet().forEach(key -> System.clearProperty(SPARK_HADOOP + key));
    FileSystem.closeAll(); // later tests reach S3 by other settings, or not at all
    server.close();
  }

  @AfterEach
  void openTheDoor() {
    server.open();
  }

  private static String home(String name) {
    return S3Server.BUCKET + "/" + name;
  }

  private static String[] training(String home, String... more) {
    return SmallCorpus.training(home, CORPUS, more);
  }

  private static Commands.Result trained(String home, String... more) {
    Commands.Result trained = Commands.train(training(home, more));
    assertThat(trained.status()).as("%s", trained.err()).isZero();
    return trained;
  }

  private static String version(Commands.Result trained) {
    return trained.json().get("model").textValue();
  }

  private static Commands.Result models(String home, String... arguments) {
    return Commands.run(
        ModelsCommand::run,
        Stream.concat(Stream.of(arguments), Stream.of("--set", "home=" + home))
            .toArray(String[]::new));
  }

  /** On S3, or on the local disk. */
  private static List<String> names(String directory) throws IOException {
    Path path = new Path(directory);
    return Arrays.stream(path.getFileSystem(client).listStatus(path))
        .map(FileStatus::getPath)
        .map(Path::getName)
        .sorted()
        .toList();
  }

  private static List<String> lines(Path file) throws IOException {
    try (InputStream in = file.getFileSystem(client).open(file)) {
      return new String(in.readAllBytes(), UTF_8).lines().toList();
    }
  }

  private static List<String> metrics(String home) throws IOException {
    String runs = home + "/runs";
    String run = names(runs).stream().filter(name -> !name.contains(".")).findFirst().orElseThrow();
    return lines(new Path(runs + "/" + run, "metrics.jsonl"));
  }

  @Test
  void trainingsPromoteThoughRequestsAreLostAndPeopleRollBackAndPrune() throws Exception {
    String home = home("nights");
    loseRequests();
    String first = version(trained(home));
    server.open();
    assertThat(names(home)).containsExactly("models", "prepared", "runs");
    assertThat(names(home + "/models/" + first)).isEqualTo(SmallBundle.FILES);

    String second = night(home);
    assertThat(second).isNotEqualTo(first);
    assertThat(models(home, "rollback").out())
        .containsExactly(first + " is the current model again");
    assertThat(models(home, "prune", "--set", "registry.keep-refused=1").status()).isZero();
    assertThat(names(home + "/models"))
        .containsExactly(first, first + ".json", second, second + ".json", "current");

    Commands.Result told =
        Commands.generate(
            "--input", CORPUS + "/valid.wp_source",
            "--output", home + "/stories.parquet",
            "--set", "home=" + home);
    assertThat(told.status()).as("%s", told.err()).isZero();
    assertThat(told.json().get("model").textValue()).isEqualTo(first);
    assertThat(names(home + "/stories.parquet")).contains("_SUCCESS");
  }

  /** The version that a night by bin/nightly promotes. */
  private static String night(String home) throws Exception {
    List<String> line = new ArrayList<>(server.options());
    line.addAll(List.of(training(home, "--set", "train.start=current")));
    java.nio.file.Path logs = folder.resolve("logs");
    Map<String, String> environment =
        Map.of(
            "STORYLOOM_LOGS",
            logs.toString(),
            "STORYLOOM_SUBMIT",
            "--master local[2] --conf spark.ui.enabled=false");
    try (BinCommand command = BinCommand.start(folder, "nightly", line, environment)) {
      BinCommand.Ended night = command.ended();
      String log;
      try (Stream<java.nio.file.Path> all = Files.list(logs)) {
        log = Files.readString(all.findFirst().orElseThrow());
      }
      assertThat(night.status()).as(log).isZero();
      assertThat(log).doesNotContain("S3A", "MetricsConfig");
    }
    return lines(new Path(home + "/models/current")).get(0);
  }

  @Test
  void trainingThatIsKilledAndThenRefusedItsModelGoesOnAndHasAllLinesOfItsMetrics()
      throws Exception {
    String[] rounds = {
      "--set",
      "train.averaging-frequency=1",
      "--set",
      "train.epochs=2",
      "--set",
      "train.checkpoint-rounds=3"
    };
    String[] again = Stream.concat(Stream.of(rounds), Stream.of("--resume")).toArray(String[]::new);
    String undisturbed = folder.resolve("undisturbed").toString();
    String weights =
        Commands.train(SmallCorpus.training(undisturbed, localCorpus.toString(), rounds)).weights();
    String home = home("killed");
    List<String> line =
        new ArrayList<>(List.of("--master", "local[2]", "--conf", "spark.ui.enabled=false"));
    List<String> faults = FaultOptions.of("longest-delay=200");
    List<String> store = server.options();
    line.addAll(List.of("--jars", faults.get(1) + "," + store.get(1)));
    line.addAll(faults.subList(2, faults.size()));
    line.addAll(store.subList(2, store.size()));
    line.add(BinCommand.ROOT.resolve("jobs/train.jar").toString());
    line.addAll(List.of(training(home, rounds)));
    try (BinCommand command = BinCommand.start(folder, "spark-submit", line)) {
      command.awaitLines(BinCommand.ROUND_DONE, 6);
      command.process().destroyForcibly();
      assertThat(command.ended().err()).doesNotContain("S3A", "MetricsConfig", "Exception");
    }
    assertThat(metrics(home)).filteredOn(EPOCH_LINE.asMatchPredicate()).isNotEmpty();
    String start = metrics(home).get(0);

    server.setDoor(
        (method, path) ->
            method.equals("PUT") && path.contains("/models/") ? Fate.REFUSE : Fate.PASS);
    Commands.Result refused = Commands.train(training(home, again));
    assertThat(refused.status()).isEqualTo(ExitStatus.DATA);
    assertThat(refused.error()).contains("cannot write", home + "/models", "403");
    assertThat(refused.err())
        .anyMatch(said -> said.contains("left by a run that has died"))
        .noneMatch(said -> said.startsWith("\tat "));
    assertThat(names(home)).doesNotContain("models", "train.lock");
    server.open();

    Commands.Result resumed = Commands.train(training(home, again));

    assertThat(resumed.weights(client)).isEqualTo(weights);
    assertThat(metrics(home)).hasSameSizeAs(metrics(undisturbed)).startsWith(start);
  }

  @Test
  void ofTwoStartsInOneMomentOneGetsTheLock() throws Exception {
    RivalRuns rivals = new RivalRuns();
    server.setDoor(
        (method, path) -> {
          if (method.equals("PUT") && path.contains("-claim-")) {
            rivals.beforeClaim();
          } else if (method.equals("PUT") && path.endsWith("/train.lock")) {
            rivals.beforeLock();
          }
          return Fate.PASS;
        });

    List<HomeLock> held = rivals.start(S3IT::lock);

    assertThat(held).hasSize(1);
    held.get(0).requireHeld();
    held.get(0).close();
    assertThat(names(home("two"))).isEmpty();
  }

  private static HomeLock lock() {
    Configuration own = server.over(new Configuration());
    own.setBoolean("fs.s3a.impl.disable.cache", true);
    return HomeLock.take(home("two"), own, Duration.ofMinutes(10), warning -> {});
  }

  private static void sleep(Duration time) throws IOException {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** Every tenth request or its answer is lost, and one takes longer than Hadoop waits. */
  private static void loseRequests() {
    AtomicInteger requests = new AtomicInteger();
    AtomicInteger reads = new AtomicInteger();
    server.setDoor(
        (method, path) -> {
          if (method.equals("GET") && reads.incrementAndGet() == 20) {
            sleep(Duration.ofSeconds(3));
          }
          return switch (requests.incrementAndGet() % 20) {
            case 7 -> Fate.LOSE;
            case 14 -> Fate.LOSE_ANSWER;
            default -> Fate.PASS;
          };
        });
  }

  @Test
  void storeThatIsNotThereOrRefusesIsOneLine() {
    Commands.Result nowhere = models(S3Server.BUCKET + "-of-nobody/home", "list");
    assertThat(nowhere.status()).isEqualTo(ExitStatus.DATA);
    assertThat(nowhere.error()).contains("bucket-of-nobody");

    server.setDoor((method, path) -> Fate.REFUSE);
    Commands.Result refusing = models(home("refused"), "list");
    assertThat(refusing.status()).isEqualTo(ExitStatus.DATA);
    assertThat(refusing.error()).contains("refused", "403");

    server.setDoor((method, path) -> Fate.LOSE);
    Commands.Result silent = models(home("silent"), "prune");
    assertThat(silent.status()).isEqualTo(ExitStatus.DATA);
    assertThat(silent.error()).contains("silent");
  }

  @Test
  void binModelsTakesJarsAndSettingsAsSparkSubmitDoes() throws Exception {
    String home = home("shown");
    String config = home + "/job.conf";
    try (var out = files.create(new Path(config))) {
      out.write(("home = \"" + home + "\"\n").getBytes(UTF_8));
    }
    List<String> line = new ArrayList<>(server.options());
    line.addAll(List.of("list", "--config", config));

    BinCommand.Ended listed = BinCommand.run(folder, "models", line.toArray(String[]::new));
    assertThat(listed.status()).as(listed.err()).isZero();
    assertThat(listed.out()).containsExactly("there is no model under " + home + "/models");
    assertThat(listed.err()).isEmpty();

    BinCommand.Ended bare = BinCommand.run(folder, "models", "list", "--config", config);
    assertThat(bare.status()).isEqualTo(ExitStatus.USAGE);
    assertThat(bare.err().lines())
        .singleElement()
        .asString()
        .contains("error: cannot reach s3a://", "--packages org.apache.hadoop:hadoop-aws:3.3.4");
  }
}
