package storyloom.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import storyloom.model.nn.kernel.OffHeapLimits;

final class ClusterConfTest {

  private static final OffHeapLimits LIMITS = new OffHeapLimits(2000, 3000);

  private static SparkConf complete(SparkConf given) {
    return ClusterConf.complete(given, "storyloom test", LIMITS);
  }

  @Test
  void whatIsMissingGetsADefault() {
    SparkConf conf = complete(new SparkConf(false));

    assertThat(conf.get("spark.master")).isEqualTo("local[*]");
    assertThat(conf.get("spark.app.name")).isEqualTo("storyloom test");
    assertThat(conf.get("spark.driver.maxResultSize")).isEqualTo("0");
    assertThat(conf.get("spark.executorEnv.OMP_WAIT_POLICY")).isEqualTo("passive");
    assertThat(conf.get("spark.executor.extraJavaOptions"))
        .isEqualTo(
            "--add-modules=jdk.incubator.vector -XX:G1HeapRegionSize=16m"
                + " -Dorg.bytedeco.javacpp.maxbytes=2000"
                + " -Dorg.bytedeco.javacpp.maxphysicalbytes=3000");
  }

  @Test
  void whatTheUserSaidStays() {
    SparkConf conf =
        complete(
            new SparkConf(false)
                .set("spark.master", "spark://far:7077")
                .set("spark.broadcast.compress", "true")
                .set(
                    "spark.executor.extraJavaOptions",
                    "-Dorg.bytedeco.javacpp.maxbytes=7 -XX:G1HeapRegionSize=4m"));

    assertThat(conf.get("spark.master")).isEqualTo("spark://far:7077");
    assertThat(conf.get("spark.broadcast.compress")).isEqualTo("true");
    assertThat(conf.get("spark.executor.extraJavaOptions"))
        .isEqualTo(
            "-Dorg.bytedeco.javacpp.maxbytes=7 -XX:G1HeapRegionSize=4m"
                + " --add-modules=jdk.incubator.vector"
                + " -Dorg.bytedeco.javacpp.maxphysicalbytes=3000");
  }

  @Test
  void limitsLeaveRoomForTheSystem() {
    assertThat(OffHeapLimits.ofMemory(9000)).isEqualTo(new OffHeapLimits(6000, 8100));
    assertThat(OffHeapLimits.ofThisMachine().arrays()).isPositive();
  }
}
