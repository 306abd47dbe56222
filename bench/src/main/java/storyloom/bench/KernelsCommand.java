package storyloom.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import storyloom.bench.kernel.KernelBenchmark;
import storyloom.bench.measure.Figures;
import storyloom.model.UserException;

/**
 * {@code bin/bench kernels}: each kernel by itself, by JMH. It measures in this very process, which
 * has the JVM options that training gets.
 */
@Command(
    name = "kernels",
    mixinStandardHelpOptions = true,
    description = "Times each kernel by itself, at the shapes of the standard case.")
final class KernelsCommand implements Callable<Integer> {

  @Option(
      names = "--filter",
      defaultValue = ".*",
      description = "Only kernels in whose name this is found. Default: ${DEFAULT-VALUE}")
  private String filter;

  @Option(names = "--threads", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}")
  private int threads;

  @Option(
      names = "--milliseconds",
      defaultValue = "500",
      description =
          "Of each of 2 iterations to warm up and 5 to measure. Default: ${DEFAULT-VALUE}")
  private int milliseconds;

  @Option(names = "--scalar", description = "Plain loops, as where the vector module is missing.")
  private boolean scalar;

  @Spec private CommandSpec command;

  /** Microseconds a call: the mean, and half the width of its 99.9 % confidence interval. */
  private record Time(double microseconds, double error) {}

  @Override
  public Integer call() throws IOException, RunnerException {
    requirePositive("--threads", threads);
    requirePositive("--milliseconds", milliseconds);
    if (scalar) {
      System.setProperty("storyloom.kernel", "loops");
    }
    Map<String, Time> times = times(run());
    PrintWriter out = command.commandLine().getOut();
    times.forEach(
        (name, time) ->
            out.printf("%-40s %12.1f µs ± %.1f%n", name, time.microseconds(), time.error()));
    Figures.printJson(new TreeMap<>(Map.of("threads", threads, "kernels", times)), out);
    return 0;
  }

  private static void requirePositive(String option, int value) {
    if (value < 1) {
      throw UserException.usage("%s must be at least 1, not %d".formatted(option, value));
    }
  }

  private Collection<RunResult> run() throws RunnerException {
    try {
      return new Runner(options()).run();
    } catch (NoBenchmarksException e) {
      throw UserException.usage("--filter finds no kernel: " + filter, e);
    }
  }

  private Options options() {
    try {
      Pattern.compile(filter);
    } catch (PatternSyntaxException e) {
      throw UserException.usage("--filter must be a regular expression, not " + filter, e);
    }
    return new OptionsBuilder()
        .include(Pattern.quote(KernelBenchmark.class.getPackageName()) + ".*(" + filter + ")")
        .param("threads", Integer.toString(threads))
        .forks(0)
        .warmupIterations(2)
        .warmupTime(TimeValue.milliseconds(milliseconds))
        .measurementIterations(5)
        .measurementTime(TimeValue.milliseconds(milliseconds))
        .verbosity(VerboseMode.SILENT)
        .shouldFailOnError(true)
        .build();
  }

  private Map<String, Time> times(Collection<RunResult> results) {
    Map<String, Time> times = new TreeMap<>();
    for (RunResult run : results) {
      Result<?> result = run.getPrimaryResult();
      times.put(
          run.getParams()
              .getBenchmark()
              .replace(KernelBenchmark.class.getPackageName() + ".", "")
              .replace("Benchmark.", "."),
          new Time(result.getScore(), result.getScoreError()));
    }
    return times;
  }
}
