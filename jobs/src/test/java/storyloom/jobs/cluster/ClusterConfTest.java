package storyloom.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import storyloom.model.UserException;
import storyloom.model.nn.kernel.OffHeapLimits;

final class ClusterConfTest {

  private static SparkConf complete(SparkConf given) {
    return ClusterConf.complete(given, "storyloom test");
  }

  @Test
  void whatIsMissingGetsADefault() {
    SparkConf conf = complete(new SparkConf(false));

    assertThat(conf.get("spark.master")).isEqualTo("local[*]");
    assertThat(conf.get("spark.app.name")).isEqualTo("storyloom test");
    assertThat(conf.get("spark.driver.maxResultSize")).isEqualTo("0");
    assertThat(conf.get("spark.executorEnv.OMP_WAIT_POLICY")).isEqualTo("passive");
    assertThat(conf.get("spark.executor.extraJavaOptions"))
        .isEqualTo("--add-modules=jdk.incubator.vector -XX:G1HeapRegionSize=16m");
  }

  @Test
  void whatTheUserSaidStays() {
    SparkConf conf =
        complete(
            new SparkConf(false)
                .set("spark.master", "spark://far:7077")
                .set("spark.driver.maxResultSize", "1g")
                .set("spark.executor.extraJavaOptions", "-XX:G1HeapRegionSize=4m"));

    assertThat(conf.get("spark.master")).isEqualTo("spark://far:7077");
    assertThat(conf.get("spark.driver.maxResultSize")).isEqualTo("1g");
    assertThat(conf.get("spark.executor.extraJavaOptions"))
        .isEqualTo("-XX:G1HeapRegionSize=4m --add-modules=jdk.incubator.vector");
  }

  @Test
  void anExecutorInAContainerIsToldWhatItMayTake() {
    SparkConf conf = complete(new SparkConf(false).setMaster("yarn"));
    ContainerMemory memory = ContainerMemory.ofExecutor(conf, MemoryNeed.NOTHING).orElseThrow();

    ClusterConf.limit(conf, memory);

    assertThat(conf.get("spark.executor.memoryOverhead")).isEqualTo("384m");
    assertThat(conf.get("spark.executor.extraJavaOptions"))
        .endsWith(
            " -Dorg.bytedeco.javacpp.maxbytes=%d -Dorg.bytedeco.javacpp.maxphysicalbytes=%d"
                .formatted(128L << 20, 1408L << 20));
  }

  @Test
  void limitsThatTheUserSetStay() {
    SparkConf conf =
        complete(
            new SparkConf(false)
                .setMaster("yarn")
                .set("spark.executor.memoryOverhead", "1g")
                .set("spark.executor.extraJavaOptions", "-Dorg.bytedeco.javacpp.maxbytes=7"));

    ClusterConf.limit(conf, ContainerMemory.ofExecutor(conf, MemoryNeed.NOTHING).orElseThrow());

    assertThat(conf.get("spark.executor.memoryOverhead")).isEqualTo("1g");
    assertThat(conf.get("spark.executor.extraJavaOptions"))
        .startsWith("-Dorg.bytedeco.javacpp.maxbytes=7 ")
        .containsOnlyOnce("maxbytes")
        .contains("-Dorg.bytedeco.javacpp.maxphysicalbytes=" + (2L << 30));
  }

  @ParameterizedTest
  @CsvSource({"local, 1", "'local[2]', 2", "'local[2,4]', 2"})
  void aTaskMustNotNeedMoreCoresThanThereAre(String master, int cores) {
    SparkConf conf = new SparkConf(false).setMaster(master);
    ClusterConf.requireCoresOfATask(conf.set("spark.task.cpus", Integer.toString(cores)));
    conf.set("spark.task.cpus", Integer.toString(cores + 1));

    assertThatThrownBy(() -> ClusterConf.requireCoresOfATask(conf))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "spark.task.cpus is %d, but an executor has %d cores: set it to %d or less"
                .formatted(cores + 1, cores, cores));
  }

  @Test
  void onAClusterAnExecutorsCoresAreWhatTheUserSaidOrUnknown() {
    SparkConf conf = new SparkConf(false).setMaster("spark://far:7077").set("spark.task.cpus", "4");
    ClusterConf.requireCoresOfATask(conf);
    conf.set("spark.executor.cores", "2");

    assertThatThrownBy(() -> ClusterConf.requireCoresOfATask(conf))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("spark.task.cpus is 4, but an executor has 2 cores");
  }

  @Test
  void limitsLeaveRoomForTheSystem() {
    assertThat(OffHeapLimits.ofMemory(9000)).isEqualTo(new OffHeapLimits(6000, 8100));
    assertThat(OffHeapLimits.ofThisMachine().arrays()).isPositive();
  }
}
