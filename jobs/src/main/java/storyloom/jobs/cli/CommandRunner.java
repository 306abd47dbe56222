package storyloom.jobs.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import storyloom.model.ExitStatus;

/**
 * What is around the work of every command: arguments, --help and --verbose, the exit status, and
 * one line on stderr for a mistake.
 */
public final class CommandRunner {

  private static final Logger LOG = LoggerFactory.getLogger(CommandRunner.class);
  private static final String VERBOSE = "--verbose";

  private CommandRunner() {}

  /**
   * Runs a command.
   *
   * @param command an object with picocli's annotations
   * @return the exit status
   */
  public static int run(Callable<?> command, String... args) {
    CommandLine line = new CommandLine(command);
    line.getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .scopeType(ScopeType.INHERIT)
                .description("Show this help and end.")
                .build())
        .addOption(
            OptionSpec.builder(VERBOSE)
                .type(boolean.class)
                .scopeType(ScopeType.INHERIT)
                .description("Show Spark's log and the stack traces of mistakes.")
                .build())
        .usageMessage()
        .sortOptions(false)
        .exitCodeListHeading("%nExit status:%n")
        .exitCodeList(ExitStatus.help());
    return line.setParameterExceptionHandler((wrong, given) -> misused(wrong))
        .setExecutionStrategy(CommandRunner::execute)
        .setExecutionExceptionHandler((thrown, failed, parsed) -> failed(thrown, isVerbose(parsed)))
        .execute(args);
  }

  private static int execute(ParseResult parsed) {
    SparkLog.quieten(isVerbose(parsed));
    return new CommandLine.RunLast().execute(parsed);
  }

  private static boolean isVerbose(ParseResult parsed) {
    return parsed.hasMatchedOption(VERBOSE)
        || (parsed.hasSubcommand() && isVerbose(parsed.subcommand()));
  }

  private static int misused(ParameterException wrong) {
    String problem = wrong.getMessage().lines().findFirst().orElse("wrong arguments");
    Console.remark("error: " + problem + "; --help lists the options");
    return ExitStatus.USAGE;
  }

  private static int failed(Exception thrown, boolean verbose) {
    if (GracefulShutdown.isUnderWay()) {
      return ExitStatus.FAILED; // what Spark says about its end explains nothing
    }
    Failure failure = Failure.of(thrown);
    if (!failure.explained()) {
      LOG.error("a fault of the program, or of the cluster", thrown);
    } else if (verbose) {
      StringWriter trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace));
      Console.remark(trace.toString());
    }
    Console.remark("error: " + failure.line());
    return failure.status();
  }
}
