package storyloom.model.nn.attention;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Cosines and sines of the angles by which heads of a width are turned, position by position. A
 * table is made when one of its positions is first asked for, and shared.
 */
final class RotaryTable {

  private static final int FEWEST = 256;

  private static final Map<Integer, RotaryTable> BY_WIDTH = new ConcurrentHashMap<>();

  private final float[][] cosines;
  private final float[][] sines;

  private RotaryTable(int width, int positions) {
    cosines = new float[positions][width / 2];
    sines = new float[positions][width / 2];
    for (int i = 0; i < width / 2; i++) {
      double turn = Math.pow(BlockLoops.SLOWEST, -2.0 * i / width);
      for (int position = 0; position < positions; position++) {
        cosines[position][i] = (float) Math.cos(position * turn);
        sines[position][i] = (float) Math.sin(position * turn);
      }
    }
  }

  /**
   * A table of at least so many positions.
   *
   * @param width d, of a head
   */
  static RotaryTable of(int width, int positions) {
    RotaryTable known = BY_WIDTH.get(width);
    if (known == null || known.cosines.length < positions) {
      known = new RotaryTable(width, Math.max(FEWEST, 2 * positions));
      BY_WIDTH.put(width, known);
    }
    return known;
  }

  /** [d/2]; not to be changed. */
  float[] cosines(int position) {
    return cosines[position];
  }

  /** [d/2]; not to be changed. */
  float[] sines(int position) {
    return sines[position];
  }
}
