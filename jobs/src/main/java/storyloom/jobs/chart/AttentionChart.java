package storyloom.jobs.chart;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.List;
import storyloom.model.decode.AttentionMap;

/**
 * A story's attention as a picture: the prompt's tokens from left to right, the story's from top to
 * bottom, and where they meet a square, the fuller the more the one was drawn from the other. It is
 * drawn without a screen. Squares and letters keep their size, however many there are.
 */
public final class AttentionChart {

  /** Tokens of a prompt or a story that are shown; of longer ones the first. */
  static final int MOST = 250;

  /** Side of a square. Unit: pixels, before a file has more of them. */
  public static final int CELL = 18;

  /** Shades that are told apart, besides none. */
  private static final int SHADES = 32;

  /** Longest label; the rest of a longer one becomes an ellipsis. Unit: pixels. */
  private static final int LABEL = 220;

  private static final int MARGIN = 12;
  private static final int GAP = 6;
  private static final int SCALE = 120;
  private static final String TITLE = "What the model looked at";
  private static final String ACROSS = "prompt →";
  private static final String DOWN = "story ↓";
  private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
  private static final Font BOLD = FONT.deriveFont(Font.BOLD);

  private final AttentionMap map;
  private final FontMetrics metrics;
  private final List<String> prompt;
  private final List<String> story;
  private final int left;
  private final int top;
  private final float most;

  private AttentionChart(AttentionMap map) {
    this.map = map;
    Graphics2D graphics = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
    metrics = graphics.getFontMetrics(FONT);
    graphics.dispose();
    prompt = labels(map.prompt());
    story = labels(map.story());
    left = MARGIN + Math.max(widest(story), widest(List.of(DOWN))) + GAP;
    top = MARGIN + 2 * CELL + widest(prompt) + GAP;
    float largest = 0;
    for (float[] row : map.weights()) {
      for (float weight : row) {
        largest = Math.max(largest, weight);
      }
    }
    most = largest;
  }

  /** The picture as a PNG file. */
  public static byte[] png(AttentionMap map) {
    AttentionChart chart = new AttentionChart(map);
    return Picture.png(chart.width(), chart.height(), chart::paint);
  }

  /**
   * The picture in a page.
   *
   * @param svg the element
   * @param width how wide its letters want it. Unit: pixels
   */
  public record Element(String svg, int width) {}

  /** The picture as an SVG element. */
  public static Element svg(AttentionMap map) {
    AttentionChart chart = new AttentionChart(map);
    return new Element(Svg.of(chart.width(), chart.height(), chart::paint), chart.width());
  }

  private List<String> labels(List<String> tokens) {
    return tokens.stream().limit(MOST).map(this::label).toList();
  }

  private String label(String token) {
    String label = token;
    int end = token.length();
    while (metrics.stringWidth(label) > LABEL) {
      end = token.offsetByCodePoints(end, -1);
      label = token.substring(0, end) + "…";
    }
    return label;
  }

  private int widest(List<String> labels) {
    return labels.stream().mapToInt(metrics::stringWidth).max().orElse(0);
  }

  private int width() {
    int right = Math.max(prompt.size() * CELL, SCALE + GAP + metrics.stringWidth(legend()));
    int title = MARGIN + metrics.stringWidth(TITLE) * 6 / 5;
    return Math.max(title, left + right) + MARGIN;
  }

  private int height() {
    return bottom() + CELL + MARGIN;
  }

  /** Where the legend begins. */
  private int bottom() {
    return top + story.size() * CELL + 2 * GAP;
  }

  private void paint(Graphics2D graphics) {
    paintLabels(graphics);
    paintSquares(graphics);
    paintScale(graphics);
  }

  /** All squares of a shade are one shape: a page has thousands of them. */
  private void paintSquares(Graphics2D graphics) {
    graphics.setColor(ChartColor.GRID.light());
    Path2D lines = new Path2D.Float();
    int right = left + prompt.size() * CELL;
    int bottom = top + story.size() * CELL;
    for (int s = 0; s <= prompt.size(); s++) {
      lines.moveTo(left + s * CELL, top);
      lines.lineTo(left + s * CELL, bottom);
    }
    for (int t = 0; t <= story.size(); t++) {
      lines.moveTo(left, top + t * CELL);
      lines.lineTo(right, top + t * CELL);
    }
    graphics.draw(lines);
    for (int shade = 1; shade <= SHADES; shade++) {
      Path2D squares = squares(shade);
      if (squares.getCurrentPoint() != null) {
        graphics.setColor(shade(shade));
        graphics.fill(squares);
      }
    }
  }

  private Path2D squares(int shade) {
    Path2D squares = new Path2D.Float();
    for (int t = 0; t < story.size(); t++) {
      for (int s = 0; s < prompt.size(); s++) {
        if (Math.round(SHADES * map.weights()[t][s] / most) == shade) {
          square(squares, left + s * CELL, top + t * CELL, CELL);
        }
      }
    }
    return squares;
  }

  private static void square(Path2D path, int x, int y, int width) {
    path.moveTo(x, y);
    path.lineTo(x + width, y);
    path.lineTo(x + width, y + CELL);
    path.lineTo(x, y + CELL);
    path.closePath();
  }

  private void paintLabels(Graphics2D graphics) {
    graphics.setColor(ChartColor.INK.light());
    graphics.setFont(BOLD);
    graphics.drawString(TITLE, MARGIN, MARGIN + baseline());
    graphics.drawString(ACROSS, left, MARGIN + CELL + baseline());
    graphics.drawString(DOWN, MARGIN, top - CELL + baseline());
    graphics.setFont(FONT);
    for (int t = 0; t < story.size(); t++) {
      String label = story.get(t);
      int x = left - GAP - metrics.stringWidth(label);
      graphics.drawString(label, x, top + t * CELL + baseline());
    }
    Graphics2D turned = (Graphics2D) graphics.create();
    turned.rotate(-Math.PI / 2); // what was right is up now
    for (int s = 0; s < prompt.size(); s++) {
      turned.drawString(prompt.get(s), GAP - top, left + s * CELL + baseline());
    }
    turned.dispose();
  }

  private void paintScale(Graphics2D graphics) {
    int y = bottom();
    int width = SCALE / SHADES;
    for (int shade = 1; shade <= SHADES; shade++) {
      Path2D step = new Path2D.Float();
      square(step, left + (shade - 1) * width, y, width);
      graphics.setColor(shade(shade));
      graphics.fill(step);
    }
    graphics.setColor(ChartColor.GRID.light());
    graphics.drawRect(left, y, SHADES * width, CELL);
    graphics.setColor(ChartColor.INK.light());
    graphics.setFont(FONT);
    graphics.drawString(legend(), left + SCALE + GAP, y + baseline());
  }

  private String legend() {
    String scale = "weight, 0 to %.2f".formatted(most);
    return map.prompt().size() > MOST || map.story().size() > MOST
        ? scale + "; the first %d tokens".formatted(MOST)
        : scale;
  }

  /** Where letters stand in a square so that they are in its middle. */
  private int baseline() {
    return (CELL + metrics.getAscent() - metrics.getDescent()) / 2;
  }

  private static Color shade(int shade) {
    Color full = ChartColor.FULL.light();
    int opacity = Math.round(255f * shade / SHADES);
    return new Color(full.getRed(), full.getGreen(), full.getBlue(), opacity);
  }
}
