package storyloom.jobs.cli;

import org.apache.spark.SparkConf;
import storyloom.model.ExitStatus;

/**
 * How a command ended.
 *
 * @param status one of {@link ExitStatus}
 * @param reason the line that explains a failure; empty where the status says all
 */
public record Outcome(int status, String reason) {

  /**
   * Ends the process with the status. In Spark's cluster mode, where the process is the cluster's,
   * it returns if all is done: YARN's ApplicationMaster takes any exit for a failure, even one with
   * status 0, and starts the command again.
   *
   * @throws CommandFailedException in cluster mode, if not all is done
   */
  public void end() {
    if (!new SparkConf().get("spark.submit.deployMode", "client").equals("cluster")) {
      System.exit(status);
    }
    if (status != ExitStatus.DONE) {
      throw new CommandFailedException(inWords());
    }
  }

  /** The status and what it means, for those who see no status. */
  String inWords() {
    String meaning = ExitStatus.help(status).get(Integer.toString(status));
    return "status %d, %s".formatted(status, meaning) + (reason.isEmpty() ? "" : ": " + reason);
  }
}
