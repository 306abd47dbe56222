package storyloom.model.nn.kernel;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * {@link RowProduct} by jdk.incubator.vector. The matrix is copied once into panels of {@link
 * #WIDTH} columns, each panel row by row, so that a product reads memory from front to back; each
 * thread has panels of its own.
 *
 * @param memory of the panels
 * @param panels one a row
 */
record PackedProduct(int inner, int columns, INDArray memory, Matrix panels) implements RowProduct {

  /** Columns of a panel: a cache line or two. */
  static final int WIDTH = 32;

  /** Panels of a stretch of columns. */
  private static final int STRETCH_PANELS = STRETCH / WIDTH;

  /** Multiplications that are worth waking a thread for. */
  private static final long LEAST = 1 << 20;

  private static PackedProduct empty(int inner, int columns) {
    int count = (columns + WIDTH - 1) / WIDTH;
    try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
      INDArray memory = Nd4j.create(DataType.FLOAT, new long[] {count, (long) inner * WIDTH}, 'c');
      return new PackedProduct(inner, columns, memory, Matrix.of(memory));
    }
  }

  /** Whether this JVM has vectors that panels can be cut into. */
  static boolean fits() {
    return FloatKernel.hasVectors() && WIDTH % (2 * VectorKernel.LANES) == 0;
  }

  static PackedProduct of(Matrix... parts) {
    int inner = 0;
    for (Matrix part : parts) {
      Shapes.require(part.columns() == parts[0].columns() && !part.isDouble(), parts);
      inner += part.rows();
    }
    PackedProduct product = empty(inner, parts[0].columns());
    int k = 0;
    for (Matrix part : parts) {
      for (int row = 0; row < part.rows(); row++) {
        product.pack(part, row, k++);
      }
    }
    return product;
  }

  private void pack(Matrix part, int row, int k) {
    float[] numbers = new float[columns];
    part.copyRow(row, numbers);
    FloatBuffer to = panels.floats();
    for (int from = 0; from < columns; from += WIDTH) {
      int at = panels.start(from / WIDTH) + k * WIDTH;
      to.put(at, numbers, from, Math.min(WIDTH, columns - from));
    }
  }

  static PackedProduct ofTransposed(Matrix matrix) {
    Shapes.require(!matrix.isDouble(), matrix);
    PackedProduct product = empty(matrix.columns(), matrix.rows());
    float[] row = new float[product.inner];
    float[] panel = new float[product.inner * WIDTH];
    for (int from = 0; from < product.columns; from += WIDTH) {
      for (int j = from; j < Math.min(from + WIDTH, product.columns); j++) {
        matrix.copyRow(j, row);
        for (int k = 0, to = j - from; k < row.length; k++, to += WIDTH) {
          panel[to] = row[k];
        }
      }
      product.panels.floats().put(product.panels.start(from / WIDTH), panel);
    }
    return product;
  }

  @Override
  public void multiply(Matrix c, Columns computed, Matrix... a) {
    RowProduct.requireFit(this, c, a);
    if (c.rows() == 0) {
      return;
    }
    RowGroups rows = RowGroups.of(GemmMicrokernel.HEIGHTS, inner, a);
    Parallel.over(
        panels.rows(),
        grain(c.rows(), computed != Columns.IGNORED),
        (from, to) -> {
          int start = from;
          for (int panel = from; panel < to; panel++) {
            multiply(rows, panel, c);
            if ((panel + 1) % STRETCH_PANELS == 0 || panel + 1 == to) {
              computed.computed(start * WIDTH, Math.min(columns, (panel + 1) * WIDTH));
              start = panel + 1;
            }
          }
        });
  }

  /** Panels that a thread takes at least. */
  private int grain(int rows, boolean byStretches) {
    long worthwhile = Math.max(1, LEAST / ((long) inner * WIDTH * Math.max(1, rows / 4)));
    long grain =
        byStretches
            ? (worthwhile + STRETCH_PANELS - 1) / STRETCH_PANELS * STRETCH_PANELS
            : worthwhile;
    return Math.toIntExact(grain);
  }

  private void multiply(RowGroups rows, int panel, Matrix c) {
    ByteBuffer from = panels.bytes();
    int start = panels.start(panel);
    int column = panel * WIDTH;
    for (int group = 0; group < rows.size(); group++) {
      float[] numbers = rows.numbers()[group];
      int height = rows.height()[group];
      int to = c.start(rows.first()[group]) + column;
      if (column + WIDTH <= columns) {
        GemmMicrokernel.whole(numbers, height, inner, from, start, c.bytes(), to, c.stride());
      } else {
        int width = columns - column;
        GemmMicrokernel.part(
            numbers, height, inner, panels.floats(), start, width, c.floats(), to, c.stride());
      }
    }
  }

  @Override
  public void close() {
    memory.close();
  }

  /**
   * The rows of a product in groups that a loop takes at a time, on the Java heap: of each group
   * the first number of every row, then the second, and so on.
   *
   * @param height rows of each group; all but the last groups have the largest height
   */
  private record RowGroups(int[] height, int[] first, float[][] numbers) {

    /**
     * @param heights rows of a group: of the first, while there are as many, and so on; the last is
     *     1
     * @param inner K
     * @param a m rows each, side by side K wide
     */
    static RowGroups of(int[] heights, int inner, Matrix... a) {
      List<Integer> groups = new ArrayList<>();
      int left = a[0].rows();
      for (int each : heights) {
        for (; left >= each; left -= each) {
          groups.add(each);
        }
      }
      int[] height = groups.stream().mapToInt(Integer::intValue).toArray();
      int[] first = new int[height.length];
      float[][] numbers = new float[height.length][];
      for (int group = 0; group < height.length; group++) {
        first[group] = group == 0 ? 0 : first[group - 1] + height[group - 1];
        numbers[group] = interleaved(first[group], height[group], inner, a);
      }
      return new RowGroups(height, first, numbers);
    }

    private static float[] interleaved(int first, int height, int inner, Matrix... a) {
      float[] row = new float[inner];
      float[] all = height == 1 ? row : new float[height * inner];
      for (int r = 0; r < height; r++) {
        int at = 0;
        for (Matrix part : a) {
          part.floats().get(part.start(first + r), row, at, part.columns());
          at += part.columns();
        }
        if (height > 1) {
          for (int k = 0, to = r; k < inner; k++, to += height) {
            all[to] = row[k];
          }
        }
      }
      return all;
    }

    /** Number of groups. */
    int size() {
      return height.length;
    }
  }
}
