package storyloom.model.nn.output;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import storyloom.model.nn.config.AdaptiveClusters;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Kernel.Side;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.layer.LinearMap;
import storyloom.model.nn.layer.Parameter;
import storyloom.model.nn.loss.TokenLosses;

/**
 * Softmax over a shortlist of frequent tokens and K clusters of rarer ones, and within a cluster
 * over its tokens:
 *
 * <pre>
 *   p(v)  = p_head(v)                                   v in the shortlist
 *   p(v)  = p_head(cluster k) · p_k(v)                  v in tail k
 *   p_head = softmax(x·head)                            [N, c0+K]
 *   p_k    = softmax((x·projection_k)·weight_k)         rows of tail k only
 * </pre>
 *
 * <p>x packed [N,I]; {@code head.weight} [I,c0+K], {@code tail.k.projection} [I,I/4^(k+1)], {@code
 * tail.k.weight} [I/4^(k+1), ids of tail k]; no biases. While learning, a tail gets only the tokens
 * whose target lies in it. Source: Grave et al. 2017; PyTorch's {@code AdaptiveLogSoftmaxWithLoss}.
 */
final class AdaptiveSoftmax implements TokenDistribution {

  private final AdaptiveClusters clusters;
  private final Scratch scratch;
  private final ChunkedSoftmax head;
  private final List<ChunkedSoftmax> tails;

  /**
   * @param clusters how the vocabulary is split
   * @param scratch working memory
   * @param parameters a tensor's name → its numbers
   */
  AdaptiveSoftmax(
      AdaptiveClusters clusters, Scratch scratch, Function<String, Parameter> parameters) {
    this.clusters = clusters;
    this.scratch = scratch;
    Matrix logits = scratch.matrix(scratch.chunk(), clusters.largest());
    Matrix zeros = scratch.matrix(1, clusters.largest());
    Kernel.of(zeros).clear(zeros);
    Function<String, LinearMap> map = name -> new LinearMap(parameters.apply(name), Side.PLAIN);
    this.tails =
        IntStream.range(0, clusters.tails())
            .mapToObj(
                k ->
                    List.of(
                        map.apply(AdaptiveClusters.projection(k)),
                        map.apply(AdaptiveClusters.weight(k))))
            .map(maps -> softmax(maps, logits, zeros))
            .toList();
    this.head = softmax(List.of(map.apply(AdaptiveClusters.HEAD)), logits, zeros);
  }

  private ChunkedSoftmax softmax(List<LinearMap> maps, Matrix logits, Matrix zeros) {
    int classes = maps.get(maps.size() - 1).out();
    Parameter noBias = new Parameter(zeros.columns(0, classes), null);
    return new ChunkedSoftmax(scratch, logits, maps, noBias, ChunkLoss.smoothed(0));
  }

  /**
   * {@inheritDoc}
   *
   * <p>Here {@link TokenLosses#tally} counts a target as correct where its column is the likeliest
   * of the head and it is the likeliest of its cluster. That is the likeliest token of all wherever
   * the head prefers a token of the shortlist; to know it elsewhere would take the other clusters.
   */
  @Override
  public TokenLosses learn(Matrix x, int[] targets, double scale, Matrix dx) {
    int[] columns = Arrays.stream(targets).map(clusters::column).toArray();
    TokenLosses losses = head.learn(x, columns, scale, dx);
    for (int k = 0; k < tails.size(); k++) {
      int[] tokens = tokensOf(k, targets);
      Matrix some = gathered(x, tokens);
      losses.add(tokens, tails.get(k).learn(some, within(k, targets, tokens), scale, some));
      Kernel.of(dx).scatterAddRows(some, tokens, dx);
    }
    return losses;
  }

  /**
   * {@inheritDoc}
   *
   * <p>A tail other than the target's own is only looked into for tokens of which it is likelier,
   * as a whole, than the target: that suffices to find the likeliest token, at little cost.
   */
  @Override
  public TokenLosses score(Matrix x, int[] targets) {
    TokenLosses losses = TokenLosses.of(targets.length);
    double[][] clusterNll = scoreHead(x, targets, losses);
    for (int k = 0; k < tails.size(); k++) {
      int[] tokens = tokensOf(k, targets);
      TokenLosses tail = tails.get(k).score(gathered(x, tokens), within(k, targets, tokens));
      for (int i = 0; i < tokens.length; i++) {
        losses.nll()[tokens[i]] += tail.nll()[i];
      }
      lower(losses.least(), tokens, clusterNll[k], tail);
    }
    for (int k = 0; k < tails.size(); k++) {
      int[] tokens = undecided(k, targets, losses, clusterNll[k]);
      TokenLosses tail = tails.get(k).score(gathered(x, tokens), new int[tokens.length]);
      lower(losses.least(), tokens, clusterNll[k], tail);
    }
    return losses;
  }

  /**
   * Fills in −ln p of each target's column, and of the likeliest token of the shortlist.
   *
   * @return −ln p of each cluster for each token, [K][N]
   */
  private double[][] scoreHead(Matrix x, int[] targets, TokenLosses losses) {
    double[][] clusterNll = new double[tails.size()][targets.length];
    Kernel kernel = Kernel.of(x);
    head.forEachChunk(
        x,
        (from, logits) -> {
          double[] logSums = kernel.logSums(logits);
          double[] largest = kernel.largest(logits.columns(0, clusters.shortlist()));
          for (int r = 0; r < logSums.length; r++) {
            int token = from + r;
            losses.nll()[token] = logSums[r] - logits.get(r, clusters.column(targets[token]));
            losses.least()[token] = logSums[r] - largest[r];
            for (int k = 0; k < tails.size(); k++) {
              clusterNll[k][token] = logSums[r] - logits.get(r, clusters.shortlist() + k);
            }
          }
        });
    return clusterNll;
  }

  /** Takes the likeliest token of a cluster into account. */
  private static void lower(double[] least, int[] tokens, double[] clusterNll, TokenLosses tail) {
    for (int i = 0; i < tokens.length; i++) {
      int token = tokens[i];
      least[token] = Math.min(least[token], clusterNll[token] + tail.least()[i]);
    }
  }

  /**
   * The tokens than which tail k, though it does not hold their target, may hold a likelier one.
   */
  private int[] undecided(int k, int[] targets, TokenLosses losses, double[] clusterNll) {
    return tokens(
        targets.length,
        token ->
            clusters.tail(targets[token]) != k
                && losses.nll()[token] <= losses.least()[token]
                && clusterNll[token] < losses.nll()[token]);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Of a tail's logits all are raised alike, so that their exponentials sum to that of their
   * cluster's column.
   */
  @Override
  public void logits(Matrix x, Matrix logits) {
    Kernel kernel = Kernel.of(x);
    for (int k = 0; k < tails.size(); k++) {
      int first = clusters.first(k);
      Matrix tail = logits.columns(first, first + clusters.size(k));
      tails.get(k).logits(x, tail);
      double[] logSums = kernel.logSums(tail);
      Arrays.setAll(logSums, row -> -logSums[row]);
      kernel.addToRows(logSums, tail);
    }
    head.forEachChunk(
        x,
        (from, columns) -> {
          Matrix rows = logits.rows(from, from + columns.rows());
          int shortlist = clusters.shortlist();
          kernel.copy(columns.columns(0, shortlist), rows.columns(0, shortlist));
          for (int k = 0; k < tails.size(); k++) {
            int first = clusters.first(k);
            kernel.addToRows(
                columns.column(shortlist + k), rows.columns(first, first + clusters.size(k)));
          }
        });
  }

  /** The tokens whose target lies in tail k. */
  private int[] tokensOf(int k, int[] targets) {
    return tokens(targets.length, token -> clusters.tail(targets[token]) == k);
  }

  private static int[] tokens(int count, IntPredicate wanted) {
    return IntStream.range(0, count).filter(wanted).toArray();
  }

  /** The targets of some tokens, counted from the first id of their tail. */
  private int[] within(int k, int[] targets, int[] tokens) {
    return Arrays.stream(tokens).map(token -> targets[token] - clusters.first(k)).toArray();
  }

  private Matrix gathered(Matrix x, int[] tokens) {
    Matrix rows = scratch.matrix(Math.max(1, tokens.length), x.columns()).rows(0, tokens.length);
    Kernel.of(x).gatherRows(x, tokens, rows);
    return rows;
  }
}
