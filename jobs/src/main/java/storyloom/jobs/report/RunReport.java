package storyloom.jobs.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import storyloom.jobs.cli.Console;
import storyloom.jobs.gate.Promotion;
import storyloom.jobs.train.RunSummary;
import storyloom.jobs.train.Training;
import storyloom.jobs.train.TrainingStart;
import storyloom.model.UserException;
import storyloom.model.files.HadoopFiles;

/**
 * Tells people of a run: {@code runs/<run>/report.html}, a page that needs no other file and no
 * network, and {@code runs/index.html}, how the runs went one after another.
 */
public final class RunReport {

  static final String PAGE = "report.html";
  private static final String INDEX = "index.html";

  private final Configuration configuration;

  public RunReport(Configuration configuration) {
    this.configuration = configuration;
  }

  /**
   * Writes both pages and the run's summary. A report that cannot be written is no reason to fail:
   * what it is about is done.
   *
   * @return the run's summary
   */
  public RunSummary write(TrainingStart start, Training.Ended ended, Promotion.Decision decision) {
    RunSummary summary = RunSummary.of(start, ended, decision);
    Path folder = start.run().told();
    Path runs = folder.getParent();
    try {
      List<RunSummary> before =
          RunSummary.all(runs, configuration).stream()
              .filter(each -> !each.run().equals(summary.run()))
              .toList();
      write(
          new Path(folder, PAGE),
          new RunPage(folder, configuration).html(start, ended, decision, summary, before));
      summary.write(folder, configuration);
      write(new Path(runs, INDEX), RunIndex.html(RunSummary.all(runs, configuration)));
      Console.say("the report: %s", new Path(folder, PAGE));
    } catch (UserException unwritable) {
      Console.warn("the report is not whole: " + unwritable.getMessage());
    }
    return summary;
  }

  private void write(Path file, String html) {
    try {
      HadoopFiles.write(
          HadoopFiles.of(file, configuration), file, true, out -> out.write(html.getBytes(UTF_8)));
    } catch (IOException e) {
      throw UserException.data("cannot write %s: %s".formatted(file, e.getMessage()), e);
    }
  }
}
