package storyloom.bench;

import storyloom.model.UserException;
import storyloom.model.nn.config.Seq2SeqConfig;

/**
 * The classic model whose number of parameters comes nearest to a wanted one. With E = H = h and a
 * full softmax it has V·(4h + 1) + 8h·(2h + 1): two embeddings and the output layer, two LSTMs.
 */
final class NearestModel {

  private static final int LARGEST = 256;
  private static final int FEWEST = 200;

  private NearestModel() {}

  /**
   * A model without dropout: h is 256, or the half of it, and so on, until the vocabulary is at
   * least 4h; V makes up the number.
   *
   * @throws UserException of usage if there is none that is worth the name
   */
  static Seq2SeqConfig of(long parameters) {
    if (parameters < FEWEST) {
      throw UserException.usage(
          "--parameters must be at least %d, not %d".formatted(FEWEST, parameters));
    }
    int size = LARGEST;
    while (vocabulary(parameters, size) < 4L * size) {
      size /= 2;
    }
    long vocabulary = vocabulary(parameters, size);
    if (vocabulary > Integer.MAX_VALUE) {
      throw UserException.usage("--parameters is too large: " + parameters);
    }
    return new Seq2SeqConfig((int) vocabulary, size, size, 0);
  }

  /** The number of parameters of a model as made here. */
  static long parameters(Seq2SeqConfig model) {
    return lstms(model.hidden()) + (4L * model.hidden() + 1) * model.vocabulary();
  }

  private static long vocabulary(long parameters, int size) {
    return Math.round((parameters - lstms(size)) / (4.0 * size + 1));
  }

  private static long lstms(long size) {
    return 8 * size * (2 * size + 1);
  }
}
