package storyloom.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import storyloom.model.UserException;

/** Executors that are larger than the containers of a YARN may be. */
final class YarnMaximumTest {

  private static final String MOST = "yarn.scheduler.maximum-allocation-mb";

  private final Configuration files = new Configuration(false);

  private static ContainerMemory executor(String heap) {
    SparkConf conf = new SparkConf(false).setMaster("yarn").set("spark.executor.memory", heap);
    return ContainerMemory.ofExecutor(conf, new MemoryNeed(0, 0, 690L << 20)).orElseThrow();
  }

  @Test
  void oneThatYarnWouldNotGiveIsNamedWithTheLargestHeapThatFits() {
    files.setInt(MOST, 8192);

    assertThatThrownBy(() -> YarnMaximum.requireWithin(executor("7400m"), files))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "an executor takes 8346m (spark.executor.memory 7400m, spark.executor.memoryOverhead 946m),"
                + " but this YARN gives 8192m at most (yarn.scheduler.maximum-allocation-mb):"
                + " set spark.executor.memory to 7246m or less")
        .extracting(thrown -> ((UserException) thrown).status())
        .isEqualTo(2);
    assertThatCode(() -> YarnMaximum.requireWithin(executor("7246m"), files))
        .doesNotThrowAnyException();
  }

  @Test
  void aYarnTooSmallForTheModelAloneIsToldAsWell() {
    files.setInt(MOST, 800);

    assertThatThrownBy(() -> YarnMaximum.requireWithin(executor("1g"), files))
        .isInstanceOf(UserException.class)
        .hasMessageEndingWith("raise that, or make the model smaller");
  }

  /** YARN's default for it is 8192, whatever the cluster has. */
  @Test
  void whatNobodyHasSetSaysNothing() {
    assertThatCode(() -> YarnMaximum.requireWithin(executor("64g"), files))
        .doesNotThrowAnyException();
  }
}
