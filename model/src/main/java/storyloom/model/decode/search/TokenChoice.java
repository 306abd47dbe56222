package storyloom.model.decode.search;

import storyloom.model.text.token.Vocabulary;

/** Chooses the next token of a row. */
public interface TokenChoice {

  /**
   * The next token; {@code <end>} where all are forbidden.
   *
   * @param next what may be written
   * @param stream the row's own random numbers
   */
  int choose(NextTokenLogits next, RandomStream stream);

  /** The likeliest token; of equal ones the lower id. */
  static int likeliest(NextTokenLogits next, RandomStream unused) {
    float[] numbers = next.numbers();
    int likeliest = Vocabulary.END; // those before are never allowed
    float most = numbers[likeliest];
    for (int id = Vocabulary.FIRST_WORD; id < numbers.length; id++) {
      if (numbers[id] > most) {
        likeliest = id;
        most = numbers[id];
      }
    }
    return likeliest;
  }
}
