package storyloom.jobs.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.UserException;
import storyloom.pipeline.tune.RungResult;
import storyloom.pipeline.tune.SearchPlan;
import storyloom.pipeline.tune.SearchPlan.Kind;
import storyloom.pipeline.tune.SearchPlan.Objective;
import storyloom.pipeline.tune.TrialScheduler.Job;

final class TrialRecordTest {

  private static final SearchPlan PLAN =
      new SearchPlan(Kind.ASHA, 3, List.of(1, 3), 3, Objective.PERPLEXITY, 1);

  private final Configuration hadoop = new Configuration();

  @TempDir Path folder;

  private static SortedMap<String, String> values(int hidden) {
    return new TreeMap<>(Map.of("model.hidden", Integer.toString(hidden)));
  }

  private org.apache.hadoop.fs.Path file() {
    return new org.apache.hadoop.fs.Path(folder.resolve("trials.jsonl").toUri());
  }

  private TrialRecord created() {
    TrialRecord.Header header =
        new TrialRecord.Header(
            "tuning",
            new TreeMap<>(Map.of("model.layers", "2")),
            new TreeMap<>(Map.of("train.wp_source", "0a1b")),
            List.of(values(8), values(16), values(32)),
            4);
    return TrialRecord.create(file(), hadoop, header, PLAN);
  }

  private TrialRecord resumed() {
    return TrialRecord.resume(file(), hadoop, TrialRecord.header(file(), hadoop), PLAN);
  }

  /** As the tuner does: what the scheduler says begins, and ends so. */
  private static void run(TrialRecord record, double loss) {
    Job job = record.scheduler().next().orElseThrow();
    record.begun(job);
    RungResult result =
        new RungResult(job.trial(), job.rung(), loss, 1.5, 2.5, List.of(9.0, loss), "");
    record.scheduler().ended(result);
    record.ended(result);
  }

  @Test
  void whatWasWrittenIsReadAgain() {
    try (TrialRecord record = created()) {
      run(record, 7.25);
      Job failing = record.scheduler().next().orElseThrow();
      record.begun(failing);
      RungResult failed = RungResult.failed(failing, "diverged: \"x\"");
      record.scheduler().ended(failed);
      record.ended(failed);

      try (TrialRecord again = resumed()) {
        assertThat(again.header()).isEqualTo(record.header());
        assertThat(again.scheduler().results()).isEqualTo(record.scheduler().results());
        assertThat(again.seconds()).isPositive();
      }
    }
  }

  @Test
  void aLineThatAKillHasTornCountsAsNone() throws IOException {
    try (TrialRecord record = created()) {
      run(record, 7.25);
    }
    Files.writeString(
        folder.resolve("trials.jsonl"), "{\"event\": \"en", StandardOpenOption.APPEND);

    try (TrialRecord again = resumed()) {
      assertThat(again.scheduler().results()).hasSize(1);
      run(again, 3);
    }
    try (TrialRecord last = resumed()) {
      assertThat(last.scheduler().results()).hasSize(2);
    }
  }

  @Test
  void aRungThatOutlivesThreeDriversHasFailed() {
    created().begun(new Job(0, 0));
    for (int driver = 2; driver <= 3; driver++) {
      TrialRecord record = resumed();
      assertThat(record.scheduler().underWay()).containsExactly(new Job(0, 0));
      record.begun(new Job(0, 0));
    }

    TrialRecord last = resumed();

    assertThat(last.scheduler().underWay()).isEmpty();
    assertThat(last.scheduler().results()).allMatch(RungResult::isFailure).hasSize(1);
    assertThat(resumed().scheduler().results()).hasSize(1);
  }

  @Test
  void driversThatWereStoppedDoNotCount() {
    created().begun(new Job(0, 0));
    for (int driver = 2; driver <= 5; driver++) {
      TrialRecord record = resumed();
      record.begun(new Job(0, 0));
      record.stopped();
    }

    assertThat(resumed().scheduler().underWay()).containsExactly(new Job(0, 0));
  }

  @Test
  void aSearchThatIsDoneIsNotResumed() {
    assertThat(TrialRecord.isUnfinished(file(), hadoop)).isFalse();
    try (TrialRecord record = created()) {
      assertThat(TrialRecord.isUnfinished(file(), hadoop)).isTrue();
      record.done();
      assertThat(TrialRecord.isUnfinished(file(), hadoop)).isFalse();
    }
  }

  @Test
  void aRecordThatCannotBeIsOneLine() throws IOException {
    created().close();
    Files.writeString(
        folder.resolve("trials.jsonl"),
        "{\"event\": \"begun\", \"trial\": 7, \"rung\": 1}\n",
        StandardOpenOption.APPEND);

    assertThatThrownBy(this::resumed)
        .isInstanceOf(UserException.class)
        .hasMessageContaining("trials.jsonl is damaged");
  }
}
