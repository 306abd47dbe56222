package storyloom.jobs.report;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
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
   * A dot for each trial: what it has of a setting, and how well it did.
   *
   * @param key the setting
   * @param words the values of a setting that is no number, by their places; empty for numbers
   * @param logarithmic whether the axis of the setting is
   * @param x numbers, or places among the words
   * @param y what trials are judged by
   * @param judged what that is called
   */
  static byte[] scatter(
      String key,
      List<String> words,
      boolean logarithmic,
      List<Double> x,
      List<Double> y,
      String judged) {
    XYChart chart = chart(key, "", judged, SMALL, HEIGHT);
    chart.getStyler().setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    chart.getStyler().setMarkerSize(MARKER);
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setXAxisLogarithmic(logarithmic);
    if (!words.isEmpty()) {
      chart.getStyler().setXAxisMin(-0.5).setXAxisMax(words.size() - 0.5);
      chart.getStyler().setxAxisTickLabelsFormattingFunction(place -> word(words, place));
    }
    chart.addSeries(key, new ArrayList<>(x), new ArrayList<>(y)).setMarkerColor(LEADERS[0]);
    return Picture.png(chart);
  }

  private static String word(List<String> words, double place) {
    long nearest = Math.round(place);
    boolean isPlace = Math.abs(place - nearest) < 1e-6 && nearest >= 0 && nearest < words.size();
    return isPlace ? words.get((int) nearest) : " ";
  }

  private static XYChart chart(String title, String x, String y, int width, int height) {
    System.setProperty("java.awt.headless", "true");
    XYChart chart =
        new XYChartBuilder()
            .width(width)
            .height(height)
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle(y)
            .build();
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setPlotBorderVisible(false);
    chart.getStyler().setLocale(Locale.ROOT);
    return chart;
  }
}
