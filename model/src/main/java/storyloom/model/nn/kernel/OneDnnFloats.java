package storyloom.model.nn.kernel;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link RowProduct} by oneDNN, which is two to three times as fast as {@link PackedProduct}, but
 * says nothing of the order in which it adds up. So it is not trusted: before the first product
 * with as many rows, some of made-up numbers are compared with the sums that are promised, and if a
 * bit differs, this number of rows is left to our own loops. An order does not depend on the
 * numbers.
 */
final class OneDnnFloats implements RowProduct {

  private static final Logger LOG = LoggerFactory.getLogger(OneDnnFloats.class);

  /** Columns at either end of a piece that are compared: the library may treat the last apart. */
  private static final int COMPARED = 64;

  /** Sums that are compared at least: a few short ones are the same in any order, by chance. */
  private static final int LEAST_COMPARED = 100;

  /** Rows that a product must be exact with for oneDNN to be used at all, besides 1. */
  private static final int MANY = 64;

  private final LoopProduct numbers;
  private final OneDnnMatrix matrix;
  private final Scratch scratch = new Scratch();
  private final Map<Integer, Boolean> exact = new ConcurrentHashMap<>();
  private RowProduct loops;

  private OneDnnFloats(LoopProduct numbers) {
    this.numbers = numbers;
    this.matrix =
        new OneDnnMatrix(
            numbers.inner(), numbers.columns(), memory.data_type.f32, this::someColumns);
  }

  /**
   * Products by oneDNN where it is there and exact on this processor, else by loops.
   *
   * @param numbers of the matrix
   */
  static RowProduct of(LoopProduct numbers) {
    if (!Gemm.OneDnn.fits()) {
      return numbers.fastest();
    }
    OneDnnFloats product = new OneDnnFloats(numbers);
    if (product.isExact(1) && product.isExact(MANY)) {
      return product;
    }
    product.close();
    LOG.debug("oneDNN adds up {} products in another order here", numbers.inner());
    return numbers.fastest();
  }

  private FloatPointer someColumns(int first, int last) {
    float[] row = new float[last - first];
    FloatPointer all = new FloatPointer((long) inner() * row.length);
    for (int k = 0; k < inner(); k++) {
      numbers.read(k, first, row);
      all.position((long) k * row.length).put(row);
    }
    return all.position(0);
  }

  private boolean isExact(int rows) {
    return exact.computeIfAbsent(rows, this::agrees);
  }

  /** Whether so many rows get the bits that are promised, of the first piece and of the last. */
  private boolean agrees(int count) {
    Random random = new Random(count);
    return IntStream.of(0, matrix.pieces() - 1)
        .distinct()
        .allMatch(piece -> agrees(piece, count, new Comparison(count, random)));
  }

  private boolean agrees(int piece, int count, Comparison comparison) {
    AtomicBoolean agrees = new AtomicBoolean(true);
    scratch.lend(
        count,
        inner(),
        a -> {
          while (agrees.get() && comparison.sums < LEAST_COMPARED) {
            comparison.fill(a);
            matrix.multiply(
                piece,
                a.bytePointer(),
                count,
                (sums, first) -> agrees.set(comparison.agrees(sums, first)));
          }
        });
    return agrees.get();
  }

  /** Of sums by oneDNN with those that are promised: of the first, a middle and the last row. */
  private final class Comparison {

    private final float[][] rows;
    private final int[] compared;
    private final Random random;

    /** How many have been compared. */
    private int sums;

    Comparison(int count, Random random) {
      this.rows = new float[count][inner()];
      this.compared = IntStream.of(0, count / 2, count - 1).distinct().toArray();
      this.random = random;
    }

    /** Makes up numbers. */
    void fill(Matrix a) {
      for (int i = 0; i < rows.length; i++) {
        for (int k = 0; k < rows[i].length; k++) {
          rows[i][k] = (float) random.nextGaussian();
        }
        a.floats().put(a.start(i), rows[i]);
      }
    }

    boolean agrees(Matrix actual, int first) {
      int width = Math.min(COMPARED, actual.columns());
      float[] some = new float[width];
      for (int at : new int[] {0, actual.columns() - width}) {
        for (int row : compared) {
          float[][] one = {rows[row]};
          actual.columns(at, at + width).copyRow(row, some);
          if (!Arrays.equals(some, numbers.sums(one, first + at, first + at + width)[0])) {
            return false;
          }
        }
      }
      sums += compared.length * width;
      return true;
    }
  }

  @Override
  public int inner() {
    return numbers.inner();
  }

  @Override
  public int columns() {
    return numbers.columns();
  }

  @Override
  public void multiply(Matrix c, Columns computed, Matrix... a) {
    RowProduct.requireFit(this, c, a);
    if (c.rows() == 0) {
      return;
    }
    if (!isExact(c.rows())) {
      loops().multiply(c, computed, a);
      return;
    }
    Kernel kernel = Kernel.of(c);
    scratch.lend(
        c.rows(),
        inner(),
        rows -> {
          int at = 0;
          for (Matrix part : a) {
            kernel.copy(part, rows.columns(at, at + part.columns()));
            at += part.columns();
          }
          matrix.multiply(
              rows.bytePointer(),
              c.rows(),
              (sums, first) -> take(kernel, sums, c, first, computed));
        });
  }

  private static void take(Kernel kernel, Matrix sums, Matrix c, int first, Columns computed) {
    for (int from = 0; from < sums.columns(); from += STRETCH) {
      int to = Math.min(from + STRETCH, sums.columns());
      kernel.copy(sums.columns(from, to), c.columns(first + from, first + to));
      computed.computed(first + from, first + to);
    }
  }

  private synchronized RowProduct loops() {
    if (loops == null) {
      loops = numbers.fastest();
    }
    return loops;
  }

  @Override
  public synchronized void close() {
    matrix.close();
    scratch.close();
    if (loops != null) {
      loops.close();
    }
  }
}
