package storyloom.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import storyloom.bench.grammar.GrammarCommand;
import storyloom.bench.year.YearCommand;
import storyloom.jobs.cli.CommandRunner.Failure;
import storyloom.model.ExitStatus;

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
      GenerateBenchCommand.class,
      GrammarCommand.class,
      IdsCommand.class,
      KernelsCommand.class,
      PrecisionCommand.class,
      RoundCommand.class,
      ScaleCommand.class,
      ServeBenchCommand.class,
      SpeedupCommand.class,
      StepCommand.class,
      TextCommand.class,
      YearCommand.class
    })
public final class Bench {

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of an error.")
  private boolean verbose;

  private Bench() {}

  /** Runs the named benchmark and ends the process with its {@link ExitStatus}. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    Bench bench = new Bench();
    return new CommandLine(bench)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(
            (error, arguments) ->
                bench.report(
                    error,
                    error.getCommandLine(),
                    new Failure(ExitStatus.USAGE, error.getMessage(), true)))
        .setExecutionExceptionHandler(
            (error, command, parsed) -> bench.report(error, command, Failure.of(error)));
  }

  private int report(Exception error, CommandLine command, Failure failure) {
    command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + failure.line());
    if (verbose || !failure.explained()) { // a benchmark has no log but this
      error.printStackTrace(command.getErr());
    }
    return failure.status();
  }
}
