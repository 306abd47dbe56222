package storyloom.model.decode.search;

import java.util.Arrays;

/**
 * The few largest of many numbers, largest first, of equal ones the lower id: by partial selection.
 * Numbers that may be among them are collected, and sorted whenever there are 2k.
 */
final class TopK {

  private static final long ID_BITS = 0xFFFFFFFFL;

  private final int most;
  private final long[] found;
  private int count;
  private float least = Float.NEGATIVE_INFINITY;

  /**
   * @param most k, at least 1
   */
  TopK(int most) {
    this.most = most;
    this.found = new long[2 * most];
  }

  /**
   * Looks at some numbers more, in whatever order.
   *
   * @param numbers the first {@code length} of them; −∞ is never taken
   * @param first id of the first
   */
  void offer(float[] numbers, int length, int first) {
    for (int i = 0; i < length; i++) {
      if (numbers[i] >= least && numbers[i] > Float.NEGATIVE_INFINITY) {
        found[count++] = key(numbers[i], first + i);
        if (count == found.length) {
          keepLargest();
        }
      }
    }
    keepLargest();
  }

  private void keepLargest() {
    if (count > 1) {
      Arrays.sort(found, 0, count);
    }
    if (count >= most) {
      count = most;
      least = number(found[most - 1]);
    }
  }

  /** The k-th largest so far, below which none can be among them; −∞ before there are k. */
  float least() {
    return least;
  }

  /** Ids of the largest so far. */
  int[] ids() {
    int[] ids = new int[count];
    for (int i = 0; i < count; i++) {
      ids[i] = (int) (found[i] & ID_BITS);
    }
    return ids;
  }

  /** Smaller for larger numbers, then for lower ids. */
  private static long key(float number, int id) {
    int bits = Float.floatToIntBits(number + 0f); // −0 becomes 0, which it equals
    int ascending = bits < 0 ? bits ^ Integer.MAX_VALUE : bits;
    return ((long) ~ascending << 32) | id;
  }

  private static float number(long key) {
    int ascending = ~(int) (key >> 32);
    return Float.intBitsToFloat(ascending < 0 ? ascending ^ Integer.MAX_VALUE : ascending);
  }
}
