package storyloom.jobs.chart;

import java.awt.BasicStroke;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.AxesChart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** What all charts have in common. */
public final class ChartStyle {

  private static final float[] DASHES = {6, 4};
  private static final float LINE = 2;

  /** Places, such as epochs, each of which a phone has no room to name. */
  private static final int MANY = 10;

  private static final double HALF = 0.5;

  private ChartStyle() {}

  /** A chart of points over numbers. */
  public static XYChart numbers(String title, String x, String y) {
    XYChart chart = new XYChartBuilder().title(title).xAxisTitle(x).yAxisTitle(y).build();
    style(chart.getStyler());
    return chart;
  }

  /** A chart of points over words, or of bars. */
  public static CategoryChart words(String title, String x, String y) {
    CategoryChart chart =
        new CategoryChartBuilder().title(title).xAxisTitle(x).yAxisTitle(y).build();
    style(chart.getStyler());
    chart.getStyler().setXAxisLabelRotation(45);
    chart.getStyler().setAvailableSpaceFill(0.9);
    return chart;
  }

  private static void style(AxesChartStyler styler) {
    styler.setChartBackgroundColor(ChartColor.NONE);
    styler.setPlotBackgroundColor(ChartColor.NONE);
    styler.setLegendBackgroundColor(ChartColor.NONE);
    styler.setChartFontColor(ChartColor.INK.light());
    styler.setAxisTickLabelsColor(ChartColor.INK.light());
    styler.setAxisTickMarksColor(ChartColor.INK.light());
    styler.setPlotGridLinesColor(ChartColor.GRID.light());
    styler.setLegendBorderColor(ChartColor.NONE);
    styler.setPlotBorderVisible(false);
    styler.setLegendPosition(LegendPosition.OutsideS);
    styler.setLegendLayout(LegendLayout.Horizontal);
    styler.setLocale(Locale.ROOT);
  }

  /**
   * Makes the upright axis logarithmic, as that of perplexities is, unless its values lie too
   * close.
   *
   * @param chart with all its series
   */
  public static void logarithmic(AxesChart<?, ?> chart) {
    LogAxis.upright(chart);
  }

  /** The same of the axis below, for settings such as learning rates. */
  public static void logarithmicBelow(XYChart chart) {
    LogAxis.below(chart);
  }

  /**
   * Whole numbers along the bottom, such as epochs; no more than a phone has room for.
   *
   * @param chart with all its series
   */
  public static void counting(XYChart chart) {
    chart
        .getStyler()
        .setXAxisTickLabelsFormattingFunction(
            place -> place == Math.rint(place) ? "%,.0f".formatted(place) : "");
    DoubleSummaryStatistics places =
        chart.getSeriesCollection().stream()
            .flatMapToDouble(series -> DoubleStream.of(series.getXMin(), series.getXMax()))
            .summaryStatistics();
    if (places.getMax() - places.getMin() >= MANY) {
      // Of places that are as far from each other, XChart writes as many as do not overlap, however
      // close. An edge that is none of them makes it keep room between round numbers.
      chart.getStyler().setXAxisMin(places.getMin() - HALF);
    }
  }

  /**
   * A line that is told from others by more than its colour.
   *
   * @param isDashed whether it is broken
   */
  public static XYSeries line(
      XYChart chart,
      String name,
      List<? extends Number> x,
      List<? extends Number> y,
      ChartColor color,
      boolean isDashed,
      Marker marker) {
    XYSeries series = chart.addSeries(name, x, y);
    series.setLineColor(color.light());
    series.setLineStyle(
        isDashed
            ? new BasicStroke(LINE, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, DASHES, 0)
            : new BasicStroke(LINE, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND));
    series.setMarker(marker);
    series.setMarkerColor(color.light());
    return series;
  }

  /** A single point that stands out. */
  public static void mark(XYChart chart, String name, double x, double y) {
    XYSeries series =
        line(chart, name, List.of(x), List.of(y), ChartColor.THIRD, false, SeriesMarkers.DIAMOND);
    series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
  }
}
