package storyloom.model.nn.attention;

import java.util.Arrays;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Kernel.Side;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.kernel.Parallel;
import storyloom.model.nn.layer.AttentionVertex;
import storyloom.model.nn.layer.Packing;

/**
 * What tokens draw from others of their pair, head by head (Vaswani et al. 2017, §3.2). For each
 * row of the batch and each head, with T queries and S keys of width d:
 *
 * <pre>
 *   weights [T,S] = softmax of each row of query·keyᵀ, where 1/√d is in the queries already
 *   context [T,d] = weights·value
 * </pre>
 *
 * <p>All matrices hold real tokens alone, row after row, heads side by side. Weights are not kept:
 * the backward pass makes them again, which takes less time than the weights of all pairs and
 * layers would take memory. Each thread takes rows of the batch of its own.
 *
 * <p>Where stories are read in windows, a token sees those of the window before as well, P of each
 * row, whose keys and values are constants: S is P and its own window's tokens then.
 *
 * @param heads of a token
 * @param causal whether a token sees itself and those before it alone; T and S − P are the same
 *     then
 * @param queries lengths of what looks
 * @param keys lengths of what is looked at, the window before left out
 * @param past the window before
 */
record MultiHeadAttention(int heads, boolean causal, Packing queries, Packing keys, Past past) {

  /**
   * What was remembered of the window before.
   *
   * @param tokens P of each row; 0 for none
   * @param key [rows·P,W], null for none
   * @param value [rows·P,W], null for none
   */
  record Past(int tokens, Matrix key, Matrix value) {

    static final Past NONE = new Past(0, null, null);

    private Matrix head(Matrix all, int row, int head, int heads) {
      int width = all.columns() / heads;
      Matrix ofRow = all.rows(row * tokens, (row + 1) * tokens);
      return ofRow.columns(head * width, (head + 1) * width);
    }

    /** The columns of weights that are of it. */
    Matrix of(Matrix weights) {
      return weights.columns(0, tokens);
    }

    /** The columns of weights that are not. */
    Matrix behind(Matrix weights) {
      return weights.columns(tokens, weights.columns());
    }
  }

  /** Without a window before. */
  MultiHeadAttention(int heads, boolean causal, Packing queries, Packing keys) {
    this(heads, causal, queries, keys, Past.NONE);
  }

  /**
   * What tokens look with, what is looked at, and what is drawn from it.
   *
   * @param query [N,W]
   * @param key [M,W]
   * @param value [M,W]
   */
  record Roles(Matrix query, Matrix key, Matrix value) {}

  /**
   * Somebody who reads the mean of the heads' weights.
   *
   * @param means scratch, as large as for the weights
   */
  record MeanReader(AttentionVertex.Reader reader, Matrix means) {}

  /** Numbers of scratch that a row of the batch needs for the weights of a head. */
  long weightsOfRow() {
    return (long) queries.steps() * (past.tokens() + keys.steps());
  }

  /** One head of one row of the batch. */
  private Matrix head(Packing packing, Matrix byRow, int row, int head) {
    int width = byRow.columns() / heads;
    return packing.rows(byRow, row).columns(head * width, (head + 1) * width);
  }

  /** The scratch of one row of the batch, [T,S]. */
  private Matrix ofPair(Matrix scratch, int row) {
    int seen = past.tokens() + keys.length(row);
    return scratch.rows(row, row + 1).shaped(queries.length(row), seen);
  }

  /**
   * @param scratch [rows,{@link #weightsOfRow}]
   * @param context [N,W], written
   * @param mean null if nobody reads it
   */
  void forward(Roles roles, Matrix scratch, Matrix context, MeanReader mean) {
    Kernel alone = Kernel.of(context).sequential();
    Parallel.each(
        queries.rows(),
        row -> {
          Matrix weights = ofPair(scratch, row);
          for (int head = 0; head < heads; head++) {
            weigh(alone, row, head, roles, weights);
            Matrix value = head(keys, roles.value(), row, head);
            Matrix drawn = head(queries, context, row, head);
            alone.multiply(past.behind(weights), Side.PLAIN, value, Side.PLAIN, 0, drawn);
            if (past.tokens() > 0) {
              Matrix before = past.head(past.value(), row, head, heads);
              alone.multiply(past.of(weights), Side.PLAIN, before, Side.PLAIN, 1, drawn);
            }
            if (mean != null) {
              addToMean(alone, weights, ofPair(mean.means(), row), head);
            }
          }
          if (mean != null) {
            mean.reader().read(row, ofPair(mean.means(), row));
          }
        });
  }

  private void weigh(Kernel kernel, int row, int head, Roles roles, Matrix weights) {
    Matrix query = head(queries, roles.query(), row, head);
    Matrix key = head(keys, roles.key(), row, head);
    kernel.multiply(query, Side.PLAIN, key, Side.TRANSPOSED, 0, past.behind(weights));
    if (past.tokens() > 0) {
      Matrix before = past.head(past.key(), row, head, heads);
      kernel.multiply(query, Side.PLAIN, before, Side.TRANSPOSED, 0, past.of(weights));
    }
    BlockLoops.of(weights).softmax(weights, causal);
  }

  private void addToMean(Kernel kernel, Matrix weights, Matrix mean, int head) {
    if (head == 0) {
      kernel.clear(mean);
    }
    kernel.add(weights, mean);
    if (head == heads - 1) {
      divideByHeads(kernel, mean);
    }
  }

  private void divideByHeads(Kernel kernel, Matrix numbers) {
    double[] factors = new double[numbers.rows()];
    Arrays.fill(factors, 1.0 / heads);
    kernel.scaleRows(factors, numbers);
  }

  /**
   * The reverse of {@link #forward}.
   *
   * @param roles what the forward pass had
   * @param dContext [N,W]
   * @param scratch [2·rows,{@link #weightsOfRow}]
   * @param dRoles written
   * @param mean whose reader has a gradient by it; null if nobody read it
   */
  void backward(Roles roles, Matrix dContext, Matrix scratch, Roles dRoles, MeanReader mean) {
    Kernel alone = Kernel.of(dContext).sequential();
    Matrix dScratch = scratch.rows(queries.rows(), scratch.rows());
    Parallel.each(
        queries.rows(),
        row -> {
          Matrix weights = ofPair(scratch, row);
          Matrix dWeights = ofPair(dScratch, row);
          Matrix dMean = mean == null ? null : gradientByMean(alone, row, mean);
          for (int head = 0; head < heads; head++) {
            weigh(alone, row, head, roles, weights);
            Matrix dDrawn = head(queries, dContext, row, head);
            Matrix value = head(keys, roles.value(), row, head);
            alone.multiply(dDrawn, Side.PLAIN, value, Side.TRANSPOSED, 0, past.behind(dWeights));
            if (past.tokens() > 0) {
              Matrix before = past.head(past.value(), row, head, heads);
              alone.multiply(dDrawn, Side.PLAIN, before, Side.TRANSPOSED, 0, past.of(dWeights));
            }
            if (dMean != null) {
              alone.add(dMean, dWeights);
            }
            Matrix dValue = head(keys, dRoles.value(), row, head);
            alone.multiply(past.behind(weights), Side.TRANSPOSED, dDrawn, Side.PLAIN, 0, dValue);
            BlockLoops.of(weights).softmaxBackward(weights, dWeights);
            compareBackward(alone, row, head, roles, dWeights, dRoles);
          }
        });
  }

  private Matrix gradientByMean(Kernel kernel, int row, MeanReader mean) {
    Matrix dMean = ofPair(mean.means(), row);
    kernel.clear(dMean);
    mean.reader().addGradient(row, dMean);
    divideByHeads(kernel, dMean);
    return dMean;
  }

  /** The reverse of query·keyᵀ. */
  private void compareBackward(
      Kernel kernel, int row, int head, Roles roles, Matrix dScores, Roles dRoles) {
    Matrix key = head(keys, roles.key(), row, head);
    Matrix dQuery = head(queries, dRoles.query(), row, head);
    kernel.multiply(past.behind(dScores), Side.PLAIN, key, Side.PLAIN, 0, dQuery);
    if (past.tokens() > 0) {
      Matrix before = past.head(past.key(), row, head, heads);
      kernel.multiply(past.of(dScores), Side.PLAIN, before, Side.PLAIN, 1, dQuery);
    }
    Matrix query = head(queries, roles.query(), row, head);
    Matrix dKey = head(keys, dRoles.key(), row, head);
    kernel.multiply(past.behind(dScores), Side.TRANSPOSED, query, Side.PLAIN, 0, dKey);
  }
}
