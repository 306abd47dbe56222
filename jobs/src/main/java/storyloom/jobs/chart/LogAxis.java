package storyloom.jobs.chart;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.internal.chartpart.AxesChart;
import org.knowm.xchart.internal.series.AxesChartSeries;

/**
 * Where a logarithmic axis has numbers: at powers of ten, or at two and five times as much as well,
 * or at more, as few as a reader can do with. XChart marks each whole multiple of a power of ten
 * and writes all of them, one over the other in a wide range; in a narrow one, which has none, it
 * writes the least and the greatest value with all their digits.
 *
 * @param least smallest value that is drawn
 * @param most largest value
 * @param wanted numbers that there should be
 */
record LogAxis(double least, double most, int wanted) {

  /** Of an axis with room for many, such as the upright one of perplexities. */
  private static final int MANY = 3;

  /** Of one with room for few: numbers beside each other take more. */
  private static final int FEW = 2;

  /** Which multiples of powers of ten are written, from the least to the most of them. */
  private static final List<String> MULTIPLES = List.of("1", "125", "12357", "123456789");

  /**
   * Makes the upright axis logarithmic. A range without numbers for it keeps an even axis, from
   * which it hardly differs.
   *
   * @param chart with all that is drawn on it
   */
  static void upright(AxesChart<?, ?> chart) {
    LogAxis axis = of(chart, AxesChartSeries::getYMin, AxesChartSeries::getYMax, MANY);
    if (axis.hasNumbers()) {
      chart
          .getStyler()
          .setYAxisLogarithmic(true)
          .setYAxisLogarithmicDecadeOnly(false)
          .setYAxisTickLabelsFormattingFunction(axis::label);
    }
  }

  /** The same of the axis below. */
  static void below(XYChart chart) {
    LogAxis axis = of(chart, AxesChartSeries::getXMin, AxesChartSeries::getXMax, FEW);
    if (axis.hasNumbers()) {
      chart
          .getStyler()
          .setXAxisLogarithmic(true)
          .setXAxisLogarithmicDecadeOnly(false)
          .setXAxisTickLabelsFormattingFunction(axis::label);
    }
  }

  private static LogAxis of(
      AxesChart<?, ?> chart,
      ToDoubleFunction<AxesChartSeries> least,
      ToDoubleFunction<AxesChartSeries> most,
      int wanted) {
    return new LogAxis(
        chart.getSeriesCollection().stream().mapToDouble(least).min().orElse(Double.NaN),
        chart.getSeriesCollection().stream().mapToDouble(most).max().orElse(Double.NaN),
        wanted);
  }

  /** Whether as many numbers as are wanted lie in the range. */
  boolean hasNumbers() {
    return least > 0 && count(MULTIPLES.get(MULTIPLES.size() - 1)) >= wanted;
  }

  private long count(String multiples) {
    if (!(least > 0 && most < Double.POSITIVE_INFINITY)) {
      return 0;
    }
    return IntStream.rangeClosed(decade(least), decade(most))
        .boxed()
        .flatMap(
            decade ->
                multiples
                    .chars()
                    .mapToObj(multiple -> new BigDecimal(multiple - '0').scaleByPowerOfTen(decade)))
        .mapToDouble(BigDecimal::doubleValue)
        .filter(number -> number >= least && number <= most)
        .count();
  }

  private static int decade(double number) {
    return (int) Math.floor(Math.log10(number));
  }

  /** What stands at a multiple of a power of ten; a blank at one that has a mark alone. */
  String label(double place) {
    BigDecimal number = new BigDecimal(place).round(new MathContext(1));
    String written =
        MULTIPLES.stream()
            .filter(multiples -> count(multiples) >= wanted)
            .findFirst()
            .orElse(MULTIPLES.get(MULTIPLES.size() - 1));
    if (written.indexOf(number.unscaledValue().toString().charAt(0)) < 0) {
      return " ";
    }
    return number.compareTo(BigDecimal.ONE) < 0
        ? number.stripTrailingZeros().toPlainString()
        : String.format(Locale.ROOT, "%,d", number.toBigInteger());
  }
}
