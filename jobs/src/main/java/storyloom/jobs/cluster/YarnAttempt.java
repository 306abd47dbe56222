package storyloom.jobs.cluster;

import java.util.Map;
import org.apache.hadoop.yarn.api.records.ContainerId;
import org.apache.spark.SparkConf;
import storyloom.jobs.cli.JobFailure;

/**
 * YARN's habit of starting a failed application again, twice in all unless it is told otherwise.
 */
final class YarnAttempt {

  private static final String MOST = "spark.yarn.maxAppAttempts";
  private static final String CONTAINER = "CONTAINER_ID";

  private YarnAttempt() {}

  /**
   * Refuses to do again what nobody asked to be done again. A training that the gate has refused is
   * a failure to YARN, and one that promoted its model may have lost its driver thereafter.
   *
   * @param environment of this process
   * @throws JobFailure if this is a driver that YARN has started again, unless the user has set how
   *     often it may
   */
  static void requireWanted(SparkConf conf, Map<String, String> environment) {
    String container = environment.get(CONTAINER);
    if (container == null
        || !conf.get("spark.submit.deployMode", "client").equals("cluster")
        || conf.contains(MOST)) {
      return;
    }
    int attempt = ContainerId.fromString(container).getApplicationAttemptId().getAttemptId();
    if (attempt > 1) {
      throw new JobFailure(
          ("YARN started this again, as attempt %d, and nothing was done: why the attempt before failed stands in its log;"
                  + " --conf %s=1 has YARN tell it, a number above 1 allows more attempts")
              .formatted(attempt, MOST));
    }
  }
}
