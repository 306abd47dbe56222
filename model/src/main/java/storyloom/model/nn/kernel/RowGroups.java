package storyloom.model.nn.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * The rows of a product in groups that a loop takes at a time, on the Java heap: of each group the
 * first number of every row, then the second, and so on.
 *
 * @param height rows of each group; all but the last groups have the largest height
 */
record RowGroups(int[] height, int[] first, float[][] numbers) {

  /**
   * @param heights rows of a group: of the first, while there are as many, and so on; the last is 1
   * @param inner K
   * @param a m rows each, side by side K wide
   */
  static RowGroups of(int[] heights, int inner, Matrix... a) {
    List<Integer> groups = new ArrayList<>();
    int left = a[0].rows();
    for (int each : heights) {
      for (; left >= each; left -= each) {
        groups.add(each);
      }
    }
    int[] height = groups.stream().mapToInt(Integer::intValue).toArray();
    int[] first = new int[height.length];
    float[][] numbers = new float[height.length][];
    for (int group = 0; group < height.length; group++) {
      first[group] = group == 0 ? 0 : first[group - 1] + height[group - 1];
      numbers[group] = interleaved(first[group], height[group], inner, a);
    }
    return new RowGroups(height, first, numbers);
  }

  private static float[] interleaved(int first, int height, int inner, Matrix... a) {
    float[] row = new float[inner];
    float[] all = height == 1 ? row : new float[height * inner];
    for (int r = 0; r < height; r++) {
      int at = 0;
      for (Matrix part : a) {
        part.floats().get(part.start(first + r), row, at, part.columns());
        at += part.columns();
      }
      if (height > 1) {
        for (int k = 0, to = r; k < inner; k++, to += height) {
          all[to] = row[k];
        }
      }
    }
    return all;
  }

  /** Number of groups. */
  int size() {
    return height.length;
  }
}
