package storyloom.model.nn.layer;

import java.util.Arrays;
import java.util.List;
import storyloom.model.nn.kernel.Matrix;

/**
 * The different words of a prompt that a story may copy, and where each stands in it. Immutable.
 *
 * @param ids the words in the order in which they first stand there
 * @param numbers for each of the prompt's S tokens, which of the words it is; −1 for a mark
 */
public record CopyWords(int[] ids, int[] numbers) {

  /**
   * The words of a prompt's ids.
   *
   * @param marks ids that are not copied
   */
  public static CopyWords of(List<Integer> marks, int... prompt) {
    int[] ids = Arrays.stream(prompt).filter(id -> !marks.contains(id)).distinct().toArray();
    int[] numbers = Arrays.stream(prompt).map(id -> number(ids, id)).toArray();
    return new CopyWords(ids, numbers);
  }

  private static int number(int[] ids, int id) {
    int number = ids.length - 1;
    while (number >= 0 && ids[number] != id) {
      number--;
    }
    return number;
  }

  /** Which of the words an id is; −1 if none. */
  public int number(int id) {
    return number(ids, id);
  }

  /**
   * The share of each word: the weights of its places added.
   *
   * @param weights [T,S], or more columns
   * @param row whose weights
   */
  public double[] shares(Matrix weights, int row) {
    double[] shares = new double[ids.length];
    for (int s = 0; s < numbers.length; s++) {
      if (numbers[s] >= 0) {
        shares[numbers[s]] += weights.get(row, s);
      }
    }
    return shares;
  }

  /** The share of the marks; exactly 0 where there is none. */
  public double ofMarks(Matrix weights, int row) {
    double share = 0;
    for (int s = 0; s < numbers.length; s++) {
      share += numbers[s] < 0 ? weights.get(row, s) : 0;
    }
    return share;
  }

  /**
   * The reverse of {@link #shares} for one word and of {@link #ofMarks}.
   *
   * @param id the word; may be none of these
   * @param byShare gradient by its share
   * @param byMarks gradient by the share of the marks
   * @param dWeights [T,S], added to
   */
  void add(int id, double byShare, double byMarks, Matrix dWeights, int row) {
    int number = number(id);
    for (int s = 0; s < numbers.length; s++) {
      if (numbers[s] < 0 || numbers[s] == number) {
        double gradient = numbers[s] < 0 ? byMarks : byShare;
        dWeights.set(row, s, dWeights.get(row, s) + gradient);
      }
    }
  }
}
