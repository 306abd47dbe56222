package storyloom.model.decode;

import storyloom.model.decode.DecodeSettings.Strategy;
import storyloom.model.text.Vocabulary;

/**
 * Chooses the next token of a row from its logits. {@code <pad>}, {@code <OOV>} and {@code <start>}
 * are never chosen; of equal logits the lower id wins.
 */
final class TokenChoice {

  private final DecodeSettings settings;
  private final float[] logits;
  private final int[] best;
  private final double[] weights;

  /**
   * @param vocabulary V
   */
  TokenChoice(DecodeSettings settings, int vocabulary) {
    this.settings = settings;
    this.logits = new float[vocabulary];
    int candidates = settings.topK() == 0 ? vocabulary : Math.min(settings.topK(), vocabulary);
    this.best = new int[candidates];
    this.weights = new double[candidates];
  }

  /** Where a row's V logits go before {@link #next}; they are overwritten. */
  float[] logits() {
    return logits;
  }

  /**
   * The next token.
   *
   * @param written tokens the row has so far
   * @param stream the row's own random numbers
   */
  int next(int written, RowStream stream) {
    logits[Vocabulary.PAD] = Float.NEGATIVE_INFINITY;
    logits[Vocabulary.OOV] = Float.NEGATIVE_INFINITY;
    logits[Vocabulary.START] = Float.NEGATIVE_INFINITY;
    if (written < settings.minTokens()) {
      logits[Vocabulary.END] = Float.NEGATIVE_INFINITY;
    }
    return settings.strategy() == Strategy.GREEDY ? likeliest() : drawn(stream.next());
  }

  private int likeliest() {
    int likeliest = Vocabulary.END;
    for (int id = Vocabulary.END; id < logits.length; id++) {
      if (logits[id] > logits[likeliest]) {
        likeliest = id;
      }
    }
    return likeliest;
  }

  private int drawn(double uniform) {
    int count = select();
    double sum = 0;
    for (int i = 0; i < count; i++) {
      weights[i] = Math.exp((logits[best[i]] - logits[best[0]]) / settings.temperature());
      sum += weights[i];
    }
    double left = uniform * sum;
    for (int i = 0; i < count; i++) {
      left -= weights[i];
      if (left < 0) {
        return best[i];
      }
    }
    return best[0];
  }

  /** Puts the likeliest ids first into {@link #best}, by insertion: k is small. */
  private int select() {
    if (best.length == logits.length) {
      return selectAll();
    }
    int count = 0;
    for (int id = Vocabulary.END; id < logits.length; id++) {
      if (logits[id] == Float.NEGATIVE_INFINITY
          || (count == best.length && logits[id] <= logits[best[count - 1]])) {
        continue;
      }
      int place = count < best.length ? count++ : count - 1;
      while (place > 0 && logits[best[place - 1]] < logits[id]) {
        best[place] = best[place - 1];
        place--;
      }
      best[place] = id;
    }
    return count;
  }

  private int selectAll() {
    int likeliest = likeliest();
    best[0] = likeliest;
    int count = 1;
    for (int id = Vocabulary.END; id < logits.length; id++) {
      if (id != likeliest && logits[id] != Float.NEGATIVE_INFINITY) {
        best[count++] = id;
      }
    }
    return count;
  }
}
