package storyloom.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.UserException;
import storyloom.model.nn.kernel.OffHeapLimits;

/** How much memory executors and drivers in containers get, and what of it is for arrays. */
final class ContainerMemoryTest {

  private static final long MIB = 1L << 20;

  /** Settings of Spark, {@code memory=4g memoryOverhead=2g}, each below spark.executor. */
  private static SparkConf conf(String master, String executor) {
    SparkConf conf = new SparkConf(false).setMaster(master);
    for (String setting : executor.isEmpty() ? new String[0] : executor.split(" ")) {
      String[] parts = setting.split("=");
      conf.set((parts[0].contains(".") ? "" : "spark.executor.") + parts[0], parts[1]);
    }
    return conf;
  }

  private static MemoryNeed need(long shared, long task) {
    return new MemoryNeed(0, shared * MIB, task * MIB);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        // settings | shared, a task | overhead, arrays, process
        "yarn | '' | 0 | 0 | 384 | 128 | 1408",
        "yarn | memory=8g | 0 | 0 | 819 | 563 | 9011",
        "yarn | '' | 0 | 500 | 756 | 500 | 1780",
        "yarn | cores=4 | 0 | 500 | 2256 | 2000 | 3280",
        "yarn | cores=4 spark.task.cpus=2 | 0 | 500 | 1256 | 1000 | 2280",
        "yarn | cores=4 | 300 | 100 | 956 | 700 | 1980",
        "yarn | memory=2g memoryOverhead=1g | 0 | 500 | 1024 | 768 | 3072",
        "yarn | memory=2048 memoryOverhead=1024 | 0 | 500 | 1024 | 768 | 3072",
        "yarn | memory=4g memoryOverheadFactor=0.5 | 0 | 500 | 2048 | 1792 | 6144",
        "yarn | spark.memory.offHeap.enabled=true spark.memory.offHeap.size=1g | 0 | 500 | 756 | 500 | 2804",
        "k8s://https://host | memory=4g memoryOverhead=4g | 0 | 690 | 4096 | 3840 | 8192",
        "k8s://https://host | memory=4g spark.kubernetes.memoryOverheadFactor=0.25 | 0 | 690 | 1024 | 768 | 5120",
        "k8s://https://host | memory=4g spark.kubernetes.submitInDriver=true spark.kubernetes.memoryOverheadFactor=0.1 | 0 | 690 | 946 | 690 | 5042",
      })
  void anExecutorsShares(
      String master,
      String settings,
      long shared,
      long task,
      long overhead,
      long arrays,
      long all) {
    ContainerMemory memory =
        ContainerMemory.ofExecutor(conf(master, settings), need(shared, task)).orElseThrow();

    assertThat(memory.overhead()).isEqualTo(overhead);
    assertThat(memory.limits()).isEqualTo(new OffHeapLimits(arrays * MIB, all * MIB));
    assertThatCode(() -> memory.requireRoom(need(shared, task))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "local[4]", "spark://host:7077", "local-cluster[2,1,1024]"})
  void withoutContainersThereIsNothingToAskFor(String master) {
    assertThat(ContainerMemory.ofExecutor(conf(master, "memory=1g"), need(0, 500))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"memoryOverhead=700m", "memory=2g memoryOverheadFactor=0.35"})
  void anOverheadThatIsTooSmallIsNamedBeforeAnythingStarts(String settings) {
    ContainerMemory memory =
        ContainerMemory.ofExecutor(conf("yarn", "cores=2 " + settings), need(0, 500)).orElseThrow();

    assertThatThrownBy(() -> memory.requireRoom(need(0, 500)))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("spark.executor.memoryOverhead is 7")
        .hasMessageContaining("takes about 1256m with 2 tasks at a time: set it to that or more")
        .extracting(thrown -> ((UserException) thrown).status())
        .isEqualTo(2);
  }

  @Test
  void whatWasChosenIsSaid() {
    SparkConf conf = conf("yarn", "memory=2g");

    assertThat(ContainerMemory.ofExecutor(conf, need(0, 500)).orElseThrow().inWords())
        .isEqualTo(
            "each executor: one task at a time, heap 2048m,"
                + " spark.executor.memoryOverhead=756m (chosen for this model), arrays up to 500m");
  }

  @Test
  void aDriverThatYarnStartedHasWhatItWasSubmittedWith() {
    SparkConf conf = new SparkConf(false).setMaster("yarn").set("spark.driver.memory", "2g");
    assertThat(ContainerMemory.ofDriver(conf)).isEmpty();
    conf.set("spark.submit.deployMode", "cluster");

    ContainerMemory driver = ContainerMemory.ofDriver(conf).orElseThrow();

    assertThat(driver.driverLimits()).isEqualTo(OffHeapLimits.ofMemory((2048 + 384) * MIB));
    assertThat(driver.lack(100 * MIB)).isEmpty();
    assertThat(driver.lack(200 * MIB))
        .hasValueSatisfying(
            line ->
                assertThat(line)
                    .startsWith("spark.driver.memoryOverhead is 384m")
                    .contains("about 456m"));
    conf.setMaster("k8s://https://host");
    assertThat(ContainerMemory.ofDriver(conf)).isEqualTo(Optional.empty());
  }
}
