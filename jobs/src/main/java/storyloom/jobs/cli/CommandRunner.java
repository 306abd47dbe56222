package storyloom.jobs.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import storyloom.model.ExitStatus;
import storyloom.model.OneLine;
import storyloom.model.UserException;
import storyloom.model.settings.UserInformation;

/**
 * What is around the work of every command: arguments, --help and --verbose, the exit status, and
 * one line on stderr for a mistake.
 */
public final class CommandRunner {

  private static final Logger LOG = LoggerFactory.getLogger(CommandRunner.class);
  private static final String VERBOSE = "--verbose";

  /** What the line says that a failure ends in; empty where there is none. */
  private String reason = "";

  private CommandRunner() {}

  /**
   * Runs a command.
   *
   * @param command an object with picocli's annotations
   */
  public static Outcome run(Callable<?> command, String... args) {
    CommandRunner runner = new CommandRunner();
    int status = runner.status(command, args);
    return new Outcome(status, runner.reason);
  }

  private int status(Callable<?> command, String... args) {
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

  private int misused(ParameterException wrong) {
    String problem = wrong.getMessage().lines().findFirst().orElse("wrong arguments");
    reason = new Failure(ExitStatus.USAGE, problem, true).line();
    Console.remark("error: " + reason + "; --help lists the options");
    return ExitStatus.USAGE;
  }

  private int failed(Exception thrown, boolean verbose) {
    if (GracefulShutdown.isUnderWay()) {
      return ExitStatus.FAILED; // what Spark says about its end explains nothing
    }
    Failure failure = Failure.of(thrown);
    reason = failure.line();
    if (!failure.explained()) {
      LOG.error("a fault of the program, or of the cluster", thrown);
    } else if (verbose) {
      Console.trace(thrown);
    }
    Console.remark("error: " + failure.line());
    return failure.status();
  }

  /**
   * How a command ends that could not do its work.
   *
   * @param status exit status of the process
   * @param line what to say, one line
   * @param explained whether the line says all; if not, the stack trace belongs into the log
   */
  public record Failure(int status, String line, boolean explained) {

    private static final int MOST_CHARACTERS = 4000;

    /** Takes users and passwords out of the addresses in the line, which stays one line. */
    public Failure {
      line = OneLine.of(UserInformation.removedFrom(line), MOST_CHARACTERS);
    }

    /** How Spark quotes an executor's exception if it could not carry over the exception. */
    private static final Pattern QUOTED =
        Pattern.compile(Pattern.quote(UserException.class.getName()) + ": ([^\\r\\n]*)");

    /** What an exception means; Spark's wrappings of an executor's exception are looked through. */
    public static Failure of(Throwable thrown) {
      Optional<UserException> mistake = first(thrown, UserException.class);
      if (mistake.isPresent()) {
        return new Failure(mistake.get().status(), mistake.get().getMessage(), true);
      }
      Optional<JobFailure> known = first(thrown, JobFailure.class);
      if (known.isPresent()) {
        return new Failure(ExitStatus.FAILED, oneLine(known.get().getMessage()), true);
      }
      return chain(thrown)
          .map(cause -> QUOTED.matcher(String.valueOf(cause.getMessage())))
          .filter(Matcher::find)
          .map(
              quoted -> new Failure(ExitStatus.DATA, quoted.group(1), true)) // tasks read data only
          .findFirst()
          .orElseGet(() -> new Failure(ExitStatus.FAILED, described(thrown), false));
    }

    private static String described(Throwable thrown) {
      Optional<OutOfMemoryError> memory = first(thrown, OutOfMemoryError.class);
      if (memory.isPresent()) {
        return "out of memory (%s): give more with --driver-memory or --executor-memory, or lower train.batch or decode.batch"
            .formatted(oneLine(String.valueOf(memory.get().getMessage())));
      }
      Throwable root = chain(thrown).reduce((outer, inner) -> inner).orElseThrow();
      return oneLine(root.toString()) + " (the stack trace is in the log)";
    }

    private static <T extends Throwable> Optional<T> first(Throwable thrown, Class<T> type) {
      return chain(thrown).filter(type::isInstance).map(type::cast).findFirst();
    }

    private static Stream<Throwable> chain(Throwable thrown) {
      return Stream.iterate(thrown, cause -> cause != null, Throwable::getCause).limit(100);
    }

    private static String oneLine(String message) {
      return message.lines().findFirst().orElse(message).strip();
    }
  }
}
