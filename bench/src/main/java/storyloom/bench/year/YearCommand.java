package storyloom.bench.year;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.FileUtil;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import storyloom.bench.measure.Figures;
import storyloom.bench.year.Year.NightKind;
import storyloom.model.UserException;

/** {@code bin/bench year}: simulated nights, some of which go wrong. */
@Command(
    name = "year",
    mixinStandardHelpOptions = true,
    description = {
      "Trains night after night on a corpus that drifts, as conf/nightly.conf says but with a tiny model."
          + " Some nights are killed, some find rubbish in the corpus, some a full disk.",
      "After each it looks whether the current model is there, whole, and no worse than the gate allows,"
          + " and whether home is tidy. Status 1 where a promise was broken."
    })
public final class YearCommand implements Callable<Integer> {

  @Option(
      names = "--nights",
      paramLabel = "N",
      defaultValue = "365",
      description = "How many there are. Default: ${DEFAULT-VALUE}")
  private int nights;

  @Option(
      names = "--kills",
      paramLabel = "N",
      defaultValue = "20",
      description = "How many of them are killed. Default: ${DEFAULT-VALUE}")
  private int kills;

  @Option(
      names = "--poisoned",
      paramLabel = "N",
      defaultValue = "10",
      description = "How many have a corpus of rubbish. Default: ${DEFAULT-VALUE}")
  private int poisoned;

  @Option(
      names = "--full",
      paramLabel = "N",
      defaultValue = "3",
      description = "How many find the disk full. Default: ${DEFAULT-VALUE}")
  private int full;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Which nights these are, and the corpus. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (Math.min(kills, Math.min(poisoned, full)) < 0 || kills + poisoned + full > nights - 2) {
      throw UserException.usage(
          "the first and the last night are quiet: --nights must be at least 2 more than --kills, --poisoned and --full together");
    }
    PrintWriter out = command.commandLine().getOut();
    Path folder = Files.createTempDirectory("storyloom-year-");
    try {
      Year year = new Year(folder, seed, out);
      List<NightKind> kinds = NightKind.deal(nights, kills, poisoned, full, new Random(seed));
      Map<String, Object> figures = year.pass(kinds);
      year.broken().forEach(line -> out.println("broken: " + line));
      Figures.printJson(figures, out);
      return year.broken().isEmpty() ? 0 : 1;
    } finally {
      FileUtil.fullyDelete(folder.toFile());
    }
  }
}
