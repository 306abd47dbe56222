package storyloom.jobs.cluster;

import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import storyloom.model.UserException;

/**
 * The largest container that a YARN gives. Its ApplicationMaster would end a whole application that
 * asks for a larger one, with a stack trace.
 */
final class YarnMaximum {

  private static final String KEY = YarnConfiguration.RM_SCHEDULER_MAXIMUM_ALLOCATION_MB;
  private static final String DEFAULTS = "yarn-default.xml";

  private YarnMaximum() {}

  /**
   * Refuses executors that YARN would not give.
   *
   * @param files how file systems are reached, and YARN
   * @throws UserException of usage if an executor is larger than the configuration says that
   *     containers may be
   */
  static void requireWithin(ContainerMemory executor, Configuration files) {
    OptionalLong most = told(new YarnConfiguration(files));
    if (most.isEmpty() || executor.total() <= most.getAsLong()) {
      return;
    }
    long heap = most.getAsLong() - executor.total() + executor.heap();
    throw UserException.usage(
        "an executor takes %dm (spark.executor.memory %dm, %s %dm), but this YARN gives %dm at most (%s): %s"
            .formatted(
                executor.total(),
                executor.heap(),
                executor.overheadKey(),
                executor.overhead(),
                most.getAsLong(),
                KEY,
                heap > 0
                    ? "set spark.executor.memory to %dm or less".formatted(heap)
                    : "raise that, or make the model smaller"));
  }

  /** Empty if nobody has said anything: YARN's default says nothing of the cluster's own. */
  private static OptionalLong told(Configuration yarn) {
    String[] sources = yarn.getPropertySources(KEY);
    if (sources == null || sources[sources.length - 1].equals(DEFAULTS)) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(yarn.getLong(KEY, Long.MAX_VALUE));
  }
}
