package storyloom.jobs.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import storyloom.jobs.chart.Picture;
import storyloom.jobs.cli.Console;
import storyloom.jobs.gate.Promotion;
import storyloom.jobs.report.HtmlPage.Cell;
import storyloom.jobs.train.Training;
import storyloom.jobs.train.TrainingStart;
import storyloom.jobs.train.TrainingSummary;
import storyloom.model.UserException;
import storyloom.model.files.HadoopFiles;
import storyloom.model.registry.VersionRecord;

/**
 * Reports a run to people: {@code runs/<run>/report.html}, a page that needs no other file and no
 * network, and {@code runs/index.html}, how the runs went one after another.
 */
public final class RunReport {

  static final String PAGE = "report.html";
  private static final String INDEX = "index.html";

  private static final List<String> HEAD =
      List.of("run", "verdict", "perplexity per word", "before", "ranking", "repetition", "model");
  private static final int DATE_AND_MINUTE = 16;

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
          new RunPage(folder, configuration).html(start, ended, decision, summary, before));
      summary.write(folder, configuration);
      write(new Path(runs, INDEX), index(TrainingSummary.all(runs, configuration)));
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

  /**
   * All runs on one page: the trend, and a line for each with a link to its report.
   *
   * @param runs the oldest first
   */
  private static String index(List<TrainingSummary> runs) {
    HtmlPage page = new HtmlPage("Storyloom, run by run");
    if (runs.stream().anyMatch(run -> run.figure(VersionRecord.PERPLEXITY).isPresent())) {
      page.picture(
          "Perplexity per word of each run's model and of the current one",
          Picture.drawn("the trend", () -> RunCharts.trend(runs)));
    }
    List<TrainingSummary> newestFirst = new ArrayList<>(runs);
    Collections.reverse(newestFirst);
    return page.table(HEAD, newestFirst.stream().map(RunReport::row).toList()).html();
  }

  private static List<Cell> row(TrainingSummary run) {
    return List.of(
        new Cell(
            run.ended().substring(0, DATE_AND_MINUTE).replace('T', ' '), run.run() + "/" + PAGE),
        Cell.of(run.promoted() ? "promoted" : "refused: " + run.reason()),
        Cell.of(figure(run, VersionRecord.PERPLEXITY)),
        Cell.of(figure(run, "current_" + VersionRecord.PERPLEXITY)),
        Cell.of(figure(run, "prompt_ranking")),
        Cell.of(figure(run, "repeated_4grams")),
        Cell.of(run.model()));
  }

  private static String figure(TrainingSummary run, String name) {
    return run.figure(name).map(value -> String.format(Locale.ROOT, "%.3f", value)).orElse("-");
  }
}
