package storyloom.jobs.chart;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.function.ToLongFunction;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import storyloom.pipeline.corpus.report.CleaningReport;
import storyloom.pipeline.corpus.report.CleaningReport.RuleCounts;
import storyloom.pipeline.corpus.report.Lengths;

/**
 * A cleaning report as a picture: how long the texts are above, what each rule did below. It is
 * drawn without a screen.
 */
final class CleaningChart {

  /** Size of the picture. Unit: pixels. */
  static final int WIDTH = 1400;

  static final int HEIGHT = 1000;

  private static final Color CHANGED = new Color(0x3B6EA8);
  private static final Color DROPPED = new Color(0xB5503C);

  private final CleaningReport report;

  private CleaningChart(CleaningReport report) {
    this.report = report;
  }

  /** The picture as a PNG file. */
  static byte[] png(CleaningReport report) {
    System.setProperty("java.awt.headless", "true");
    return Picture.png(new CleaningChart(report).image());
  }

  private BufferedImage image() {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setColor(Color.WHITE);
      graphics.fillRect(0, 0, WIDTH, HEIGHT);
      int width = WIDTH / 2;
      int height = HEIGHT / 2;
      paint(lengths("prompts", report.prompts()), graphics, 0, 0, width, height);
      paint(lengths("stories", report.stories()), graphics, width, 0, width, height);
      paint(rules(), graphics, 0, height, WIDTH, height);
      return image;
    } finally {
      graphics.dispose();
    }
  }

  /** Paints a chart into an area of the picture, which stays empty if there is nothing to show. */
  private static void paint(
      CategoryChart chart, Graphics2D picture, int x, int y, int width, int height) {
    if (!chart.getSeriesCollection().isEmpty()) {
      Graphics2D area = (Graphics2D) picture.create(x, y, width, height);
      chart.paint(area, width, height);
      area.dispose();
    }
  }

  private static CategoryChart lengths(String texts, Lengths lengths) {
    CategoryChart chart =
        chart(
            "%,d %s, %,d words at the median".formatted(lengths.texts(), texts, lengths.median()),
            "words",
            texts);
    List<Lengths.Bar> bars = lengths.histogram();
    if (!bars.isEmpty()) {
      chart.addSeries(
          texts,
          bars.stream()
              .map(bar -> bar.from() == bar.to() ? "" + bar.from() : bar.from() + "–" + bar.to())
              .toList(),
          bars.stream().map(Lengths.Bar::texts).toList());
    }
    chart.getStyler().setSeriesColors(new Color[] {CHANGED});
    chart.getStyler().setLegendVisible(false);
    return chart;
  }

  private CategoryChart rules() {
    CategoryChart chart = chart("pairs that each rule touched", "", "pairs");
    List<RuleCounts> rules =
        report.rules().stream().filter(rule -> rule.changed() + rule.dropped() > 0).toList();
    if (!rules.isEmpty()) {
      add(chart, "changed", rules, RuleCounts::changed);
      add(chart, "dropped", rules, RuleCounts::dropped);
    }
    chart.getStyler().setSeriesColors(new Color[] {CHANGED, DROPPED});
    chart.getStyler().setLegendPosition(LegendPosition.InsideNE);
    return chart;
  }

  private static void add(
      CategoryChart chart, String name, List<RuleCounts> rules, ToLongFunction<RuleCounts> count) {
    chart.addSeries(
        name,
        rules.stream().map(RuleCounts::rule).toList(),
        rules.stream().map(count::applyAsLong).toList());
  }

  private static CategoryChart chart(String title, String x, String y) {
    CategoryChart chart =
        new CategoryChartBuilder().title(title).xAxisTitle(x).yAxisTitle(y).build();
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setXAxisLabelRotation(45);
    chart.getStyler().setAvailableSpaceFill(0.9);
    chart.getStyler().setYAxisDecimalPattern("#,###");
    chart.getStyler().setPlotBorderVisible(false);
    return chart;
  }
}
