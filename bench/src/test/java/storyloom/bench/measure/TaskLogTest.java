package storyloom.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskLogTest {

  private static final String START = "{\"Event\":\"SparkListenerLogStart\"}";

  @TempDir private Path folder;

  /** A task of a partition that was done, and counted what is counted, on an executor. */
  private static String done(int stage, int partition, int executor, String counted) {
    return task(stage, partition, executor, false, "{\"Name\":\"" + counted + "\"}");
  }

  private static String failed(int stage, int partition, int executor) {
    return task(stage, partition, executor, true, "");
  }

  private static String task(int stage, int partition, int executor, boolean failed, String each) {
    return """
        {"Event":"SparkListenerTaskEnd","Stage ID":%d,"Task Info":{"Index":%d,"Executor ID":"%d",\
        "Failed":%s,"Accumulables":[%s]}}"""
        .formatted(stage, partition, executor, failed, each);
  }

  private static String lost(int executor) {
    return "{\"Event\":\"SparkListenerExecutorRemoved\",\"Executor ID\":\"%d\"}"
        .formatted(executor);
  }

  private TaskLog read(String... events) throws IOException {
    return TaskLog.read(Files.write(folder.resolve("log"), List.of(events)), "told");
  }

  @Test
  void whereNoExecutorIsLostEachPartitionHasOneTask() throws Exception {
    TaskLog log = read(START, done(1, 0, 0, "told"), done(1, 1, 1, "told"), done(1, 2, 0, "told"));

    assertThat(log).isEqualTo(new TaskLog(3, 3, 0));
    assertThat(log.repeated()).isZero();
  }

  @Test
  void aLostTaskIsNoRepeatedOne() throws Exception {
    TaskLog log = read(done(1, 0, 0, "told"), failed(1, 1, 1), lost(1), done(1, 1, 2, "told"));

    assertThat(log).isEqualTo(new TaskLog(2, 3, 1));
    assertThat(log.repeated()).isZero();
  }

  @Test
  void whatIsDoneAgainOnAnExecutorThatLivesIsRepeated() throws Exception {
    TaskLog log =
        read(
            failed(1, 1, 1),
            lost(1),
            failed(1, 0, 0),
            done(1, 0, 0, "told"),
            done(1, 1, 2, "told"),
            done(1, 1, 0, "told"));

    assertThat(log.lost()).isEqualTo(1);
    assertThat(log.repeated()).isEqualTo(2);
  }

  @Test
  void otherStagesDoNotCount() throws Exception {
    TaskLog log = read(done(0, 0, 0, "read"), failed(0, 1, 0), done(2, 0, 0, "told"));

    assertThat(log).isEqualTo(new TaskLog(1, 1, 0));
    assertThatThrownBy(() -> read(START, done(0, 0, 0, "read")))
        .isInstanceOf(IllegalStateException.class);
  }
}
