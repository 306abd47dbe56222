package storyloom.model.nn.kernel;

import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link RowProduct} of factors rounded to bytes: the matrix once, with a scale for each column,
 * and each row when it is multiplied, with a scale of its own. Their sums are whole numbers, so
 * that no order, number of threads or processor changes them; what is rounded is rounded number by
 * number.
 *
 * <pre>
 *   c = (float) (row₈ · matrix₈) · column's scale · row's scale
 * </pre>
 */
final class Int8Product implements RowProduct {

  private static final Logger LOG = LoggerFactory.getLogger(Int8Product.class);

  /** A sum with this has the nearest whole number, half to even, in its last bits. */
  private static final float ROUND = 1.5f * (1 << 23);

  /** Numbers that are worth waking a thread for. */
  private static final int LEAST = 1 << 13;

  private final IntegerProduct sums;
  private final Scratch scratch = new Scratch();

  /** Sums of products of whole numbers; safe to share between threads. */
  interface IntegerProduct extends AutoCloseable {

    /** K. */
    int inner();

    /** n. */
    int columns();

    /**
     * c = (rows · matrix) · the columns' scales · the rows' scales, in this order.
     *
     * @param rows memory of m times K bytes, one row behind the other
     * @param scales m
     * @param c [m,n], written
     * @param computed is told of its columns
     */
    void multiply(Matrix rows, float[] scales, Matrix c, Columns computed);

    /** Frees what was made for it. */
    @Override
    void close();
  }

  private Int8Product(IntegerProduct sums) {
    this.sums = sums;
  }

  /** Products with a matrix, by oneDNN where the processor adds up products of bytes by itself. */
  static Int8Product of(Int8Matrix matrix) {
    if (OneDnnInt8.fits()) {
      LOG.debug("Products of bytes: oneDNN");
      return new Int8Product(OneDnnInt8.of(matrix));
    }
    LOG.debug("Products of bytes: by floats, as this processor does not add them up by itself");
    return new Int8Product(WholeFloats.of(matrix));
  }

  /** With the sums by floats, on any processor. */
  static Int8Product byFloats(Int8Matrix matrix) {
    return new Int8Product(WholeFloats.of(matrix));
  }

  @Override
  public int inner() {
    return sums.inner();
  }

  @Override
  public int columns() {
    return sums.columns();
  }

  @Override
  public void multiply(Matrix c, Columns computed, Matrix... a) {
    RowProduct.requireFit(this, c, a);
    int rows = c.rows();
    if (rows == 0) {
      return;
    }
    int floats = Math.toIntExact(((long) rows * inner() + Float.BYTES - 1) / Float.BYTES);
    scratch.lend(
        1, floats, memory -> sums.multiply(memory, round(memory.bytes(), rows, a), c, computed));
  }

  /** Rounds rows; gives their scales. */
  private float[] round(ByteBuffer into, int rows, Matrix... a) {
    float[] scales = new float[rows];
    Parallel.over(
        rows,
        Math.max(1, LEAST / inner()),
        (from, to) -> {
          float[] row = new float[inner()];
          byte[] rounded = new byte[inner()];
          for (int i = from; i < to; i++) {
            int at = 0;
            for (Matrix part : a) {
              part.floats().get(part.start(i), row, at, part.columns());
              at += part.columns();
            }
            scales[i] = round(row, rounded);
            into.put(i * rounded.length, rounded);
          }
        });
    return scales;
  }

  /** Rounds a row; gives its scale. */
  private static float round(float[] row, byte[] rounded) {
    float most = 0;
    for (float number : row) {
      float size = Math.abs(number);
      most = size > most ? size : most;
    }
    float factor = most == 0 ? 0 : Int8Matrix.LARGEST / most;
    for (int k = 0; k < row.length; k++) {
      rounded[k] = (byte) Float.floatToRawIntBits(row[k] * factor + ROUND);
    }
    return most / Int8Matrix.LARGEST;
  }

  @Override
  public void close() {
    sums.close();
    scratch.close();
  }
}
