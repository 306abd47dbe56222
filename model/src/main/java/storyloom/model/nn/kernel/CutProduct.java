package storyloom.model.nn.kernel;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import storyloom.model.nn.kernel.Kernel.Side;

/**
 * Products of matrices in pieces, each a product of its own on one thread. Where a product is cut
 * depends on its shape alone, so that its bits do not depend on the number of threads: a library
 * sums a number differently where the matrix around it is another one.
 *
 * <p>With c [m,n] and sums of k products, c is cut by columns, or by rows where it is tall; where k
 * is by far the largest, the sums are cut, and added up in their order. Pieces are as large as four
 * threads allow, because a library lays out both factors anew for each. On one thread they cost up
 * to a tenth of a product's time, a few per cent of an update's.
 */
final class CutProduct {

  /** Multiplications that are worth waking a thread for. */
  private static final long LEAST = 1 << 21;

  /** Pieces of a product that is not wide. */
  private static final int FEW = 4;

  /** Pieces of any product. */
  private static final int MOST = 8;

  /** Columns of a piece, if that makes more pieces than {@link #FEW}. */
  private static final int WIDE = 512;

  /** Columns of a piece at least, and rows of a piece at least: fewer make it slow. */
  private static final int NARROW = 128;

  /** How much larger k is than m and n where the sums are cut. */
  private static final int DEEP = 3;

  /** Pieces start at multiples of this: a cache line of floats. */
  private static final int ALIGNED = 16;

  private final Kernel loops;

  /**
   * @param loops which multiplies on the calling thread
   */
  CutProduct(Kernel loops) {
    this.loops = loops;
  }

  /** {@link Kernel#multiply}. */
  void multiply(Matrix a, Side sideOfA, Matrix b, Side sideOfB, double keep, Matrix c) {
    Shapes.requireProduct(a, sideOfA, b, sideOfB, c);
    int m = c.rows();
    int n = c.columns();
    int k = sideOfA == Side.PLAIN ? a.columns() : a.rows();
    int most = (int) Math.min(MOST, (long) m * n * k / LEAST);
    if (k >= DEEP * Math.max(m, n) && most >= FEW) {
      cutSums(a, sideOfA, b, sideOfB, keep, c, k);
    } else if (m > 2 * n) {
      each(
          Math.min(most, m / NARROW),
          m,
          (from, to) ->
              loops.multiply(
                  rows(a, sideOfA, from, to), sideOfA, b, sideOfB, keep, c.rows(from, to)));
    } else {
      each(
          Math.min(most, Math.max(Math.min(FEW, n / NARROW), n / WIDE)),
          n,
          (from, to) ->
              loops.multiply(
                  a, sideOfA, columns(b, sideOfB, from, to), sideOfB, keep, c.columns(from, to)));
    }
  }

  private void cutSums(
      Matrix a, Side sideOfA, Matrix b, Side sideOfB, double keep, Matrix c, int k) {
    int m = c.rows();
    try (INDArray memory = memory(c, (FEW - 1L) * m)) {
      Matrix others = Matrix.of(memory);
      Parallel.each(
          FEW,
          piece -> {
            int from = start(piece, FEW, k);
            int to = start(piece + 1, FEW, k);
            Matrix sums = piece == 0 ? c : others.rows((piece - 1) * m, piece * m);
            loops.multiply(
                columns(a, sideOfA, from, to),
                sideOfA,
                rows(b, sideOfB, from, to),
                sideOfB,
                piece == 0 ? keep : 0,
                sums);
          });
      Parallel.over(
          m,
          NARROW,
          (from, to) -> {
            for (int piece = 1; piece < FEW; piece++) {
              Matrix sums = others.rows((piece - 1) * m, piece * m);
              loops.add(sums.rows(from, to), c.rows(from, to));
            }
          });
    }
  }

  private static INDArray memory(Matrix like, long rows) {
    DataType type = like.isDouble() ? DataType.DOUBLE : DataType.FLOAT;
    try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
      return Nd4j.createUninitialized(type, new long[] {rows, like.columns()}, 'c');
    }
  }

  private static void each(int pieces, int size, Parallel.Part part) {
    if (pieces <= 1) {
      part.run(0, size);
    } else {
      Parallel.each(
          pieces, piece -> part.run(start(piece, pieces, size), start(piece + 1, pieces, size)));
    }
  }

  private static int start(int piece, int pieces, int size) {
    return piece == pieces ? size : (int) ((long) size * piece / pieces / ALIGNED * ALIGNED);
  }

  private static Matrix rows(Matrix matrix, Side side, int from, int to) {
    return side == Side.PLAIN ? matrix.rows(from, to) : matrix.columns(from, to);
  }

  private static Matrix columns(Matrix matrix, Side side, int from, int to) {
    return side == Side.PLAIN ? matrix.columns(from, to) : matrix.rows(from, to);
  }
}
