package storyloom.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import storyloom.jobs.cli.JobFailure;
import storyloom.model.UserException;

final class ClusterSessionTest {

  /** An address that is nobody's, kept for documentation. */
  private static final String ELSEWHERE = "203.0.113.7";

  private final Configuration hadoop = new Configuration();

  @Test
  void localPathIsRefusedIfAnExecutorRunsElsewhere() {
    List<String> hosts = List.of("127.0.0.1", ELSEWHERE);

    assertThatThrownBy(() -> ClusterSession.requireShared("file:/data/corpus", hosts, hadoop))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("file:/data/corpus")
        .hasMessageContaining(ELSEWHERE)
        .hasMessageContaining("--shared-files")
        .extracting(thrown -> ((UserException) thrown).status())
        .isEqualTo(2);
  }

  @Test
  void pathWithoutASchemeIsLocalUnlessHadoopSaysOtherwise() {
    List<String> hosts = List.of(ELSEWHERE);

    assertThatThrownBy(() -> ClusterSession.requireShared("data/*.parquet", hosts, hadoop))
        .isInstanceOf(UserException.class);
  }

  @Test
  void localPathIsFineIfAllExecutorsRunHere() {
    List<String> hosts = List.of("127.0.0.1", "localhost");

    assertThatCode(() -> ClusterSession.requireShared("file:/data/corpus", hosts, hadoop))
        .doesNotThrowAnyException();
  }

  @Test
  void pathThatAllHostsReachIsFineAnywhere() {
    hadoop.set("fs.viewfs.mounttable.default.link./data", "file:///");
    List<String> hosts = List.of(ELSEWHERE);

    assertThatCode(() -> ClusterSession.requireShared("viewfs:///data/corpus", hosts, hadoop))
        .doesNotThrowAnyException();
  }

  @Test
  void aTaskThatNeedsMoreCoresThanAnExecutorHasIsRefused() {
    SparkConf conf = new SparkConf().setMaster("local[2]").set("spark.task.cpus", "4");

    assertThatThrownBy(() -> ClusterSession.start("too many cores a task", conf))
        .isInstanceOf(UserException.class)
        .hasMessage("spark.task.cpus is 4, but an executor has 2 cores: set it to 2 or less")
        .extracting(thrown -> ((UserException) thrown).status())
        .isEqualTo(2);
  }

  @Test
  void executorsThatComeLaterAreCounted() {
    AtomicInteger calls = new AtomicInteger();
    ClusterSession.SlotCount count =
        new ClusterSession.SlotCount(Duration.ofSeconds(30), Duration.ofMillis(500));

    int slots = count.settled(() -> Math.min(calls.getAndIncrement(), 2));

    assertThat(slots).isEqualTo(2);
  }

  @Test
  void clusterWithoutExecutorsIsReportedAfterAWhile() {
    ClusterSession.SlotCount count =
        new ClusterSession.SlotCount(Duration.ofMillis(200), Duration.ofMillis(100));

    assertThatThrownBy(() -> count.settled(() -> 0))
        .isInstanceOf(JobFailure.class)
        .hasMessageContaining("no executor");
  }

  @Test
  void executorsAreWaitedForAsLongAsSparkIsToldToWait() {
    SparkConf conf = new SparkConf(false);
    assertThat(ClusterSession.patience(conf)).isEqualTo(Duration.ofSeconds(60));

    conf.set("spark.scheduler.maxRegisteredResourcesWaitingTime", "10min");

    assertThat(ClusterSession.patience(conf)).isEqualTo(Duration.ofMinutes(10));
  }

  @Test
  void settingsThatSparkDoesNotStartWithAreOneLine() {
    SparkConf conf =
        new SparkConf(false).setMaster("local[1]").set("spark.memory.offHeap.enabled", "true");

    assertThatThrownBy(() -> ClusterSession.start("test", conf))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("Spark does not start: ")
        .hasMessageContaining("spark.memory.offHeap.size")
        .extracting(thrown -> ((UserException) thrown).status())
        .isEqualTo(2);
  }
}
