package storyloom.model.decode.search;

import java.io.Serializable;
import storyloom.model.text.token.Vocabulary;

/**
 * Draws the next token by the model's probabilities: sharpened or flattened by the temperature,
 * then cut to the likeliest k (Fan et al. 2018), then to those that are not far less likely than
 * the likeliest (min-p: Nguyen et al. 2024), then to the smallest set of the likeliest whose share
 * of what is left reaches p (Holtzman et al. 2020).
 *
 * @param temperature logits are divided by it, above 0
 * @param topK draw from this many of the likeliest tokens; 0 for all
 * @param topP draw from the likeliest tokens that hold this share, above 0 to 1; 1 for all
 * @param minP draw from tokens with at least this share of the likeliest one's probability, 0 to 1;
 *     0 for all
 */
public record Sampling(double temperature, int topK, double topP, double minP)
    implements SingleSearch.TokenChoice, Serializable {

  /** Tokens that a nucleus is first looked for among, and by what more it grows. */
  private static final int NUCLEUS = 64;

  @Override
  public int choose(NextTokenLogits next, RandomStream stream) {
    double uniform = stream.next();
    int[] likeliest = next.likeliest(Math.max(1, topK));
    if (likeliest.length == 0) {
      return Vocabulary.END;
    }
    if (topK > 0) {
      double sum = weigh(next, likeliest);
      return topP < 1
          ? fromNucleus(next, likeliest, uniform, sum)
          : drawn(next, likeliest, likeliest.length, uniform * sum);
    }
    double sum = weighAll(next, next.number(likeliest[0]));
    return topP < 1
        ? fromNucleus(next, uniform, sum)
        : drawnFromAll(next, likeliest[0], uniform * sum);
  }

  /**
   * @param ids the likeliest first
   */
  private double weigh(NextTokenLogits next, int[] ids) {
    float most = next.number(ids[0]);
    double sum = 0;
    for (int id : ids) {
      next.weights()[id] = weight(next.number(id), most);
      sum += next.weights()[id];
    }
    return sum;
  }

  /**
   * A token's share of the likeliest one's probability, 0 if it is too small.
   *
   * @param most the likeliest one's logit
   */
  private double weight(float number, float most) {
    double weight = Math.exp((number - most) / temperature);
    return weight < minP ? 0 : weight;
  }

  private double weighAll(NextTokenLogits next, float most) {
    float[] numbers = next.numbers();
    double[] weights = next.weights();
    double sum = 0;
    for (int id = 0; id < numbers.length; id++) {
      weights[id] = weight(numbers[id], most);
      sum += weights[id];
    }
    return sum;
  }

  /** From all tokens, of which only the likeliest are sorted, as many as are needed. */
  private int fromNucleus(NextTokenLogits next, double uniform, double sum) {
    int count = NUCLEUS;
    int[] ids = next.likeliest(count);
    while (ids.length == count && share(next, ids) < topP * sum) {
      count *= NUCLEUS;
      ids = next.likeliest(count);
    }
    return fromNucleus(next, ids, uniform, sum);
  }

  private static double share(NextTokenLogits next, int[] ids) {
    double share = 0;
    for (int id : ids) {
      share += next.weights()[id];
    }
    return share;
  }

  private int fromNucleus(NextTokenLogits next, int[] ids, double uniform, double sum) {
    int count = 0;
    double share = 0;
    while (count < ids.length && share < topP * sum) {
      share += next.weights()[ids[count++]];
    }
    return drawn(next, ids, count, uniform * share);
  }

  private static int drawn(NextTokenLogits next, int[] ids, int count, double at) {
    double left = at;
    for (int i = 0; i < count; i++) {
      left -= next.weights()[ids[i]];
      if (left < 0) {
        return ids[i];
      }
    }
    return ids[0];
  }

  /** The likeliest stands first, so that few weights are looked at where one outweighs the rest. */
  private static int drawnFromAll(NextTokenLogits next, int likeliest, double at) {
    double[] weights = next.weights();
    double left = at - weights[likeliest];
    for (int id = 0; id < weights.length && left >= 0; id++) {
      left -= id == likeliest ? 0 : weights[id];
      if (left < 0) {
        return id;
      }
    }
    return likeliest;
  }
}
