package storyloom.model.nn.kernel;

/**
 * Which numbers dropout zeroes: a pure function of a key and a position, so that the backward pass,
 * a retried task and a resumed run draw the very same numbers, whatever the thread.
 *
 * @param key names the draw: seed, minibatch and place in the network, mixed
 * @param rate share of numbers zeroed, 0 to below 1
 */
public record DropoutStream(long key, double rate) {

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  /** As many as there are multiples of 2⁻⁵³ in [0, 1). */
  private static final double DRAWS = 0x1p53;

  /** Two keys as one; the order counts. */
  public static long mix(long key, long part) {
    return scramble(key + GOLDEN * (part + 1));
  }

  /** Whether the number at this position is zeroed. */
  public boolean drops(long position) {
    return draw(position) < limit();
  }

  /**
   * The same for a loop without branches, which take several times as long where no processor can
   * tell how they go.
   *
   * @param limit what {@link #limit} gives
   * @return all bits where the number stays, none where it is zeroed
   */
  int keptBits(long position, long limit) {
    return (int) ~((draw(position) - limit) >> 63);
  }

  /** Which draws zero a number: those below. */
  long limit() {
    return (long) Math.ceil(rate * DRAWS);
  }

  /** By how much the numbers that stay are multiplied, so that the mean stays. */
  public double scale() {
    return 1 / (1 - rate);
  }

  /** Uniform over [0, {@link #DRAWS}). */
  private long draw(long position) {
    return scramble(key + GOLDEN * position) >>> 11;
  }

  /** The finaliser of SplitMix64 (Steele, Lea and Flood 2014). */
  private static long scramble(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
