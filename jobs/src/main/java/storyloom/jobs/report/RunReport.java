package storyloom.jobs.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import storyloom.jobs.cli.Console;
import storyloom.jobs.gate.Promotion;
import storyloom.jobs.train.CutTexts;
import storyloom.jobs.train.Training;
import storyloom.jobs.train.TrainingStart;
import storyloom.jobs.train.TrainingSummary;
import storyloom.model.UserException;
import storyloom.model.files.HadoopFiles;

/**
 * Reports a run to people: {@code runs/<run>/report.html}, a page that needs no other file and no
 * network, and {@code runs/index.html}, how the runs went one after another.
 */
public final class RunReport {

  static final String PAGE = "report.html";
  private static final String INDEX = "index.html";

  private final Configuration configuration;

  /**
   * @param configuration of the file system that home lies on
   */
  public RunReport(Configuration configuration) {
    this.configuration = configuration;
  }

  /**
   * Writes both pages and the run's summary. A report that cannot be written is no reason to fail:
   * what it is about is done.
   *
   * @return the run's summary
   */
  public TrainingSummary write(
      TrainingStart start, Training.Ended ended, Promotion.Decision decision) {
    TrainingSummary summary = TrainingSummary.of(start, ended, decision);
    Path folder = start.run().reports();
    Path runs = folder.getParent();
    try {
      List<TrainingSummary> before =
          TrainingSummary.all(runs, configuration).stream()
              .filter(each -> !each.run().equals(summary.run()))
              .toList();
      write(
          new Path(folder, PAGE),
          new RunPage(folder, configuration)
              .html(
                  new RunPage.Facts(
                      summary,
                      before,
                      decision,
                      start.text().provenance(),
                      CutTexts.lines(start.corpus().contents().train(), start.settings()))));
      summary.write(folder, configuration);
      write(new Path(runs, INDEX), new RunIndex(TrainingSummary.all(runs, configuration)).html());
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
