package storyloom.jobs.cluster;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkExecutorInfo;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.SparkSession;
import storyloom.jobs.cli.CommonOptions;
import storyloom.jobs.cli.Console;
import storyloom.jobs.cli.GracefulShutdown;
import storyloom.jobs.cli.JobFailure;
import storyloom.model.UserException;
import storyloom.model.files.HadoopFiles;
import storyloom.model.nn.kernel.NativeLibraries;
import storyloom.model.nn.kernel.OffHeapLimits;

/** A job's connection to Spark, from start to end. */
public final class ClusterSession implements AutoCloseable {

  private static final double GIGABYTE = 1L << 30;
  private static final String LONGEST_WAIT = "spark.scheduler.maxRegisteredResourcesWaitingTime";
  private static final long LEAST_PATIENCE = 60;

  private final SparkSession session;
  private final GracefulShutdown stop;
  private final int slots;
  private final boolean sharedFiles;
  private final Optional<ContainerMemory> driver;
  private final Optional<ContainerMemory> executor;

  private ClusterSession(
      SparkSession session,
      int slots,
      boolean sharedFiles,
      Optional<ContainerMemory> driver,
      Optional<ContainerMemory> executor) {
    this.session = session;
    this.driver = driver;
    this.executor = executor;
    this.stop = new GracefulShutdown(session.sparkContext());
    this.slots = slots;
    this.sharedFiles = sharedFiles;
  }

  /**
   * Connects, waits for executors, and says in one line on stderr what was chosen.
   *
   * @param name what the application is called in Spark's pages
   * @throws JobFailure if no executor comes
   */
  public static ClusterSession start(String name) {
    return start(name, new SparkConf());
  }

  /**
   * Connects in the same way.
   *
   * @param options say whether local paths are the same files on all hosts
   * @param need what executors get room for, if they are in containers and the user has not set how
   *     much they get; made from how file systems are reached
   */
  public static ClusterSession start(
      String name, CommonOptions.OfJob options, Function<Configuration, MemoryNeed> need) {
    return start(name, new SparkConf(), options.sharedFiles(), need);
  }

  /**
   * Connects with these settings of Spark, and those that they lack.
   *
   * @param name what the application is called in Spark's pages
   * @param given what the user set
   * @throws JobFailure if no executor comes
   * @throws UserException of usage if a task is to have more cores than an executor has
   */
  public static ClusterSession start(String name, SparkConf given) {
    return start(name, given, false, files -> MemoryNeed.NOTHING);
  }

  private static ClusterSession start(
      String name,
      SparkConf given,
      boolean sharedFiles,
      Function<Configuration, MemoryNeed> needed) {
    YarnAttempt.requireWanted(given, System.getenv());
    NativeLibraries.require();
    SparkConf conf = ClusterConf.complete(given, name);
    ClusterConf.requireCoresOfATask(conf);
    Optional<ContainerMemory> driver = ContainerMemory.ofDriver(conf);
    OffHeapLimits limits =
        driver.map(ContainerMemory::driverLimits).orElseGet(OffHeapLimits::ofThisMachine);
    limits.apply();
    Optional<ContainerMemory> executor = ContainerMemory.ofExecutor(conf, MemoryNeed.NOTHING);
    if (executor.isPresent()) {
      Configuration files = SparkHadoopUtil.get().newConfiguration(conf);
      executor = ContainerMemory.ofExecutor(conf, needed.apply(files));
      ClusterConf.limit(conf, executor.get());
      if (conf.get("spark.master").equals("yarn")) {
        YarnMaximum.requireWithin(executor.get(), files);
      }
    }
    SparkSession session = connect(conf);
    try {
      int slots = awaitSlots(session.sparkContext());
      if (!conf.contains("spark.sql.shuffle.partitions")) {
        session.conf().set("spark.sql.shuffle.partitions", 2L * slots);
      }
      Console.remark(
          "Spark %s on %s: %d task slots; driver heap %.1f GB, arrays up to %.1f GB"
              .formatted(
                  session.version(),
                  session.sparkContext().master(),
                  slots,
                  Runtime.getRuntime().maxMemory() / GIGABYTE,
                  limits.arrays() / GIGABYTE));
      executor.ifPresent(container -> Console.remark(container.inWords()));
      return new ClusterSession(session, slots, sharedFiles, driver, executor);
    } catch (RuntimeException failure) {
      session.stop();
      throw failure;
    }
  }

  private static SparkSession connect(SparkConf conf) {
    try {
      return SparkSession.builder().config(conf).getOrCreate();
    } catch (IllegalArgumentException refused) { // such as a container larger than YARN gives
      throw UserException.usage("Spark does not start: " + refused.getMessage(), refused);
    }
  }

  private static int awaitSlots(SparkContext context) {
    IntSupplier slots =
        () ->
            context.maxNumConcurrentTasks(
                context.resourceProfileManager().defaultResourceProfile());
    if (context.isLocal()) {
      return slots.getAsInt();
    }
    return new SlotCount(patience(context.getConf()), Duration.ofSeconds(3)).settled(slots);
  }

  /** A cluster that has to buy a machine first takes minutes: whoever knows that tells Spark. */
  static Duration patience(SparkConf conf) {
    long told = conf.getTimeAsSeconds(LONGEST_WAIT, "0s");
    return Duration.ofSeconds(Math.max(LEAST_PATIENCE, told));
  }

  /** Spark's own session. */
  public SparkSession spark() {
    return session;
  }

  /** The session's context. */
  public JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(session.sparkContext());
  }

  /** How file systems are reached, the user's {@code spark.hadoop.*} settings included. */
  public Configuration hadoop() {
    return session.sparkContext().hadoopConfiguration();
  }

  /** Tasks that ran at a time when the session started. */
  public int slots() {
    return slots;
  }

  /**
   * Sees to it that executors have room, before they compute. A driver whose room is scarce is
   * warned of: its heap is seldom full.
   *
   * @throws UserException of usage if executors are in containers that are too small
   */
  public void requireRoom(MemoryNeed need) {
    driver.flatMap(container -> container.lack(need.driver())).ifPresent(Console::warn);
    executor.ifPresent(container -> container.requireRoom(need));
  }

  /**
   * Sees to it that all executors reach these paths, unless the user vouches for it.
   *
   * @throws UserException of usage if one lies on the local file system and an executor runs on
   *     another host
   */
  public void requireShared(String... paths) {
    if (!sharedFiles) {
      SparkExecutorInfo[] executors = session.sparkContext().statusTracker().getExecutorInfos();
      List<String> hosts = Arrays.stream(executors).map(SparkExecutorInfo::host).toList();
      for (String path : paths) {
        requireShared(path, hosts, hadoop());
      }
    }
  }

  static void requireShared(String path, List<String> hosts, Configuration configuration) {
    Optional<String> stranger = hosts.stream().filter(host -> !isThisHost(host)).findFirst();
    Path named = new Path(path);
    FileSystem files = HadoopFiles.of(named, configuration);
    if (stranger.isPresent() && files.getUri().getScheme().equals("file")) {
      throw UserException.usage(
          "%s is a local path, but an executor runs on %s: use a path that all hosts reach, or say --shared-files if this is one"
              .formatted(files.makeQualified(named), stranger.get()));
    }
  }

  private static boolean isThisHost(String host) {
    try {
      InetAddress address = InetAddress.getByName(host);
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (UnknownHostException | SocketException e) {
      return false; // this host knows its own name
    }
  }

  /** Ends Spark, on this side. */
  @Override
  public void close() {
    session.stop();
    stop.close();
  }

  /**
   * Counts a cluster's task slots when its executors have come: they register one after another,
   * some seconds after the start.
   *
   * @param patience how long to wait for the first one
   * @param calm how long nothing must change before the number counts
   */
  record SlotCount(Duration patience, Duration calm) {

    private static final long PAUSE_MILLIS = 100;

    /**
     * Waits until the number is settled.
     *
     * @param slots the number at this moment
     * @throws JobFailure if there are none when patience ends
     */
    int settled(IntSupplier slots) {
      long start = System.nanoTime();
      long changed = start;
      int last = 0;
      while (true) {
        int now = slots.getAsInt();
        long time = System.nanoTime();
        if (now != last) {
          last = now;
          changed = time;
        }
        if (last > 0 && time - changed >= calm.toNanos()) {
          return last;
        }
        if (last == 0 && time - start >= patience.toNanos()) {
          throw new JobFailure(
              ("no executor has come within %d s: see that the cluster runs and has free cores and"
                      + " memory, and that an executor has at least spark.task.cpus cores; %s lets it"
                      + " wait longer")
                  .formatted(patience.toSeconds(), LONGEST_WAIT));
        }
        pause();
      }
    }

    private static void pause() {
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new JobFailure("stopped while waiting for executors");
      }
    }
  }
}
