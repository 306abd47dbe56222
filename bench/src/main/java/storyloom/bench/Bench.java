package storyloom.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import storyloom.bench.grammar.GrammarCommand;
import storyloom.bench.year.YearCommand;
import storyloom.model.UserException;

/** {@code bin/bench NAME …}: the entry point of every benchmark, one sub-command each. */
@Command(
    name = "bin/bench",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "NAME",
    description = "Benchmarks of Storyloom, and the grammar that writes its corpus.",
    subcommands = {
      AveragingCommand.class,
      CorpusCommand.class,
      DecodeCommand.class,
      GrammarCommand.class,
      IdsCommand.class,
      KernelsCommand.class,
      RoundCommand.class,
      ScaleCommand.class,
      ServeCommand.class,
      StepCommand.class,
      TextCommand.class,
      YearCommand.class
    })
public final class Bench {

  private static final int FAILED = 1;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of an error.")
  private boolean verbose;

  private Bench() {}

  /**
   * Runs the named benchmark and ends the process with its exit status: 0 done, 1 failed, 2 usage,
   * 3 bad data.
   */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    Bench bench = new Bench();
    return new CommandLine(bench)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(
            (error, arguments) ->
                bench.report(error, error.getCommandLine(), CommandLine.ExitCode.USAGE))
        .setExecutionExceptionHandler(
            (error, command, parsed) ->
                bench.report(
                    error, command, error instanceof UserException user ? user.status() : FAILED));
  }

  private int report(Exception error, CommandLine command, int status) {
    String message = error.getMessage() == null ? error.toString() : error.getMessage();
    command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + message);
    if (verbose) {
      error.printStackTrace(command.getErr());
    }
    return status;
  }
}
