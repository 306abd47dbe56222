package storyloom.model.eval;

import storyloom.model.nn.loss.LossTally;

/**
 * How well a model predicts the stories of a split.
 *
 * @param model version of the model
 * @param pairs pairs that were scored
 * @param skipped pairs whose prompt has no token, which the model cannot read
 * @param tally of all target tokens: those of the stories, and an {@code <end>} each
 * @param words words of the stories, separated by white space, and one for the end of each
 * @param unknown target tokens that the vocabulary lacks
 * @param unknownTypes how many different ones there are of these
 * @param copied how many of the unknown ones stand in their prompts, for a model that copies; 0 for
 *     others
 */
public record Evaluation(
    String model,
    long pairs,
    long skipped,
    LossTally tally,
    long words,
    long unknown,
    long unknownTypes,
    long copied) {

  /**
   * Mean negative log-likelihood of a target token, all that the vocabulary lacks counted as one,
   * {@code <OOV>}.
   */
  public double nllPerToken() {
    return tally.loss();
  }

  /** exp of {@link #nllPerToken}; vocabularies of different sizes cannot be compared by it. */
  public double perplexityPerToken() {
    return tally.perplexity();
  }

  /**
   * Perplexity per word, comparable between tokenizers and vocabularies: to predict {@code <OOV>}
   * is not enough, which of the unknown words it is costs ln({@link #unknownTypes}) more; a word
   * that is copied has a probability of its own.
   */
  public double perplexityPerWord() {
    return perplexityPerWord(tally, words, unknown - copied, unknownTypes);
  }

  /**
   * The same of a tally, where it is known what else stands in the split.
   *
   * @param spelled tokens that the vocabulary lacks and the model cannot copy
   */
  public static double perplexityPerWord(
      LossTally tally, long words, long spelled, long unknownTypes) {
    double spelling = spelled == 0 ? 0 : spelled * Math.log((double) unknownTypes);
    return Math.exp((tally.ownNll() + spelling) / words);
  }

  /** Share of the target tokens that the model thought the likeliest. */
  public double accuracy() {
    return tally.accuracy();
  }

  /** Share of the target tokens that the vocabulary lacks. */
  public double oovRate() {
    return (double) unknown / tally.tokens();
  }
}
