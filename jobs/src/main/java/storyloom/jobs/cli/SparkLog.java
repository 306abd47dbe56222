package storyloom.jobs.cli;

import java.util.List;
import java.util.Set;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.filter.AbstractFilter;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import storyloom.model.UserException;

/**
 * Keeps Spark's log from burying what a command says. Settings of the user's own stay as they are;
 * what is left out there is a mistake's stack trace, because the command says it in one line.
 */
public final class SparkLog {

  private static final String SPARK_DEFAULTS = "org/apache/spark/log4j2-defaults.properties";

  /** Whose warnings are about nothing that matters here; conf/log4j2.properties says why. */
  private static final List<String> NOISE =
      List.of(
          "org.apache.hadoop.util.NativeCodeLoader",
          "org.apache.hadoop.metrics2",
          "org.apache.hadoop.fs.s3a.S3AInstrumentation",
          "org.apache.hadoop.fs.s3a.commit.AbstractS3ACommitterFactory");

  private SparkLog() {}

  /** Applies to this JVM; does nothing if {@code verbose}, or if Log4j is not in charge. */
  public static void quieten(boolean verbose) {
    if (verbose || !(LogManager.getContext(false) instanceof LoggerContext context)) {
      return;
    }
    Configuration configuration = context.getConfiguration();
    if (String.valueOf(configuration.getConfigurationSource().getURI()).endsWith(SPARK_DEFAULTS)) {
      Configurator.setRootLevel(Level.WARN);
      Configurator.setLevel("storyloom", Level.INFO);
      NOISE.forEach(logger -> Configurator.setLevel(logger, Level.ERROR));
    }
    LoggerConfig all = configuration.getRootLogger(); // no event is shown to a filter of the whole
    if (!(all.getFilter() instanceof Mistakes)) {
      all.addFilter(new Mistakes());
      context.updateLoggers();
    }
  }

  /**
   * Drops what Spark logs when a task fails for a reason that the command reports, or is stopped,
   * and what is logged if a warning of the command's own says it.
   */
  private static final class Mistakes extends AbstractFilter {

    private static final Set<String> TASKS =
        Set.of("org.apache.spark.executor.Executor", "org.apache.spark.scheduler.TaskSetManager");

    /** MLflow's client speaks of each failing request; a warning says all that anybody needs. */
    private static final String TRACKING = "org.mlflow";

    @Override
    public Result filter(LogEvent event) {
      boolean said =
          GracefulShutdown.isUnderWay()
              || isUsersMistake(event)
              || isFailedStart(event)
              || isFailureOfOnlyAttempt(event)
              || event.getLoggerName().startsWith(TRACKING);
      return said ? Result.DENY : Result.NEUTRAL;
    }

    private static boolean isUsersMistake(LogEvent event) {
      for (Throwable cause = event.getThrown(); cause != null; cause = cause.getCause()) {
        if (cause instanceof UserException) {
          return true;
        }
      }
      return event.getMessage().getFormattedMessage().contains(UserException.class.getName());
    }

    /** What keeps Spark from starting is thrown as well, and told by the command. */
    private static boolean isFailedStart(LogEvent event) {
      return event.getLoggerName().equals(SparkContext.class.getName())
          && event.getMessage().getFormattedMessage().startsWith("Error initializing SparkContext");
    }

    /** In local mode a task is tried once, so that the command ends with the same exception. */
    private static boolean isFailureOfOnlyAttempt(LogEvent event) {
      SparkEnv spark = SparkEnv.get();
      return spark != null
          && spark.conf().get("spark.master", "").startsWith("local")
          && event.getLevel().isMoreSpecificThan(Level.WARN)
          && TASKS.contains(event.getLoggerName());
    }
  }
}
