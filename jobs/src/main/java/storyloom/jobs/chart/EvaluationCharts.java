package storyloom.jobs.chart;

import java.awt.Color;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import storyloom.model.eval.PromptRanking;
import storyloom.model.text.TextCodec;
import storyloom.pipeline.evaluate.StorySample;

/** An evaluation's pictures, as PNG files; drawn without a screen. */
public final class EvaluationCharts {

  private static final int WIDTH = 900;
  private static final int HEIGHT = 340;
  private static final int BARS = 20;

  private static final Color HUMAN = new Color(0x8A8F98);
  private static final Color MODEL = new Color(0x3B6EA8);

  private EvaluationCharts() {}

  /** How many stories of people and of the model have which length in words. */
  public static byte[] lengths(StorySample sample) {
    int[] human = words(sample.human());
    int[] written = words(sample.written());
    int longest = Math.max(most(human), most(written));
    int width = longest / BARS + 1;
    List<String> bars =
        IntStream.rangeClosed(0, longest / width)
            .mapToObj(bar -> bar * width + (width == 1 ? "" : "–" + ((bar + 1) * width - 1)))
            .toList();
    CategoryChart chart = chart("Length", "words", "stories");
    chart.addSeries("people", bars, histogram(human, width, bars.size()));
    chart.addSeries("model", bars, histogram(written, width, bars.size()));
    chart.getStyler().setLegendPosition(LegendPosition.InsideNE);
    chart.getStyler().setSeriesColors(new Color[] {HUMAN, MODEL});
    return Picture.png(chart);
  }

  /** In how many stories their own prompt came first, second and so on. */
  public static byte[] places(PromptRanking ranking) {
    CategoryChart chart = chart("Place of a story's own prompt among ten", "place", "stories");
    List<Integer> places = IntStream.rangeClosed(1, ranking.stories().size()).boxed().toList();
    chart.addSeries("stories", places, ranking.stories());
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setSeriesColors(new Color[] {MODEL});
    return Picture.png(chart);
  }

  private static int[] words(List<String> stories) {
    return stories.stream().mapToInt(TextCodec::words).toArray();
  }

  private static int most(int[] lengths) {
    return Arrays.stream(lengths).max().orElse(0);
  }

  private static List<Integer> histogram(int[] lengths, int width, int bars) {
    Integer[] counts = new Integer[bars];
    Arrays.fill(counts, 0);
    for (int length : lengths) {
      counts[length / width]++;
    }
    return List.of(counts);
  }

  private static CategoryChart chart(String title, String x, String y) {
    System.setProperty("java.awt.headless", "true");
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle(y)
            .build();
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setPlotBorderVisible(false);
    chart.getStyler().setXAxisLabelRotation(45);
    return chart;
  }
}
