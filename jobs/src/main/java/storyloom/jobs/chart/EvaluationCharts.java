package storyloom.jobs.chart;

import java.awt.Color;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;
import storyloom.model.eval.PromptRanking;
import storyloom.model.text.TextCodec;

/** An evaluation's pictures, drawn without a screen. */
public final class EvaluationCharts {

  private static final int BARS = 20;

  /** Of the first set of stories and so on: they differ in shape too. */
  private static final Color[] COLORS = {
    ChartColor.OTHERS.light(), ChartColor.FIRST.light(), ChartColor.SECOND.light()
  };

  private static final Marker[] MARKERS = {
    SeriesMarkers.DIAMOND, SeriesMarkers.CIRCLE, SeriesMarkers.SQUARE
  };

  private EvaluationCharts() {}

  /**
   * How many stories have which length in words.
   *
   * @param stories of people and of models, by what is said of them; three at most
   */
  public static Picture lengths(Map<String, List<String>> stories) {
    Map<String, int[]> lengths = new LinkedHashMap<>();
    stories.forEach(
        (name, texts) -> lengths.put(name, texts.stream().mapToInt(TextCodec::words).toArray()));
    int longest = lengths.values().stream().flatMapToInt(Arrays::stream).max().orElse(0);
    int width = longest / BARS + 1;
    List<String> bars =
        IntStream.rangeClosed(0, longest / width)
            .mapToObj(bar -> bar * width + (width == 1 ? "" : "–" + ((bar + 1) * width - 1)))
            .toList();
    CategoryChart chart = chart("Length", "words", "stories");
    chart.getStyler().setDefaultSeriesRenderStyle(CategorySeriesRenderStyle.Line);
    lengths.forEach(
        (name, each) -> chart.addSeries(name, bars, histogram(each, width, bars.size())));
    return Picture.of(chart);
  }

  /**
   * In how many stories their own prompt came first, second and so on.
   *
   * @param rankings of models, by what is said of them; two at most
   */
  public static Picture places(Map<String, PromptRanking> rankings) {
    CategoryChart chart = chart("Place of the own prompt", "place", "stories");
    rankings.forEach(
        (name, ranking) ->
            chart.addSeries(
                name,
                IntStream.rangeClosed(1, ranking.stories().size()).boxed().toList(),
                ranking.stories()));
    chart.getStyler().setSeriesColors(Arrays.copyOfRange(COLORS, 1, COLORS.length));
    chart.getStyler().setSeriesMarkers(Arrays.copyOfRange(MARKERS, 1, MARKERS.length));
    chart.getStyler().setLegendVisible(rankings.size() > 1);
    if (rankings.size() > 1) {
      chart.getStyler().setDefaultSeriesRenderStyle(CategorySeriesRenderStyle.Line);
    }
    return Picture.of(chart);
  }

  private static List<Integer> histogram(int[] lengths, int width, int bars) {
    Integer[] counts = new Integer[bars];
    Arrays.fill(counts, 0);
    for (int length : lengths) {
      counts[length / width]++;
    }
    return List.of(counts);
  }

  /** Series have marks of their own, which tell them apart in black and white. */
  private static CategoryChart chart(String title, String x, String y) {
    CategoryChart chart = ChartStyle.words(title, x, y);
    chart.getStyler().setSeriesColors(COLORS);
    chart.getStyler().setSeriesMarkers(MARKERS);
    return chart;
  }
}
