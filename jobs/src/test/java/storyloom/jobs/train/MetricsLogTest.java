package storyloom.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.jobs.Rounds;
import storyloom.model.nn.loss.LossTally;
import storyloom.pipeline.train.plan.TrainingProgress.EpochReport;
import storyloom.pipeline.train.plan.TrainingProgress.RoundReport;

final class MetricsLogTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int ROUNDS = 2;

  @TempDir Path home;

  private MetricsLog log(int epoch, int round) {
    return new MetricsLog(
        new org.apache.hadoop.fs.Path(home.toString(), "runs/r"),
        new Configuration(),
        epoch,
        round);
  }

  private Path file() {
    return home.resolve("runs/r/metrics.jsonl");
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(file());
  }

  /** Each line's epoch and, behind a point, round. */
  private List<String> places() throws IOException {
    return lines().stream().map(MetricsLogTest::place).toList();
  }

  private static String place(String line) {
    try {
      JsonNode told = JSON.readTree(line);
      return told.get("epoch") + (told.has("round") ? "." + told.get("round") : "");
    } catch (JsonProcessingException e) {
      throw new AssertionError("no JSON: " + line, e);
    }
  }

  private static EpochReport epoch(int epoch) {
    return new EpochReport(
        epoch, new LossTally(0, 10, 5), new LossTally(10 * Math.log(4), 10, 1), 9);
  }

  private static void tell(MetricsLog log, int epochs) {
    for (int epoch = 0; epoch < epochs; epoch++) {
      for (int round = 0; round < ROUNDS; round++) {
        log.roundDone(Rounds.round(epoch, round, ROUNDS, 4));
      }
      log.epochDone(epoch(epoch));
    }
  }

  @Test
  void roundIsALineWithAllItsFigures() throws IOException {
    try (MetricsLog log = log(0, 0)) {
      log.roundDone(Rounds.round(0, 2, 40, 4));
    }

    assertThat(lines())
        .containsExactly(
            "{\"epoch\":1,\"round\":3,\"rounds\":40,\"loss\":2.0,\"accuracy\":0.5,\"tokens\":2000,"
                + "\"tokens_per_second\":500.0,\"seconds\":4.0,\"broadcast_seconds\":0.5,"
                + "\"compute_seconds\":2.0,\"reduce_seconds\":1.0,\"update_seconds\":0.5,"
                + "\"learning_rate\":0.001,\"gradient_norm\":0.75}");
  }

  @Test
  void epochIsALineOfItsOwn() throws IOException {
    try (MetricsLog log = log(0, 0)) {
      log.epochDone(epoch(1));
    }

    JsonNode line = JSON.readTree(lines().get(0));
    assertThat(line.toString())
        .startsWith("{\"epoch\":2,\"train_loss\":0.0,\"train_perplexity\":1.0,")
        .endsWith("\"valid_accuracy\":0.1,\"seconds\":9.0}");
    assertThat(line.get("train_accuracy").doubleValue()).isEqualTo(0.5);
    assertThat(line.get("valid_loss").doubleValue()).isEqualTo(Math.log(4));
    assertThat(line.get("valid_perplexity").doubleValue()).isEqualTo(Math.exp(Math.log(4)));
  }

  @Test
  void numbersThatJsonDoesNotHaveAreNull() throws IOException {
    try (MetricsLog log = log(0, 0)) {
      log.roundDone(
          new RoundReport(
              0,
              0,
              1,
              new LossTally(Double.POSITIVE_INFINITY, 10, 0),
              new RoundReport.Times(1, 1, 1, 1),
              0.1,
              Double.NaN));
    }

    JsonNode line = JSON.readTree(lines().get(0));
    assertThat(line.get("loss").isNull()).isTrue();
    assertThat(line.get("gradient_norm").isNull()).isTrue();
    assertThat(line.get("tokens").intValue()).isEqualTo(10);
  }

  @Test
  void eachLineIsThereWhenItsRoundIsOver() throws IOException {
    try (MetricsLog log = log(0, 0)) {
      for (int round = 0; round < 3; round++) {
        log.roundDone(Rounds.round(0, round, 3, 1));
        assertThat(lines()).hasSize(round + 1);
      }
    }
  }

  @Test
  void nothingElseLiesInTheFolder() throws IOException {
    try (MetricsLog log = log(0, 0)) {
      tell(log, 1);
      try (Stream<Path> paths = Files.list(file().getParent())) {
        assertThat(paths).containsExactly(file());
      }
    }
  }

  @Test
  void resumedRunTellsEachRoundOnce() throws IOException {
    try (MetricsLog log = log(0, 0)) {
      tell(log, 3);
    }

    try (MetricsLog log = log(1, 1)) {
      assertThat(places()).containsExactly("1.1", "1.2", "1", "2.1");
      log.roundDone(Rounds.round(1, 1, ROUNDS, 4));
      log.epochDone(epoch(1));
    }

    assertThat(places()).containsExactly("1.1", "1.2", "1", "2.1", "2.2", "2");
  }

  @Test
  void epochThatWasNotScoredBeforeTheCheckpointIsToldAgain() throws IOException {
    try (MetricsLog log = log(0, 0)) {
      tell(log, 1);
    }

    log(0, ROUNDS).close();

    assertThat(places()).containsExactly("1.1", "1.2");
  }

  @Test
  void epochThatWasScoredBeforeTheCheckpointStays() throws IOException {
    try (MetricsLog log = log(0, 0)) {
      tell(log, 1);
    }

    log(1, 0).close();

    assertThat(places()).containsExactly("1.1", "1.2", "1");
  }

  @Test
  void trainingFromTheStartTellsAllAnew() throws IOException {
    try (MetricsLog log = log(0, 0)) {
      tell(log, 2);
    }

    log(0, 0).close();

    assertThat(lines()).isEmpty();
  }

  @Test
  void lineThatAKillHasTornIsDropped() throws IOException {
    try (MetricsLog log = log(0, 0)) {
      tell(log, 1);
    }
    String torn = "{\"epoch\":2,\"round\":1,\"roun";
    for (String rest : List.of("", "{", "{}", "{\"epoch\":1,\"round\":1}{\"ep", torn)) {
      Files.writeString(file(), rest, StandardOpenOption.APPEND);

      log(2, 0).close();

      assertThat(places()).as(rest).containsExactly("1.1", "1.2", "1");
    }
  }
}
