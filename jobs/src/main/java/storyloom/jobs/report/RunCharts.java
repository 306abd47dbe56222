package storyloom.jobs.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;
import storyloom.jobs.chart.ChartColor;
import storyloom.jobs.chart.ChartStyle;
import storyloom.jobs.chart.Picture;
import storyloom.jobs.train.MetricsLog;
import storyloom.jobs.train.TrainingSummary;
import storyloom.model.registry.VersionRecord;

/** The pictures of a run, and of many, drawn without a screen. */
final class RunCharts {

  private static final int POINTS = 400;
  private static final int BARS = 30;
  private static final String PERPLEXITY = "perplexity";

  private static final List<String> COSTS = List.of("compute", "broadcast", "reduce", "update");
  private static final Color[] COLORS = {
    ChartColor.FIRST.light(),
    ChartColor.OTHERS.light(),
    ChartColor.SECOND.light(),
    ChartColor.THIRD.light()
  };

  private RunCharts() {}

  /** The loss of each round. */
  static Picture losses(List<JsonNode> rounds) {
    return rounds("Loss while training", "nats per token", rounds, "loss");
  }

  /** How fast each round trained. */
  static Picture throughput(List<JsonNode> rounds) {
    return rounds("Throughput", "tokens per second", rounds, "tokens_per_second");
  }

  private static Picture rounds(String title, String unit, List<JsonNode> rounds, String figure) {
    XYChart chart = ChartStyle.numbers(title, "round", unit);
    List<Double> values = MetricsLog.Lines.averages(rounds, figure, POINTS);
    double step = (double) rounds.size() / values.size();
    List<Double> places = IntStream.rangeClosed(1, values.size()).mapToObj(i -> i * step).toList();
    ChartStyle.line(chart, figure, places, values, ChartColor.FIRST, false, SeriesMarkers.NONE);
    ChartStyle.counting(chart);
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setYAxisMin(0.0);
    return Picture.of(chart);
  }

  /**
   * The perplexities after each epoch, the best one marked.
   *
   * @param epochs lines of the log, in the order of the epochs
   */
  static Picture perplexities(List<JsonNode> epochs) {
    XYChart chart = ChartStyle.numbers("Perplexity per token", "epoch", PERPLEXITY);
    Points train = Points.of(epochs.size(), epoch -> number(epochs, epoch, "train"));
    Points valid = Points.of(epochs.size(), epoch -> number(epochs, epoch, "valid"));
    train.draw(chart, "training", ChartColor.SECOND, true, SeriesMarkers.TRIANGLE_UP);
    valid.draw(chart, "validation", ChartColor.FIRST, false, SeriesMarkers.CIRCLE);
    if (!valid.values().isEmpty()) {
      int best = valid.lowest();
      ChartStyle.mark(
          chart,
          "best: %d".formatted(valid.places().get(best)),
          valid.places().get(best),
          valid.values().get(best));
    }
    ChartStyle.counting(chart);
    ChartStyle.logarithmic(chart);
    return Picture.of(chart);
  }

  private static double number(List<JsonNode> epochs, int place, String split) {
    return epochs.get(place).path(split + "_perplexity").asDouble();
  }

  /** Where the time of rounds went. */
  static Picture costs(List<JsonNode> rounds) {
    CategoryChart chart = ChartStyle.words("Where the time of a round goes", "round", "seconds");
    chart.getStyler().setStacked(true);
    chart.getStyler().setSeriesColors(COLORS);
    for (String cost : COSTS) {
      List<Double> values = MetricsLog.Lines.averages(rounds, cost + "_seconds", BARS);
      double step = (double) rounds.size() / values.size();
      List<Long> places =
          IntStream.rangeClosed(1, values.size()).mapToObj(i -> Math.round(i * step)).toList();
      chart.addSeries(cost, places, values);
    }
    return Picture.of(chart);
  }

  /** The validation perplexity per token of each run's model. */
  static Picture trend(List<TrainingSummary> runs) {
    XYChart chart = ofRuns("Validation perplexity per token");
    add(chart, "new model", runs, RunIndex.VALID_PERPLEXITY, ChartColor.FIRST, false);
    return trend(chart);
  }

  /** The perplexity per word of each run's model and of the one that was current then. */
  static Picture gateTrend(List<TrainingSummary> runs) {
    XYChart chart = ofRuns("Perplexity per word");
    add(chart, "current model", runs, RunIndex.CURRENT_PERPLEXITY, ChartColor.SECOND, true);
    add(chart, "new model", runs, VersionRecord.PERPLEXITY, ChartColor.FIRST, false);
    return trend(chart);
  }

  private static XYChart ofRuns(String title) {
    return ChartStyle.numbers(title, "run, the oldest first", PERPLEXITY);
  }

  private static Picture trend(XYChart chart) {
    ChartStyle.counting(chart);
    ChartStyle.logarithmic(chart);
    return Picture.of(chart);
  }

  private static void add(
      XYChart chart,
      String series,
      List<TrainingSummary> runs,
      String figure,
      ChartColor color,
      boolean isDashed) {
    Points.of(runs.size(), run -> runs.get(run).figure(figure).orElse(Double.NaN))
        .draw(
            chart,
            series,
            color,
            isDashed,
            isDashed ? SeriesMarkers.TRIANGLE_UP : SeriesMarkers.CIRCLE);
  }

  /** Numbers above zero, which a logarithmic axis has, and where they stand, counted from 1. */
  private record Points(List<Integer> places, List<Double> values) {

    static Points of(int count, IntFunction<Double> number) {
      List<Integer> places = new ArrayList<>();
      List<Double> values = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        double value = number.apply(i);
        if (value > 0 && Double.isFinite(value)) {
          places.add(i + 1);
          values.add(value);
        }
      }
      return new Points(places, values);
    }

    void draw(XYChart chart, String name, ChartColor color, boolean isDashed, Marker marker) {
      if (!values.isEmpty()) {
        ChartStyle.line(chart, name, places, values, color, isDashed, marker);
      }
    }

    int lowest() {
      return IntStream.range(0, values.size())
          .reduce((best, other) -> values.get(other) < values.get(best) ? other : best)
          .orElseThrow();
    }
  }
}
