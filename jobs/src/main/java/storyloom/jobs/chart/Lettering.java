package storyloom.jobs.chart;

import java.awt.Font;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.geom.PathIterator;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.internal.chartpart.AxesChart;
import org.knowm.xchart.internal.series.AxesChartSeries;
import org.knowm.xchart.style.AxesChartStyler;

/**
 * What a chart says, by which its letters are read again. XChart makes shapes of all that it
 * writes: they take far more room in a page than texts, and nobody can select or search for them.
 */
final class Lettering {

  /**
   * A text of a chart, from where its shape has its origin.
   *
   * @param turn by which it is turned there. Unit: radians, clockwise
   */
  record Text(String words, double turn) {}

  /**
   * A shape by all of its points.
   *
   * @param font its letters are of
   */
  private record Outline(Font font, String points) {}

  private final Set<String> words = new LinkedHashSet<>();
  private final List<Double> turns;
  private final Map<Outline, Text> known = new HashMap<>();
  private final Map<Font, Set<String>> learned = new HashMap<>();

  private Lettering(List<Double> turns) {
    this.turns = turns;
  }

  /** Of a painting that writes texts as such. */
  static Lettering none() {
    return new Lettering(List.of());
  }

  /** Of a chart. What its axes say is only known when they are painted, and heard then. */
  static Lettering of(AxesChart<?, ?> chart) {
    AxesChartStyler styler = chart.getStyler();
    Lettering lettering =
        new Lettering(List.of(0.0, -Math.PI / 2, -Math.toRadians(styler.getXAxisLabelRotation())));
    lettering.add(chart.getTitle());
    lettering.add(chart.getXAxisTitle());
    lettering.add(chart.getYAxisTitle());
    boolean isOfWords = false;
    for (AxesChartSeries series : chart.getSeriesCollection()) {
      lettering.add(series.getLabel());
      if (series instanceof CategorySeries) {
        isOfWords = true;
        ((CategorySeries) series).getXData().forEach(word -> lettering.add(word.toString()));
      }
    }
    styler.setYAxisTickLabelsFormattingFunction(
        lettering.heard(styler.getYAxisTickLabelsFormattingFunction()));
    if (!isOfWords) {
      styler.setXAxisTickLabelsFormattingFunction(
          lettering.heard(styler.getXAxisTickLabelsFormattingFunction()));
    }
    return lettering;
  }

  private void add(String text) {
    if (text != null && !text.isBlank()) {
      words.add(text);
    }
  }

  private Function<Double, String> heard(Function<Double, String> labels) {
    Function<Double, String> said = labels == null ? Lettering::plain : labels;
    return place -> {
      String label = said.apply(place);
      add(label);
      return label;
    };
  }

  private static String plain(double number) {
    return new DecimalFormat("#,##0.######", DecimalFormatSymbols.getInstance(Locale.ROOT))
        .format(number);
  }

  /**
   * What a shape says; empty if it is none of this chart's texts.
   *
   * @param font that the graphics have, which is that of the letters
   * @param context by which they are drawn
   */
  Optional<Text> read(Shape shape, Font font, FontRenderContext context) {
    if (!(shape instanceof Path2D)) {
      return Optional.empty();
    }
    Set<String> old = learned.computeIfAbsent(font, each -> new LinkedHashSet<>());
    for (String text : words) {
      if (old.add(text)) {
        learn(text, font, context);
      }
    }
    return Optional.ofNullable(known.get(new Outline(font, points(shape))));
  }

  private void learn(String text, Font font, FontRenderContext context) {
    TextLayout layout = new TextLayout(text, font, context);
    for (double turn : turns) {
      AffineTransform turned = turn == 0 ? null : AffineTransform.getRotateInstance(turn);
      known.putIfAbsent(new Outline(font, points(layout.getOutline(turned))), new Text(text, turn));
    }
  }

  private static String points(Shape shape) {
    StringBuilder points = new StringBuilder();
    float[] numbers = new float[6];
    for (PathIterator path = shape.getPathIterator(null); !path.isDone(); path.next()) {
      Arrays.fill(numbers, 0);
      points.append(path.currentSegment(numbers)).append(Arrays.toString(numbers));
    }
    return points.toString();
  }
}
