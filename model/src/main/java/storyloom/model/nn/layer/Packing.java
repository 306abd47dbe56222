package storyloom.model.nn.layer;

import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import storyloom.model.nn.kernel.Matrix;

/**
 * Where the real tokens of a padded batch stand once padding is left out: step by step, and within
 * a step the rows that still have a token, longest row first. A batch of lengths 1, 3, 2 packs to
 *
 * <pre>
 *   step 0: row 1, row 2, row 0     step 1: row 1, row 2     step 2: row 1
 * </pre>
 *
 * <p>So the rows of a step are always the first of the step before, recurrent products run over
 * plain matrices, and no padding is ever computed. PyTorch calls this a packed sequence.
 */
public final class Packing {

  private final int[] lengths;
  private final int[] rowOfRank;
  private final int[] rankOfRow;
  private final int[] starts;
  private final int[] firstOfRow;

  private Packing(int[] lengths) {
    this.lengths = lengths;
    this.rowOfRank =
        IntStream.range(0, lengths.length)
            .boxed()
            .sorted((a, b) -> Integer.compare(lengths[b], lengths[a]))
            .mapToInt(Integer::intValue)
            .toArray();
    this.rankOfRow = new int[lengths.length];
    for (int rank = 0; rank < rowOfRank.length; rank++) {
      rankOfRow[rowOfRank[rank]] = rank;
    }
    int steps = lengths[rowOfRank[0]];
    this.starts = new int[steps + 1];
    int alive = lengths.length;
    for (int t = 0; t < steps; t++) {
      while (lengths[rowOfRank[alive - 1]] <= t) {
        alive--;
      }
      starts[t + 1] = starts[t] + alive;
    }
    this.firstOfRow = new int[lengths.length];
    for (int row = 1; row < lengths.length; row++) {
      firstOfRow[row] = firstOfRow[row - 1] + lengths[row - 1];
    }
  }

  /**
   * The packing of rows of these lengths.
   *
   * @param lengths tokens of each row, at least one each
   */
  public static Packing of(int... lengths) {
    if (lengths.length == 0) {
      throw new IllegalArgumentException("a batch needs at least one row");
    }
    for (int row = 0; row < lengths.length; row++) {
      if (lengths[row] < 1) {
        throw new IllegalArgumentException("row " + row + " of the batch holds no token");
      }
    }
    return new Packing(lengths.clone());
  }

  /**
   * The packing of a padded batch.
   *
   * @param ids [b,L], each row its tokens and then {@code <pad>} (0) to the end
   */
  public static Packing of(INDArray ids) {
    int rows = Math.toIntExact(ids.size(0));
    int[] all = ids(ids);
    int width = all.length / rows;
    int[] lengths = new int[rows];
    for (int row = 0; row < rows; row++) {
      int length = width;
      while (length > 0 && all[row * width + length - 1] == Minibatch.PAD) {
        length--;
      }
      lengths[row] = length;
    }
    return of(lengths);
  }

  /** b, the number of rows. */
  public int rows() {
    return lengths.length;
  }

  /** The longest row's length. */
  public int steps() {
    return starts.length - 1;
  }

  /** N, the number of real tokens. */
  public int tokens() {
    return starts[steps()];
  }

  /** How many rows have a token at step t; they are the rows of rank 0 to this. */
  public int alive(int t) {
    return starts[t + 1] - starts[t];
  }

  /** Packed index of the first token of step t. */
  public int start(int t) {
    return starts[t];
  }

  /** Length of a row. */
  public int length(int row) {
    return lengths[row];
  }

  /** The row at a rank; rank 0 is the longest. */
  public int row(int rank) {
    return rowOfRank[rank];
  }

  /** For each rank its row: the order that turns batch order into packed order. */
  public int[] order() {
    return rowOfRank.clone();
  }

  /** Ids of rows, one after the other, in packed order. */
  public int[] pack(List<int[]> sequences) {
    int[] packed = new int[tokens()];
    for (int row = 0; row < rows(); row++) {
      for (int t = 0; t < lengths[row]; t++) {
        packed[starts[t] + rankOfRow[row]] = sequences.get(row)[t];
      }
    }
    return packed;
  }

  /** Packed indices of one row's tokens, in the order of their steps. */
  public int[] tokensOf(int row) {
    int[] indices = new int[lengths[row]];
    for (int t = 0; t < indices.length; t++) {
      indices[t] = starts[t] + rankOfRow[row];
    }
    return indices;
  }

  /**
   * The real ids in packed order.
   *
   * @param ids [b,L]
   */
  public int[] pack(INDArray ids) {
    int[] all = ids(ids);
    int width = all.length / rows();
    int[] packed = new int[tokens()];
    for (int row = 0; row < rows(); row++) {
      for (int t = 0; t < lengths[row]; t++) {
        packed[starts[t] + rankOfRow[row]] = all[row * width + t];
      }
    }
    return packed;
  }

  /** Packed indices of all tokens, row after row, each row's in the order of their steps. */
  public int[] byRow() {
    int[] all = new int[tokens()];
    for (int row = 0; row < rows(); row++) {
      for (int t = 0; t < lengths[row]; t++) {
        all[firstOfRow[row] + t] = starts[t] + rankOfRow[row];
      }
    }
    return all;
  }

  /**
   * One row's part of a matrix that holds all tokens row after row.
   *
   * @param byRow [N,W], in the order of {@link #byRow}
   */
  public Matrix rows(Matrix byRow, int row) {
    return byRow.rows(firstOfRow[row], firstOfRow[row] + lengths[row]);
  }

  /** The row of the batch that each packed token belongs to. */
  public int[] rowsOfTokens() {
    int[] rows = new int[tokens()];
    for (int t = 0; t < steps(); t++) {
      System.arraycopy(rowOfRank, 0, rows, starts[t], alive(t));
    }
    return rows;
  }

  /**
   * Where each packed token stands once every row is reversed: its last token first. The packing
   * itself stays the same, because the lengths do; reversed twice, all is as before.
   */
  public int[] reversal() {
    int[] reversed = new int[tokens()];
    for (int row = 0; row < rows(); row++) {
      int[] tokens = tokensOf(row);
      for (int t = 0; t < tokens.length; t++) {
        reversed[tokens[t]] = tokens[tokens.length - 1 - t];
      }
    }
    return reversed;
  }

  private static int[] ids(INDArray ids) {
    return ids.ordering() == 'c' && !ids.isView()
        ? ids.data().asInt()
        : ids.dup('c').data().asInt();
  }
}
