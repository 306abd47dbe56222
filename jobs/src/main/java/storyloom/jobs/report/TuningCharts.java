package storyloom.jobs.report;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;
import storyloom.jobs.chart.Picture;

/** The pictures of a search, as PNG files; drawn without a screen. */
final class TuningCharts {

  private static final int WIDTH = 900;
  private static final int HEIGHT = 380;
  private static final int SMALL = 440;
  private static final int MARKER = 9;

  private static final Color OTHERS = new Color(0xB8BEC6);
  private static final Color[] LEADERS = {
    new Color(0x3B6EA8), new Color(0xB5503C), new Color(0x4C8C4A)
  };

  static {
    System.setProperty("java.awt.headless", "true");
  }

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
  static byte[] curves(List<Curve> leaders, List<Curve> others) {
    XYChart chart = chart("Validation split", "epoch", "perplexity per word", WIDTH, HEIGHT);
    chart.getStyler().setYAxisLogarithmic(true);
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    for (Curve curve : others) {
      XYSeries series = add(chart, curve, OTHERS);
      series.setShowInLegend(false);
      series.setLineWidth(1);
    }
    for (int i = 0; i < leaders.size(); i++) {
      add(chart, leaders.get(i), LEADERS[i % LEADERS.length]).setLineWidth(2.5f);
    }
    return Picture.png(chart);
  }

  private static XYSeries add(XYChart chart, Curve curve, Color color) {
    List<Integer> epochs = IntStream.rangeClosed(1, curve.perplexities().size()).boxed().toList();
    XYSeries series = chart.addSeries("trial " + curve.trial(), epochs, curve.perplexities());
    series.setLineColor(color);
    series.setMarkerColor(color);
    series.setMarker(SeriesMarkers.CIRCLE);
    return series;
  }

  /**
   * A dot for each trial: the number it has of a setting, and how well it did.
   *
   * @param key the setting
   * @param logarithmic whether the axis of the setting is
   * @param x of each trial
   * @param y what each is judged by
   * @param judged what that is called
   */
  static byte[] numbers(
      String key, boolean logarithmic, List<Double> x, List<Double> y, String judged) {
    XYChart chart = chart(key, "", judged, SMALL, HEIGHT);
    chart.getStyler().setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    chart.getStyler().setMarkerSize(MARKER);
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setXAxisLogarithmic(logarithmic);
    XYSeries series = chart.addSeries(key, x, y);
    series.setMarkerColor(LEADERS[0]);
    series.setMarker(SeriesMarkers.CIRCLE);
    return Picture.png(chart);
  }

  /**
   * The same of a setting that is no number.
   *
   * @param byWord what the trials with each value are judged by, in the order of the axis
   */
  static byte[] words(String key, SortedMap<String, List<Double>> byWord, String judged) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(SMALL)
            .height(HEIGHT)
            .title(key)
            .yAxisTitle(judged)
            .build();
    style(chart.getStyler());
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
      series.setMarkerColor(LEADERS[0]);
      series.setMarker(SeriesMarkers.CIRCLE);
    }
    return Picture.png(chart);
  }

  private static XYChart chart(String title, String x, String y, int width, int height) {
    XYChart chart =
        new XYChartBuilder()
            .width(width)
            .height(height)
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle(y)
            .build();
    style(chart.getStyler());
    return chart;
  }

  private static void style(AxesChartStyler styler) {
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBorderVisible(false);
    styler.setLocale(Locale.ROOT);
  }
}
