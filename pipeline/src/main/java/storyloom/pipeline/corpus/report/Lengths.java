package storyloom.pipeline.corpus.report;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How long texts are. Unit: words, separated by white space.
 *
 * @param texts how many there are
 * @param mean their mean length; 0 if there are none
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

  /**
   * Counts lengths in a memory that does not grow with their number: each length below 32 by
   * itself, longer ones in sixteenths of an octave.
   */
  public static final class Sketch implements Serializable {

    private static final int EXACT = 32;
    private static final int PARTS = 16;
    private static final int FIRST_OCTAVE = 5;

    private final long[] counts = new long[EXACT + (31 - FIRST_OCTAVE) * PARTS];
    private long sum;
    private int longest;

    /** Counts a text. */
    public void add(int length) {
      counts[slot(length)]++;
      sum += length;
      longest = Math.max(longest, length);
    }

    /** Adds what another sketch has counted. */
    public void add(Sketch other) {
      for (int i = 0; i < counts.length; i++) {
        counts[i] += other.counts[i];
      }
      sum += other.sum;
      longest = Math.max(longest, other.longest);
    }

    /** The lengths of all texts counted. */
    public Lengths lengths() {
      long texts = Arrays.stream(counts).sum();
      return new Lengths(
          texts,
          texts == 0 ? 0 : (double) sum / texts,
          quantile(0.5, texts),
          quantile(0.95, texts),
          longest,
          histogram());
    }

    private long quantile(double share, long texts) {
      long below = 0;
      for (int slot = 0; slot < counts.length; slot++) {
        below += counts[slot];
        if (below > 0 && below >= share * texts) {
          return Math.min(first(slot + 1) - 1, longest);
        }
      }
      return 0;
    }

    /** Two bars an octave, from the shortest text to the longest. */
    private List<Bar> histogram() {
      List<Bar> bars = new ArrayList<>();
      long from = 0;
      int slot = 0;
      while (from <= longest) {
        long next = next(from);
        long texts = 0;
        for (; slot < counts.length && first(slot) < next; slot++) {
          texts += counts[slot];
        }
        if (texts > 0 || !bars.isEmpty()) {
          bars.add(new Bar(from, next - 1, texts));
        }
        from = next;
      }
      return bars;
    }

    /**
     * Where the bar after the one that begins here begins: about √2 further, where a slot begins.
     */
    private static long next(long from) {
      if (from < 4) {
        return from + 1;
      }
      long octave = Long.highestOneBit(from);
      return from == octave ? (octave * 23 + 7) / PARTS : 2 * octave;
    }

    private static int slot(int length) {
      if (length < EXACT) {
        return length;
      }
      int octave = 31 - Integer.numberOfLeadingZeros(length);
      return EXACT + (octave - FIRST_OCTAVE) * PARTS + (length >> (octave - 4)) - PARTS;
    }

    /** The least length that is counted in a slot. */
    private static long first(int slot) {
      if (slot < EXACT) {
        return slot;
      }
      int octave = FIRST_OCTAVE + (slot - EXACT) / PARTS;
      return (long) (PARTS + (slot - EXACT) % PARTS) << (octave - 4);
    }
  }
}
