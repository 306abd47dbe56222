package storyloom.model.nn;

import java.io.Serializable;
import storyloom.model.UserException;

/**
 * How a graph is trained.
 *
 * @param learningRate Adam's learning rate
 * @param clip largest norm of the gradient of all weights together
 * @param seed seed of the initial weights and of dropout
 */
public record Optimisation(double learningRate, double clip, long seed) implements Serializable {

  /**
   * @throws UserException if a number is not positive; the message names the key
   */
  public Optimisation {
    requirePositive("train.learning-rate", learningRate);
    requirePositive("train.clip", clip);
  }

  private static void requirePositive(String key, double value) {
    if (!(value > 0)) {
      throw UserException.usage(key + " must be above 0, not " + value);
    }
  }
}
