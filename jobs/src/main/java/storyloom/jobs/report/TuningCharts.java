package storyloom.jobs.report;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;
import storyloom.jobs.chart.ChartColor;
import storyloom.jobs.chart.ChartStyle;
import storyloom.jobs.chart.Picture;
import storyloom.pipeline.tune.SearchPlan.Objective;

/** The pictures of a search, drawn without a screen. */
final class TuningCharts {

  private static final int MARKER = 9;

  private static final List<ChartColor> LEADERS =
      List.of(ChartColor.FIRST, ChartColor.SECOND, ChartColor.THIRD);

  /** Of the leaders, so that they are told apart without colour. */
  private static final List<Marker> MARKERS =
      List.of(SeriesMarkers.CIRCLE, SeriesMarkers.SQUARE, SeriesMarkers.TRIANGLE_UP);

  private TuningCharts() {}

  /**
   * The learning curve of a trial.
   *
   * @param trial counted from 1
   * @param perplexities after each epoch
   */
  record Curve(int trial, List<Double> perplexities) {}

  /**
   * Perplexity per word after each epoch, a line for each trial: those of the leaders in colour.
   *
   * @param leaders the best first
   * @param others behind them
   */
  static Picture curves(List<Curve> leaders, List<Curve> others) {
    XYChart chart = ChartStyle.numbers("Validation split", "epoch", "perplexity per word");
    for (Curve curve : others) {
      add(chart, curve, ChartColor.OTHERS, true, SeriesMarkers.NONE).setShowInLegend(false);
    }
    for (int i = 0; i < leaders.size(); i++) {
      int place = i % LEADERS.size();
      add(chart, leaders.get(i), LEADERS.get(place), false, MARKERS.get(place));
    }
    ChartStyle.counting(chart);
    ChartStyle.logarithmic(chart);
    return Picture.of(chart);
  }

  /** A single epoch is a dot, or it would not be seen. */
  private static XYSeries add(
      XYChart chart, Curve curve, ChartColor color, boolean isDashed, Marker marker) {
    int epochs = curve.perplexities().size();
    return ChartStyle.line(
        chart,
        "trial " + curve.trial(),
        IntStream.rangeClosed(1, epochs).boxed().toList(),
        curve.perplexities(),
        color,
        isDashed,
        epochs == 1 ? SeriesMarkers.CIRCLE : marker);
  }

  /**
   * A dot for each trial: the number it has of a setting, and how well it did.
   *
   * @param key the setting
   * @param logarithmic whether the axis of the setting is
   * @param x of each trial
   * @param y what each is judged by
   * @param judged what that is
   */
  static Picture numbers(
      String key, boolean logarithmic, List<Double> x, List<Double> y, Objective judged) {
    XYChart chart = ChartStyle.numbers(key, "", judged.words());
    chart.getStyler().setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    chart.getStyler().setMarkerSize(MARKER);
    chart.getStyler().setLegendVisible(false);
    XYSeries series = chart.addSeries(key, x, y);
    series.setMarkerColor(ChartColor.FIRST.light());
    series.setMarker(SeriesMarkers.CIRCLE);
    if (logarithmic) {
      ChartStyle.logarithmicBelow(chart);
    }
    if (judged == Objective.PERPLEXITY) {
      ChartStyle.logarithmic(chart);
    }
    return Picture.of(chart);
  }

  /**
   * The same of a setting that is no number.
   *
   * @param byWord what the trials with each value are judged by, in the order of the axis
   */
  static Picture words(String key, SortedMap<String, List<Double>> byWord, Objective judged) {
    CategoryChart chart = ChartStyle.words(key, "", judged.words());
    chart.getStyler().setDefaultSeriesRenderStyle(CategorySeriesRenderStyle.Scatter);
    chart.getStyler().setMarkerSize(MARKER);
    chart.getStyler().setLegendVisible(false);
    List<String> words = List.copyOf(byWord.keySet());
    int most = byWord.values().stream().mapToInt(List::size).max().orElse(0);
    for (int i = 0; i < most; i++) { // a series has one dot for each word
      int place = i;
      List<Double> dots =
          byWord.values().stream()
              .map(values -> place < values.size() ? values.get(place) : null)
              .collect(Collectors.toCollection(ArrayList::new));
      CategorySeries series = chart.addSeries("trials " + place, words, dots);
      series.setMarkerColor(ChartColor.FIRST.light());
      series.setMarker(SeriesMarkers.CIRCLE);
    }
    if (judged == Objective.PERPLEXITY) {
      ChartStyle.logarithmic(chart);
    }
    return Picture.of(chart);
  }
}
