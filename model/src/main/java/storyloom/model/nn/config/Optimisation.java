package storyloom.model.nn.config;

import java.io.Serializable;
import storyloom.model.UserException;

/**
 * How a graph is trained.
 *
 * @param learningRate Adam's learning rate, update by update
 * @param clip largest norm of the gradient of all weights together
 * @param labelSmoothing share of each target's probability that is spread evenly over all V tokens
 *     while training (Szegedy et al. 2016; PyTorch's {@code label_smoothing}); 0 for none
 * @param seed seed of the initial weights and of dropout
 * @param bfloat16 whether the factors of the large matrix products are rounded to bfloat16 while
 *     training, where the processor multiplies those by itself; sums stay in float
 */
public record Optimisation(
    LearningRate learningRate, double clip, double labelSmoothing, long seed, boolean bfloat16)
    implements Serializable {

  /**
   * @throws UserException if a number is out of its range; the message names the key
   */
  public Optimisation {
    if (!(clip > 0)) {
      throw UserException.usage("train.clip must be above 0, not " + clip);
    }
    if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
      throw UserException.usage(
          "train.label-smoothing must be at least 0 and below 1, not " + labelSmoothing);
    }
  }

  /** With all products in float. */
  public Optimisation(LearningRate learningRate, double clip, double labelSmoothing, long seed) {
    this(learningRate, clip, labelSmoothing, seed, false);
  }

  /** With one learning rate for all updates. */
  public Optimisation(double learningRate, double clip, double labelSmoothing, long seed) {
    this(LearningRate.constant(learningRate), clip, labelSmoothing, seed);
  }

  /** With one learning rate for all updates, without label smoothing. */
  public Optimisation(double learningRate, double clip, long seed) {
    this(learningRate, clip, 0, seed);
  }

  /**
   * Refuses what no model of this shape can be trained by.
   *
   * @throws UserException if there is label smoothing, and no full softmax to spread it over, or
   *     one that is mixed with copying; the message names both keys
   */
  public void requireFit(Seq2SeqConfig model) {
    if (labelSmoothing > 0 && !model.adaptiveSoftmax().isEmpty()) {
      throw UserException.usage(
          ("train.label-smoothing must be 0 where model.adaptive-softmax is set, not %s:"
                  + " an adaptive softmax has no likelihood of all tokens at hand to smooth")
              .formatted(labelSmoothing));
    }
    if (labelSmoothing > 0 && model.copy()) {
      throw UserException.usage(
          ("train.label-smoothing must be 0 where model.copy is true, not %s: what is copied has no"
                  + " likelihood of all tokens to smooth")
              .formatted(labelSmoothing));
    }
  }
}
