package storyloom.model.nn.output;

import java.util.Arrays;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.kernel.Parallel;
import storyloom.model.nn.layer.CopyOdds;
import storyloom.model.nn.layer.CopyVertex;
import storyloom.model.nn.layer.CopyWords;
import storyloom.model.nn.layer.Minibatch;
import storyloom.model.nn.loss.TokenLosses;

/**
 * Cross-entropy of a softmax over V tokens mixed with the words of the prompt.
 *
 * <pre>
 *   p(w)   = v·p_vocabulary(w) + (1 − g)·share(w)
 *   v      = g + (1 − g)·share of the marks,  g = σ(z)
 *   kept   = v·p_vocabulary(target) / p(target)
 *   copied = 1 − kept
 *   gradient by the logits              = kept · that of the softmax alone
 *   gradient by z                       = g·copied − (1 − g)·kept − share of the marks ·
 *                                         gradient by it
 *   gradient by the share of the target = −(1 − g) / p(target)
 *   gradient by the share of the marks  = −(1 − g)·p_vocabulary(target) / p(target)
 * </pre>
 *
 * <p>Ids from V on are words of the prompt that the vocabulary lacks: p_vocabulary of these is 0.
 * One that its prompt does not hold is {@code <OOV>}. Most targets do not stand in their prompt, so
 * that {@code kept} is 1 and their rows stay as they are. Source: See, Liu and Manning 2017,
 * equation 9. For one pass.
 */
final class CopyingLoss implements ChunkLoss {

  /**
   * In place of a p of 0, which a word has that nothing looks at; 1/p in gradients is bounded by
   * it.
   */
  private static final double LEAST = 1e-30;

  /** Tokens that are worth a thread. */
  private static final int PIECE = 64;

  private final CopyVertex copy;
  private double[] dGates;
  private double[] dShares;
  private double[] dMarks;

  CopyingLoss(CopyVertex copy) {
    this.copy = copy;
  }

  @Override
  public TokenLosses start(int[] targets) {
    dGates = new double[targets.length];
    dShares = new double[targets.length];
    dMarks = new double[targets.length];
    copy.learn(targets, dGates, dShares, dMarks);
    return TokenLosses.ofCopying(targets.length);
  }

  @Override
  public TokenLosses of(
      Kernel kernel, int from, Matrix logits, Matrix bias, int[] targets, double scale) {
    int vocabulary = logits.columns();
    int[] known = Minibatch.known(targets, vocabulary);
    double[][] ofWords = new double[targets.length][];
    double[] ofTargets = new double[targets.length];
    for (int i = 0; i < targets.length; i++) {
      ofTargets[i] = logit(logits, bias, i, known[i]);
      int[] words = copy.words(from + i).ids();
      ofWords[i] = new double[words.length];
      for (int k = 0; k < words.length; k++) {
        ofWords[i][k] = logit(logits, bias, i, words[k]);
      }
    }
    TokenLosses plain = kernel.softmaxCrossEntropy(logits, bias, known, scale, 0);
    TokenLosses mixed = TokenLosses.ofCopying(targets.length);
    double[] kept = new double[targets.length];
    Parallel.over(
        targets.length,
        PIECE,
        (first, last) -> {
          for (int i = first; i < last; i++) {
            Token token = new Token(from + i, targets[i], vocabulary, plain.nll()[i]);
            kept[i] = token.kept();
            dGates[from + i] = scale * token.byGate();
            dShares[from + i] = scale * token.byShare();
            dMarks[from + i] = scale * token.byMarks();
            mixed.nll()[i] = -token.logP;
            mixed.pooled()[i] = token.pooled();
            double logSum = plain.nll()[i] + ofTargets[i];
            mixed.least()[i] = token.least(plain.least()[i], ofWords[i], logSum);
          }
        });
    if (scale != 0) {
      kernel.scaleRows(kept, logits);
    }
    return mixed;
  }

  /** −∞ for a word that the vocabulary lacks. */
  private static double logit(Matrix logits, Matrix bias, int row, int id) {
    return id < logits.columns() ? logits.get(row, id) + bias.get(0, id) : Double.NEGATIVE_INFINITY;
  }

  /**
   * Mixes the words of the prompts into distributions over the vocabulary.
   *
   * @param probabilities [N,V+S], of which the first V columns are filled
   */
  void mix(Matrix probabilities, int vocabulary) {
    Kernel kernel = Kernel.of(probabilities);
    kernel.clear(probabilities.columns(vocabulary, probabilities.columns()));
    double[] ofVocabulary = new double[copy.gates().length];
    Arrays.setAll(ofVocabulary, token -> Math.exp(odds(token).ofVocabulary()));
    kernel.scaleRows(ofVocabulary, probabilities.columns(0, vocabulary));
    for (int token = 0; token < ofVocabulary.length; token++) {
      double ofPrompt = Math.exp(odds(token).ofPrompt());
      int[] ids = copy.words(token).ids();
      for (int k = 0; k < ids.length; k++) {
        double more = ofPrompt * copy.shares(token)[k];
        probabilities.set(token, ids[k], probabilities.get(token, ids[k]) + more);
      }
    }
  }

  private CopyOdds odds(int token) {
    return CopyOdds.of(copy.gates()[token], copy.ofMarks(token));
  }

  /** One token's target and the two ways to it. */
  private final class Token {

    private final int token;
    private final CopyWords words;
    private final double[] shares;
    private final int vocabulary;
    private final int target;
    private final int number;
    private final CopyOdds odds;
    private final double plainNll;
    private final double fromVocabulary;
    private final double fromPrompt;
    private final double logP;

    /**
     * @param plainNll −ln p_vocabulary of the target, or of {@code <OOV>} where it is none of V
     */
    Token(int token, int target, int vocabulary, double plainNll) {
      this.token = token;
      this.words = copy.words(token);
      this.shares = copy.shares(token);
      this.vocabulary = vocabulary;
      this.target = target;
      this.number = words.number(target);
      this.odds = odds(token);
      this.plainNll = plainNll;
      boolean onlyCopied = number >= 0 && target >= vocabulary;
      this.fromVocabulary = onlyCopied ? Double.NEGATIVE_INFINITY : odds.ofVocabulary() - plainNll;
      this.fromPrompt = odds.ofPrompt() + Math.log(share());
      double sum = CopyOdds.logOfSum(fromVocabulary, fromPrompt);
      this.logP = sum == Double.NEGATIVE_INFINITY ? Math.log(LEAST) : sum;
    }

    private double share() {
      return number < 0 ? 0 : shares[number];
    }

    /** The share of p that is the vocabulary's. */
    double kept() {
      return share() == 0 && fromVocabulary > Double.NEGATIVE_INFINITY
          ? 1
          : Math.exp(fromVocabulary - logP);
    }

    double byGate() {
      double copied = Math.exp(fromPrompt - logP);
      double rest = Math.exp(odds.ofPrompt());
      return (1 - rest) * copied - rest * (kept() - copy.ofMarks(token) * plainOfP());
    }

    double byMarks() {
      return -Math.exp(odds.ofPrompt()) * plainOfP();
    }

    /** p_vocabulary/p of the target. */
    private double plainOfP() {
      return fromVocabulary > Double.NEGATIVE_INFINITY
          ? Math.min(Math.exp(-plainNll - logP), 1 / LEAST)
          : 0;
    }

    double byShare() {
      return share() == 0 ? 0 : -Math.min(Math.exp(fromPrompt - logP) / share(), 1 / LEAST);
    }

    /** −ln p of the target, all words outside of the vocabulary being one. */
    double pooled() {
      if (target != Minibatch.OOV && target < vocabulary) {
        return -logP;
      }
      double unknown = 0;
      for (int k = 0; k < shares.length; k++) {
        int id = words.ids()[k];
        unknown += id == Minibatch.OOV || id >= vocabulary ? shares[k] : 0;
      }
      return -CopyOdds.logOfSum(
          odds.ofVocabulary() - plainNll, odds.ofPrompt() + Math.log(unknown));
    }

    /**
     * −ln p of the likeliest token: where that of the vocabulary stands in the prompt, copying
     * makes it only likelier.
     *
     * @param plainLeast −ln p_vocabulary of its likeliest
     * @param ofWords logits of {@link #words}
     * @param logSum ln Σ exp of all logits
     */
    double least(double plainLeast, double[] ofWords, double logSum) {
      double v = Math.exp(odds.ofVocabulary());
      double rest = Math.exp(odds.ofPrompt());
      double most = 0;
      for (int k = 0; k < ofWords.length; k++) {
        if (k != number) {
          most = Math.max(most, v * Math.exp(ofWords[k] - logSum) + rest * shares[k]);
        }
      }
      return -Math.max(Math.max(Math.log(most), odds.ofVocabulary() - plainLeast), logP);
    }
  }
}
