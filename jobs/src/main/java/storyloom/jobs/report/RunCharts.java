package storyloom.jobs.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;
import storyloom.jobs.chart.Picture;
import storyloom.jobs.train.MetricsLog;
import storyloom.jobs.train.TrainingSummary;
import storyloom.model.registry.VersionRecord;

/** The pictures of a run, and of many, as PNG files; drawn without a screen. */
final class RunCharts {

  private static final int WIDTH = 900;
  private static final int HEIGHT = 340;
  private static final int POINTS = 400;
  private static final int BARS = 30;

  private static final Color FIRST = new Color(0x3B6EA8);
  private static final Color SECOND = new Color(0xB5503C);
  private static final List<String> COSTS = List.of("compute", "broadcast", "reduce", "update");

  static {
    System.setProperty("java.awt.headless", "true");
  }

  private RunCharts() {}

  /** The loss of each round. */
  static byte[] losses(List<JsonNode> rounds) {
    XYChart chart = chart("Loss while training", "round", "nats per token");
    addRounds(chart, "loss", rounds, "loss");
    return Picture.png(chart);
  }

  /** The perplexities after each epoch. */
  static byte[] perplexities(List<JsonNode> epochs) {
    XYChart chart = chart("Perplexity per token", "epoch", "perplexity");
    List<Integer> numbers = IntStream.rangeClosed(1, epochs.size()).boxed().toList();
    for (String split : List.of("train", "valid")) {
      chart.addSeries(
          split, numbers, MetricsLog.Lines.averages(epochs, split + "_perplexity", epochs.size()));
    }
    return Picture.png(chart);
  }

  /** How fast each round trained. */
  static byte[] throughput(List<JsonNode> rounds) {
    XYChart chart = chart("Throughput", "round", "tokens per second");
    addRounds(chart, "tokens per second", rounds, "tokens_per_second");
    chart.getStyler().setYAxisMin(0.0);
    return Picture.png(chart);
  }

  private static void addRounds(XYChart chart, String series, List<JsonNode> rounds, String name) {
    List<Double> values = MetricsLog.Lines.averages(rounds, name, POINTS);
    double step = (double) rounds.size() / values.size();
    List<Double> places = IntStream.rangeClosed(1, values.size()).mapToObj(i -> i * step).toList();
    chart.addSeries(series, places, values).setMarker(SeriesMarkers.NONE);
    chart.getStyler().setLegendVisible(false);
  }

  /** Where the time of rounds went. */
  static byte[] costs(List<JsonNode> rounds) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("Where the time of a round goes")
            .xAxisTitle("round")
            .yAxisTitle("seconds")
            .build();
    style(chart.getStyler());
    chart.getStyler().setStacked(true);
    for (String cost : COSTS) {
      List<Double> values = MetricsLog.Lines.averages(rounds, cost + "_seconds", BARS);
      double step = (double) rounds.size() / values.size();
      List<Long> places =
          IntStream.rangeClosed(1, values.size()).mapToObj(i -> Math.round(i * step)).toList();
      chart.addSeries(cost, places, values);
    }
    return Picture.png(chart);
  }

  /** The perplexity per word of each run's model, and of the one that was current then. */
  static byte[] trend(List<TrainingSummary> runs) {
    XYChart chart = chart("Perplexity per word", "run", "perplexity");
    add(chart, "new model", runs, VersionRecord.PERPLEXITY);
    add(chart, "current model", runs, "current_" + VersionRecord.PERPLEXITY);
    return Picture.png(chart);
  }

  private static void add(XYChart chart, String series, List<TrainingSummary> runs, String name) {
    List<Integer> places = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      int place = i + 1;
      runs.get(i)
          .figure(name)
          .ifPresent(
              value -> {
                places.add(place);
                values.add(value);
              });
    }
    if (!values.isEmpty()) {
      chart.addSeries(series, places, values);
    }
  }

  private static XYChart chart(String title, String x, String y) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle(y)
            .build();
    style(chart.getStyler());
    chart.getStyler().setSeriesColors(new Color[] {FIRST, SECOND});
    return chart;
  }

  private static void style(AxesChartStyler styler) {
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBorderVisible(false);
    styler.setLegendPosition(LegendPosition.InsideNE);
  }
}
