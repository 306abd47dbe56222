package storyloom.model.nn.layer;

import java.util.Arrays;
import storyloom.model.nn.kernel.Matrix;

/**
 * The different words of a prompt, and where each stands in it. Immutable.
 *
 * @param ids the words in the order in which they first stand there
 * @param numbers for each of the prompt's S tokens, which of the words it is
 */
public record CopyWords(int[] ids, int[] numbers) {

  /** The words of a prompt's ids. */
  public static CopyWords of(int... prompt) {
    int[] ids = Arrays.stream(prompt).distinct().toArray();
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
      shares[numbers[s]] += weights.get(row, s);
    }
    return shares;
  }

  /**
   * The reverse of {@link #shares} for one word.
   *
   * @param id the word; nothing is done if it is none of these
   * @param gradient by its share
   * @param dWeights [T,S], added to
   */
  void add(int id, double gradient, Matrix dWeights, int row) {
    int number = number(id);
    for (int s = 0; number >= 0 && s < numbers.length; s++) {
      if (numbers[s] == number) {
        dWeights.set(row, s, dWeights.get(row, s) + gradient);
      }
    }
  }
}
