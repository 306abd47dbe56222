package storyloom.jobs.chart;

import java.awt.Color;
import java.awt.Graphics2D;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.knowm.xchart.CategoryChart;
import storyloom.pipeline.corpus.report.CleaningReport;
import storyloom.pipeline.corpus.report.CleaningReport.RuleCounts;
import storyloom.pipeline.corpus.report.Lengths;

/**
 * A cleaning report as pictures: how long the texts are, and what each rule did. They are drawn
 * without a screen.
 */
public final class CleaningChart {

  /** Size of the file with all of it, as it is painted. Unit: pixels. */
  static final int WIDTH = 1400;

  static final int HEIGHT = 1000;

  private final CleaningReport report;

  private CleaningChart(CleaningReport report) {
    this.report = report;
  }

  /** All of it as a PNG file: lengths above, rules below. */
  static byte[] png(CleaningReport report) {
    return Picture.png(WIDTH, HEIGHT, new CleaningChart(report)::paint);
  }

  /** How long the prompts are; empty if there are none. */
  public static Optional<Picture> prompts(CleaningReport report) {
    return picture(() -> lengths("prompts", report.prompts()));
  }

  /** How long the stories are; empty if there are none. */
  public static Optional<Picture> stories(CleaningReport report) {
    return picture(() -> lengths("stories", report.stories()));
  }

  /** What each rule did; empty if none did anything. */
  public static Optional<Picture> rules(CleaningReport report) {
    return picture(new CleaningChart(report)::rules);
  }

  private static Optional<Picture> picture(Supplier<CategoryChart> chart) {
    return Picture.drawn(
            "the cleaning report",
            () ->
                Optional.of(chart.get())
                    .filter(made -> !made.getSeriesCollection().isEmpty())
                    .map(Picture::of))
        .flatMap(drawn -> drawn);
  }

  private void paint(Graphics2D graphics) {
    int width = WIDTH / 2;
    int height = HEIGHT / 2;
    paint(lengths("prompts", report.prompts()), graphics, 0, 0, width, height);
    paint(lengths("stories", report.stories()), graphics, width, 0, width, height);
    paint(rules(), graphics, 0, height, WIDTH, height);
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
    chart.getStyler().setSeriesColors(new Color[] {ChartColor.FIRST.light()});
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
    chart
        .getStyler()
        .setSeriesColors(new Color[] {ChartColor.FIRST.light(), ChartColor.SECOND.light()});
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
    CategoryChart chart = ChartStyle.words(title, x, y);
    chart.getStyler().setYAxisDecimalPattern("#,###");
    return chart;
  }
}
