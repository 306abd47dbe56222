package storyloom.jobs.chart;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;
import storyloom.model.decode.AttentionMap;

/**
 * A story's attention as a picture: the prompt's tokens from left to right, the story's from top to
 * bottom, and where they meet a square, the darker the more the one was drawn from the other. It is
 * drawn without a screen. Squares and letters keep their size, however many there are.
 */
public final class AttentionChart {

  /** Tokens of a prompt or a story that are shown; of longer ones the first. */
  static final int MOST = 250;

  /** Side of a square. Unit: pixels. */
  public static final int CELL = 18;

  /** Colour of the largest weight; that of 0 is white. */
  static final Color FULL = new Color(0x12355B);

  /** Longest label; the rest of a longer one becomes an ellipsis. Unit: pixels. */
  private static final int LABEL = 220;

  private static final int MARGIN = 16;
  private static final int GAP = 6;
  private static final int SCALE = 120;
  private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
  private static final Color GRID = new Color(0xE4E7EB);

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
    left = MARGIN + widest(story) + GAP;
    top = MARGIN + widest(prompt) + GAP;
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
    System.setProperty("java.awt.headless", "true");
    return Picture.png(new AttentionChart(map).image());
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

  private BufferedImage image() {
    String legend = legend();
    int right = Math.max(prompt.size() * CELL, SCALE + GAP + metrics.stringWidth(legend));
    int bottom = top + story.size() * CELL + 2 * GAP;
    BufferedImage image =
        new BufferedImage(
            left + right + MARGIN, bottom + CELL + MARGIN, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setColor(Color.WHITE);
      graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
      graphics.setFont(FONT);
      graphics.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      paintSquares(graphics);
      paintLabels(graphics);
      paintScale(graphics, bottom, legend);
      return image;
    } finally {
      graphics.dispose();
    }
  }

  private void paintSquares(Graphics2D graphics) {
    for (int t = 0; t < story.size(); t++) {
      for (int s = 0; s < prompt.size(); s++) {
        int x = left + s * CELL;
        int y = top + t * CELL;
        graphics.setColor(shade(map.weights()[t][s] / most));
        graphics.fillRect(x, y, CELL, CELL);
        graphics.setColor(GRID);
        graphics.drawRect(x, y, CELL, CELL);
      }
    }
  }

  private void paintLabels(Graphics2D graphics) {
    graphics.setColor(Color.BLACK);
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

  private void paintScale(Graphics2D graphics, int y, String legend) {
    for (int x = 0; x < SCALE; x++) {
      graphics.setColor(shade((float) x / (SCALE - 1)));
      graphics.fillRect(left + x, y, 1, CELL);
    }
    graphics.setColor(GRID);
    graphics.drawRect(left, y, SCALE, CELL);
    graphics.setColor(Color.BLACK);
    graphics.drawString(legend, left + SCALE + GAP, y + baseline());
  }

  private String legend() {
    String scale = "0 to %.2f".formatted(most);
    return map.prompt().size() > MOST || map.story().size() > MOST
        ? scale + "; the first %d tokens".formatted(MOST)
        : scale;
  }

  /** Where letters stand in a square so that they are in its middle. */
  private int baseline() {
    return (CELL + metrics.getAscent() - metrics.getDescent()) / 2;
  }

  private static Color shade(float share) {
    return new Color(
        channel(FULL.getRed(), share),
        channel(FULL.getGreen(), share),
        channel(FULL.getBlue(), share));
  }

  private static int channel(int full, float share) {
    return Math.round(255 + share * (full - 255));
  }
}
