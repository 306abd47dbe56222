package storyloom.jobs.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Point;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import storyloom.model.decode.AttentionMap;

class AttentionChartTest {

  /** A map of words of one length, all of whose attention goes to one token at each step. */
  private static AttentionMap map(int prompt, int story, int looksAt) {
    float[][] weights = new float[story][prompt];
    for (float[] row : weights) {
      row[looksAt] = 1;
    }
    return new AttentionMap(words(prompt), words(story), weights);
  }

  /** Side of a square in the file. */
  private static final int CELL = Picture.SHARPNESS * AttentionChart.CELL;

  private static List<String> words(int count) {
    return Collections.nCopies(count, "word");
  }

  private static BufferedImage picture(AttentionMap map) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(AttentionChart.png(map)));
  }

  /** The first point, from above, in the colour of the largest weight. */
  private static Point darkest(BufferedImage picture) {
    int full = ChartColor.FULL.light().getRGB();
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        if (picture.getRGB(x, y) == full) {
          return new Point(x, y);
        }
      }
    }
    throw new AssertionError("there is no such point");
  }

  @Test
  void aSquareIsDarkWhereTheStoryLookedAtThePrompt() throws IOException {
    Point first = darkest(picture(map(6, 3, 0)));
    Point fifth = darkest(picture(map(6, 3, 4)));

    assertThat(fifth.x - first.x).isEqualTo(4 * CELL);
    assertThat(fifth.y).isEqualTo(first.y);
  }

  @Test
  void storiesGoDown() throws IOException {
    AttentionMap late =
        new AttentionMap(words(2), words(3), new float[][] {{0.6f, 0.4f}, {0.5f, 0.5f}, {0, 1}});

    Point first = darkest(picture(map(2, 3, 1)));
    Point last = darkest(picture(late));

    assertThat(last.y - first.y).isEqualTo(2 * CELL);
    assertThat(last.x).isEqualTo(first.x);
  }

  @Test
  void squaresKeepTheirSizeForLongTexts() throws IOException {
    BufferedImage small = picture(map(20, 10, 0));
    BufferedImage large = picture(map(64, 110, 0));

    assertThat(large.getWidth() - small.getWidth()).isEqualTo(44 * CELL);
    assertThat(large.getHeight() - small.getHeight()).isEqualTo(100 * CELL);
  }

  @Test
  void longWordsGetTheirRoomUpToABound() throws IOException {
    int usual = darkest(picture(map(20, 2, 0))).x;
    float[][] weights = new float[2][20];
    weights[0][0] = 1;
    List<String> longer = List.of("w".repeat(20), "word");
    List<String> longest = List.of("w".repeat(4000), "word");

    int wider = darkest(picture(new AttentionMap(words(20), longer, weights))).x;
    int widest = darkest(picture(new AttentionMap(words(20), longest, weights))).x;

    assertThat(wider).isGreaterThan(usual);
    assertThat(widest).isBetween(wider, Picture.SHARPNESS * 300);
  }

  @Test
  void textsBeyondAllReadingAreCut() throws IOException {
    assertThat(picture(map(1, 10 * AttentionChart.MOST, 0)).getHeight())
        .isEqualTo(picture(map(1, AttentionChart.MOST, 0)).getHeight());
  }

  @Test
  void anyScriptCanBeDrawn() throws IOException {
    List<String> tokens = List.of("\uD83D\uDC09", "\u05E9\u05DC\u05D5\u05DD", "物語", "<newline>");
    float[][] weights = new float[4][4];
    IntStream.range(0, 4).forEach(t -> weights[t][t] = 1);

    assertThat(picture(new AttentionMap(tokens, tokens, weights)).getHeight())
        .isGreaterThan(4 * CELL);
  }

  @Test
  void aPageGetsShapesInItsOwnColoursAndNoNameTwice() {
    String one = AttentionChart.svg(map(6, 3, 0)).svg();

    assertThat(one).startsWith("<svg").contains("viewBox", "var(--chart-full, #12355b)", ">word<");
    assertThat(one).doesNotContain("rgb(18,53,91)");
    assertThat(AttentionChart.svg(map(6, 3, 0)).svg()).isEqualTo(one);
  }

  @Test
  void aMapHasATitleNamesOfItsAxesAndALegend() {
    assertThat(AttentionChart.svg(map(6, 3, 0)).svg())
        .contains(">What the model looked at<", ">prompt →<", ">story ↓<", ">weight, 0 to ");
  }
}
