package storyloom.jobs.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.font.TextLayout;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.markers.SeriesMarkers;

final class LetteringTest {

  private static final Pattern TEXT = Pattern.compile("<text[^>]*>([^<]*)</text>");

  /** Curves, of which letters have many and lines and axes none. */
  private static final Pattern CURVES = Pattern.compile(" d=\"[^\"]*[cq][^\"]*\"");

  private static List<String> texts(String svg) {
    return TEXT.matcher(svg).results().map(found -> found.group(1)).toList();
  }

  private static XYChart perplexities() {
    XYChart chart = ChartStyle.numbers("Perplexity", "epoch", "nats & bits");
    ChartStyle.line(
        chart,
        "validation",
        List.of(1, 2, 3),
        List.of(4000.0, 900.5, 40.25),
        ChartColor.FIRST,
        false,
        SeriesMarkers.NONE);
    ChartStyle.counting(chart);
    return chart;
  }

  @Test
  void allThatAChartSaysIsText() {
    Picture picture = Picture.of(perplexities());

    for (String svg : List.of(picture.wide(), picture.narrow())) {
      assertThat(texts(svg))
          .contains("Perplexity", "epoch", "nats &amp; bits", "validation")
          .contains("1", "2", "3")
          .contains("1,000", "2,000");
      assertThat(CURVES.matcher(svg).results().map(MatchResult::group)).isEmpty();
      assertThat(svg).contains("textLength=\"").hasSizeLessThan(20_000);
    }
  }

  @Test
  void wordsBelowAnAxisAreTurnedAsTheyWere() {
    CategoryChart chart = ChartStyle.words("Length", "words", "stories");
    chart.addSeries("people", List.of("10–19", "20–29"), List.of(3, 40));

    String svg = Picture.of(chart).wide();

    assertThat(texts(svg)).contains("10–19", "20–29", "people", "40");
    assertThat(svg).contains("rotate(-45", "rotate(-90");
    assertThat(CURVES.matcher(svg).results().map(MatchResult::group)).isEmpty();
  }

  /** Whatever XChart may think of: it is seen as it was meant. */
  @Test
  void shapesThatSayNothingKnownStayShapes() {
    String svg =
        Svg.of(100, 20, Lettering.of(perplexities()), graphics -> fill(graphics, "Perplexities"));

    assertThat(texts(svg)).isEmpty();
    assertThat(CURVES.matcher(svg).results()).isNotEmpty();
  }

  private static void fill(Graphics2D graphics, String words) {
    Font font = ChartStyle.numbers("", "", "").getStyler().getChartTitleFont();
    graphics.setFont(font);
    graphics.fill(new TextLayout(words, font, graphics.getFontRenderContext()).getOutline(null));
  }
}
