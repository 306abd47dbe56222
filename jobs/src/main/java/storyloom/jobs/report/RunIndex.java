package storyloom.jobs.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import storyloom.jobs.chart.Picture;
import storyloom.jobs.report.HtmlPage.Cell;
import storyloom.jobs.train.TrainingSummary;
import storyloom.model.registry.VersionRecord;

/** All runs on one page: the trend, and a line for each with a link to its report. */
final class RunIndex {

  static final String VALID_PERPLEXITY = "valid_perplexity";

  /** In front of a figure of the model that was current then. */
  static final String CURRENT = "current_";

  static final String CURRENT_PERPLEXITY = CURRENT + VersionRecord.PERPLEXITY;

  /** What the gate measured besides, and what a column has room to call it. */
  private static final Map<String, String> MEASURED = new LinkedHashMap<>();

  static {
    MEASURED.put("prompt_ranking", "ranked first");
    MEASURED.put("repeated_4grams", "repeated");
    MEASURED.put("person_kept", "person kept");
    MEASURED.put("sentence_order", "own order");
    MEASURED.put("copied_8grams", "copied");
  }

  private static final int DATE_AND_MINUTE = 16;

  private final List<TrainingSummary> runs;

  /**
   * @param runs the oldest first
   */
  RunIndex(List<TrainingSummary> runs) {
    this.runs = List.copyOf(runs);
  }

  String html() {
    HtmlPage page = new HtmlPage("Storyloom, run by run").wide();
    if (any(VALID_PERPLEXITY)) {
      page.picture(
          "Validation perplexity per token of each run's model; it does not compare runs with"
              + " different vocabularies or validation splits",
          Picture.drawn("the trend", () -> RunCharts.trend(runs)));
    }
    if (any(VersionRecord.PERPLEXITY)) {
      page.picture(
          "Perplexity per word of each run's model and of the one that was current then, as the"
              + " gate measured them",
          Picture.drawn("the trend", () -> RunCharts.gateTrend(runs)));
    }
    Map<String, IntFunction<Cell>> columns = columns();
    List<List<Cell>> rows = new ArrayList<>();
    for (int run = runs.size() - 1; run >= 0; run--) {
      int which = run;
      rows.add(columns.values().stream().map(column -> column.apply(which)).toList());
    }
    return page.cards("All runs, the newest first", List.copyOf(columns.keySet()), rows).html();
  }

  private boolean any(String figure) {
    return runs.stream().anyMatch(run -> run.figure(figure).isPresent());
  }

  /** Those of which any run has something to say. */
  private Map<String, IntFunction<Cell>> columns() {
    Map<String, IntFunction<Cell>> columns = new LinkedHashMap<>();
    columns.put("run, UTC", run -> link(runs.get(run)));
    columns.put("verdict", run -> verdict(runs.get(run)));
    add(columns, "valid. perplexity", VALID_PERPLEXITY);
    add(columns, "per word", VersionRecord.PERPLEXITY);
    add(columns, "current had", CURRENT_PERPLEXITY);
    MEASURED.forEach(
        (key, name) -> {
          if (any(Figures.HUMAN + key)) {
            columns.put(name + ", people", run -> Cell.number(besidePeople(run, key)));
          } else {
            add(columns, name, key);
          }
        });
    columns.put("changed", run -> Cell.of(new RunChanges(runs.get(run), before(run)).line()));
    columns.put("model", run -> Cell.of(runs.get(run).model()));
    return columns;
  }

  private void add(Map<String, IntFunction<Cell>> columns, String name, String figure) {
    if (any(figure)) {
      columns.put(name, run -> Cell.number(figure(run, figure)));
    }
  }

  private Optional<TrainingSummary> before(int run) {
    return run == 0 ? Optional.empty() : Optional.of(runs.get(run - 1));
  }

  private static Cell link(TrainingSummary run) {
    return Cell.link(
        run.ended().substring(0, DATE_AND_MINUTE).replace('T', ' '),
        run.run() + "/" + RunReport.PAGE);
  }

  private static Cell verdict(TrainingSummary run) {
    return Cell.verdict(run.promoted() ? "promoted" : "refused: " + run.reason(), run.promoted());
  }

  private String besidePeople(int run, String key) {
    String own = figure(run, key);
    return own.isEmpty() ? "" : own + ", " + figure(run, Figures.HUMAN + key);
  }

  private String figure(int run, String key) {
    return runs.get(run)
        .figure(key)
        .map(value -> Figures.text(key.replace(CURRENT, ""), value))
        .orElse("");
  }
}
