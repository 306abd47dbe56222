package storyloom.jobs.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import storyloom.jobs.chart.Picture;
import storyloom.jobs.report.HtmlPage.Cell;
import storyloom.jobs.train.RunSummary;
import storyloom.model.registry.VersionRecord;

/** All runs of a home on one page: the trend, and a line for each with a link to its report. */
final class RunIndex {

  private static final List<String> HEAD =
      List.of("run", "verdict", "perplexity per word", "before", "ranking", "repetition", "model");
  private static final int DATE_AND_MINUTE = 16;

  private RunIndex() {}

  /**
   * Makes the page.
   *
   * @param runs the oldest first
   */
  static String html(List<RunSummary> runs) {
    HtmlPage page = new HtmlPage("Storyloom, run by run");
    if (runs.stream().anyMatch(run -> run.figure(VersionRecord.PERPLEXITY).isPresent())) {
      page.picture(
          "Perplexity per word of each run's model and of the current one",
          Picture.drawn("the trend", () -> RunCharts.trend(runs)));
    }
    List<RunSummary> newestFirst = new ArrayList<>(runs);
    Collections.reverse(newestFirst);
    return page.table(HEAD, newestFirst.stream().map(RunIndex::row).toList()).html();
  }

  private static List<Cell> row(RunSummary run) {
    return List.of(
        new Cell(
            run.ended().substring(0, DATE_AND_MINUTE).replace('T', ' '),
            run.run() + "/" + RunReport.PAGE),
        Cell.of(run.promoted() ? "promoted" : "refused: " + run.reason()),
        Cell.of(figure(run, VersionRecord.PERPLEXITY)),
        Cell.of(figure(run, "current_" + VersionRecord.PERPLEXITY)),
        Cell.of(figure(run, "prompt_ranking")),
        Cell.of(figure(run, "repeated_4grams")),
        Cell.of(run.model()));
  }

  private static String figure(RunSummary run, String name) {
    return run.figure(name).map(value -> String.format(Locale.ROOT, "%.3f", value)).orElse("-");
  }
}
