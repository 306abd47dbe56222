package storyloom.pipeline.corpus.report;

import java.util.List;

/**
 * How long texts are. Unit: words parted by white space.
 *
 * @param texts how many there are
 * @param mean their mean length; 0 where there are none
 * @param median a length that half of the texts do not exceed, to within 6 %
 * @param most95 a length that 95 % of the texts do not exceed, to within 6 %
 * @param longest the greatest length
 * @param histogram how many texts there are of which length, the shortest first, without gaps
 */
public record Lengths(
    long texts, double mean, long median, long most95, long longest, List<Bar> histogram) {

  public Lengths {
    histogram = List.copyOf(histogram);
  }

  /**
   * Texts of similar length.
   *
   * @param from least length
   * @param to greatest length
   * @param texts how many there are
   */
  public record Bar(long from, long to, long texts) {}
}
