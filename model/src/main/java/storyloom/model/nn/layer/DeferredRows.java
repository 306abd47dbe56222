package storyloom.model.nn.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import storyloom.model.nn.kernel.AdamStep;
import storyloom.model.nn.kernel.AdamTensor;
import storyloom.model.nn.kernel.Kernel;
import storyloom.model.nn.kernel.Matrix;
import storyloom.model.nn.kernel.Parallel;

/**
 * The updates of an embedding in a series of minibatches, each of which uses few of its rows. Adam
 * changes all others as well, by the momentum of earlier gradients; but nobody reads them until a
 * minibatch uses them or the series ends. So their updates wait until then, and are made all at
 * once: the same arithmetic, and bits, for a fraction of the memory traffic. PyTorch's {@code
 * SparseAdam} leaves those updates out, which is another optimiser.
 */
public final class DeferredRows {

  /** Numbers that are worth a thread. */
  private static final int LEAST = 1 << 14;

  private final AdamTensor table;
  private final List<AdamStep> steps = new ArrayList<>();
  private final int[] done;
  private final int grain;
  private int[] used = {};

  /**
   * @param table [V,E], up to date; its gradient is cleared
   */
  public DeferredRows(AdamTensor table) {
    this.table = table;
    this.done = new int[table.rows()];
    this.grain = Math.max(1, LEAST / table.columns());
    table.kernel().clear(table.gradient());
  }

  /**
   * Before a forward pass: brings the rows that it reads up to date, and clears the gradient of the
   * minibatch before.
   *
   * @param ids of all tokens
   */
  void use(int[] ids) {
    for (int row : used) {
      Matrix gradient = table.gradient().rows(row, row + 1);
      table.kernel().sequential().clear(gradient);
    }
    used = distinct(ids);
    Parallel.over(
        used.length,
        grain,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            catchUp(used[i], used[i] + 1);
          }
        });
  }

  private static int[] distinct(int[] ids) {
    int[] sorted = ids.clone();
    Arrays.sort(sorted);
    int count = 0;
    for (int i = 0; i < sorted.length; i++) {
      if (i == 0 || sorted[i] != sorted[i - 1]) {
        sorted[count++] = sorted[i];
      }
    }
    return Arrays.copyOf(sorted, count);
  }

  /**
   * Sum of the squares of the whole gradient, as {@link Kernel#squaredNorm} sums it: rows that are
   * not used add nothing.
   */
  public double squaredNorm() {
    double[] sums = new double[used.length];
    Parallel.over(
        used.length,
        grain,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            Matrix row = table.gradient().rows(used[i], used[i] + 1);
            sums[i] = table.kernel().sequential().squaredNorm(row);
          }
        });
    return DoubleStream.of(sums).sequential().reduce(0, Double::sum);
  }

  /**
   * One update of the rows in use; the others are going to have theirs.
   *
   * @param step the next of the series
   * @param factor by which the gradient is multiplied first
   */
  public void update(AdamStep step, double factor) {
    steps.add(step);
    Parallel.over(
        used.length,
        grain,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            AdamTensor row = table.rows(used[i], used[i] + 1);
            row.kernel().sequential().adam(row, factor, step);
            done[used[i]]++;
          }
        });
  }

  /** Brings all rows up to date, as at the end of the series. */
  public void catchUp() {
    Parallel.over(
        done.length,
        grain,
        (from, to) -> {
          for (int start = from; start < to; ) {
            int end = start + 1;
            while (end < to && done[end] == done[start]) {
              end++;
            }
            catchUp(start, end);
            start = end;
          }
        });
  }

  /** Rows that have had the same updates. */
  private void catchUp(int from, int to) {
    List<AdamStep> missed = steps.subList(done[from], steps.size());
    if (!missed.isEmpty()) {
      table.kernel().sequential().adamWithoutGradient(table.rows(from, to), missed);
      Arrays.fill(done, from, to, steps.size());
    }
  }
}
