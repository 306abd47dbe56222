package storyloom.model.decode.search;

import java.util.Arrays;

/**
 * The few largest of many numbers, largest first, of equal ones the lower id: by partial selection.
 * Numbers that beat the k-th best so far are collected, and sorted whenever there are 2k of them.
 */
final class TopK {

  private static final long ID_BITS = 0xFFFFFFFFL;

  private TopK() {}

  /**
   * @param numbers −∞ is never taken
   * @param most how many at most
   * @return ids, fewer than {@code most} where there are no more
   */
  static int[] of(float[] numbers, int most) {
    int k = Math.min(most, numbers.length);
    long[] found = new long[2 * k];
    int count = 0;
    float least = Float.NEGATIVE_INFINITY;
    for (int id = 0; id < numbers.length; id++) {
      if (numbers[id] > least) {
        found[count++] = key(numbers[id], id);
        if (count == found.length) {
          Arrays.sort(found);
          count = k;
          least = numbers[(int) (found[k - 1] & ID_BITS)];
        }
      }
    }
    Arrays.sort(found, 0, count);
    int[] ids = new int[Math.min(k, count)];
    for (int i = 0; i < ids.length; i++) {
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
}
