package storyloom.jobs.cluster;

import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import storyloom.model.UserException;
import storyloom.model.nn.kernel.OffHeapLimits;

/**
 * The container of an executor or a driver, which YARN and Kubernetes end if it takes more memory
 * than this. Without them a process may take what its machine has. All in MiB.
 *
 * @param overheadKey the setting that says how large the overhead is
 * @param heap of the JVM
 * @param spark what Spark keeps outside the heap for itself
 * @param overhead what there is besides: for the JVM's own needs and for arrays
 * @param slots tasks that run at a time
 * @param chosen whether the overhead was chosen here, not by the user
 */
record ContainerMemory(
    String overheadKey, long heap, long spark, long overhead, int slots, boolean chosen) {

  /** What a JVM takes besides heap and arrays: classes, code, threads, buffers of the network. */
  static final long JVM = 256;

  private static final String EXECUTOR = "spark.executor.memory";
  private static final String DRIVER = "spark.driver.memory";
  private static final String OVERHEAD = "Overhead";
  private static final String FACTOR = "OverheadFactor";
  private static final String KUBERNETES_FACTOR = "spark.kubernetes.memoryOverheadFactor";
  private static final String IN_DRIVERS_POD = "spark.kubernetes.submitInDriver";

  /** What Spark takes for an overhead if nobody says anything: a tenth of the heap, but so much. */
  private static final long LEAST = 384;

  private static final double USUAL_FACTOR = 0.1;

  private static final long MIB = 1L << 20;

  /**
   * An executor's: what the user set, and an overhead that is large enough where nothing was.
   *
   * @return empty if executors are in no containers
   */
  static Optional<ContainerMemory> ofExecutor(SparkConf conf, MemoryNeed need) {
    if (!isOnYarn(conf) && !conf.get("spark.master").startsWith("k8s://")) {
      return Optional.empty();
    }
    int slots =
        Math.max(1, conf.getInt("spark.executor.cores", 1) / conf.getInt("spark.task.cpus", 1));
    ContainerMemory usual = of(conf, EXECUTOR, slots);
    long overhead =
        usual.chosen
            ? Math.max(usual.overhead, usual.enough(need.executor(slots)))
            : usual.overhead;
    return Optional.of(usual.withOverhead(overhead));
  }

  /**
   * The driver's, as it was asked for when the job was submitted.
   *
   * @return empty if the driver is in no container, or in one whose size its JVM knows
   */
  static Optional<ContainerMemory> ofDriver(SparkConf conf) {
    boolean cluster = conf.get("spark.submit.deployMode", "client").equals("cluster");
    return cluster && isOnYarn(conf) ? Optional.of(of(conf, DRIVER, 1)) : Optional.empty();
  }

  private static boolean isOnYarn(SparkConf conf) {
    return conf.get("spark.master").equals("yarn");
  }

  private static ContainerMemory of(SparkConf conf, String memory, int slots) {
    long heap = conf.getSizeAsMb(memory, "1g");
    boolean sparks =
        memory.equals(EXECUTOR) && conf.getBoolean("spark.memory.offHeap.enabled", false);
    long spark = sparks ? conf.getSizeAsBytes("spark.memory.offHeap.size", "0") / MIB : 0;
    Optional<Double> factor =
        Stream.of(memory + FACTOR, KUBERNETES_FACTOR)
            .filter(conf::contains)
            .findFirst()
            .map(key -> conf.getDouble(key, 0))
            .filter(given -> !isSparksOwn(given, conf));
    long usual = Math.max(LEAST, (long) (heap * factor.orElse(USUAL_FACTOR)));
    String key = memory + OVERHEAD;
    return new ContainerMemory(
        key,
        heap,
        spark,
        conf.getSizeAsMb(key, usual + "m"),
        slots,
        factor.isEmpty() && !conf.contains(key));
  }

  /** On its way to a driver's pod Spark writes down what it takes if nobody says anything. */
  private static boolean isSparksOwn(double factor, SparkConf conf) {
    return factor == USUAL_FACTOR && conf.getBoolean(IN_DRIVERS_POD, false);
  }

  private ContainerMemory withOverhead(long other) {
    return new ContainerMemory(overheadKey, heap, spark, other, slots, chosen);
  }

  private long enough(long bytes) {
    return JVM + (bytes + MIB - 1) / MIB;
  }

  /** The whole container. */
  long total() {
    return heap + spark + overhead;
  }

  /** Arrays of an executor may take what the JVM leaves of the overhead, the process all of it. */
  OffHeapLimits limits() {
    return new OffHeapLimits(Math.max(1, overhead - JVM) * MIB, total() * MIB);
  }

  /** A driver's heap is seldom full, so that its arrays may have a part of that. */
  OffHeapLimits driverLimits() {
    return OffHeapLimits.ofMemory(total() * MIB);
  }

  /**
   * Refuses what an executor would be ended for in the middle of its work.
   *
   * @throws UserException of usage if the overhead is less than it needs
   */
  void requireRoom(MemoryNeed need) {
    lack(need.executor(slots))
        .ifPresent(
            lack -> {
              throw UserException.usage(
                  lack + ", or spark.executor.cores, train.batch or decode.batch lower");
            });
  }

  /**
   * What is wrong if so many bytes are to have room beside heap and JVM, and what to do.
   *
   * @return empty if they have
   */
  Optional<String> lack(long bytes) {
    long enough = enough(bytes);
    return enough <= overhead
        ? Optional.empty()
        : Optional.of(
            "%s is %dm, but this model takes about %dm%s: set it to that or more"
                .formatted(overheadKey, overhead, enough, slots == 1 ? "" : " with " + tasks()));
  }

  private String tasks() {
    return slots == 1 ? "one task at a time" : slots + " tasks at a time";
  }

  /** What an executor gets, for people. */
  String inWords() {
    return "each executor: %s, heap %dm, %s=%dm%s, arrays up to %dm"
        .formatted(
            tasks(),
            heap,
            overheadKey,
            overhead,
            chosen ? " (chosen for this model)" : "",
            limits().arrays() / MIB);
  }
}
