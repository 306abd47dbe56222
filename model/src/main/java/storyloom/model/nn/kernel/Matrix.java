package storyloom.model.nn.kernel;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A row-major matrix of floats or doubles in off-heap memory that somebody else owns. Row r, column
 * c stands at {@code offset + r · stride + c}; a view of some rows or columns shares the memory.
 *
 * <p>A matrix keeps the array it was made from alive, but not the workspace that array may stand
 * in: use it within the forward or backward pass that made it.
 *
 * <p>Loops reach the memory through buffers, which check each access; libraries of products take
 * raw pointers, which nothing checks. With {@code -Dstoryloom.checks=true}, as in all tests, a
 * pointer is handed out only when all of the matrix lies in memory that was not freed.
 */
public final class Matrix {

  /** Bytes that one direct buffer can address. */
  private static final long LARGEST_BUFFER = Integer.MAX_VALUE;

  /** Numbers in all stretches but the last: whole blocks of {@link Kernel#squaredNorm}. */
  private static final int STRETCH = 1 << 27;

  private static final boolean CHECKED = Boolean.getBoolean("storyloom.checks");

  private final INDArray owner;
  private final Pointer base;
  private final ByteBuffer bytes;
  private final Buffer numbers;
  private final boolean isDouble;
  private final int offset;
  private final int rows;
  private final int columns;
  private final int stride;

  private Matrix(Matrix from, int offset, int rows, int columns, int stride) {
    this.owner = from.owner;
    this.base = from.base;
    this.bytes = from.bytes;
    this.numbers = from.numbers;
    this.isDouble = from.isDouble;
    this.offset = offset;
    this.rows = rows;
    this.columns = columns;
    this.stride = stride;
  }

  private Matrix(INDArray array, long first, int rows, int columns) {
    this.owner = array;
    this.isDouble = array.dataType() == DataType.DOUBLE;
    int width = isDouble ? Double.BYTES : Float.BYTES;
    this.base = new BytePointer(array.data().addressPointer()).getPointer(first * width);
    long size = (long) rows * columns * width;
    if (size > LARGEST_BUFFER) {
      throw new IllegalArgumentException(
          "a matrix of " + rows + " × " + columns + " is larger than 2 GiB");
    }
    BytePointer start = new BytePointer(base);
    this.bytes = start.capacity(size).asByteBuffer().order(ByteOrder.nativeOrder());
    this.numbers = isDouble ? bytes.asDoubleBuffer() : bytes.asFloatBuffer();
    this.offset = 0;
    this.rows = rows;
    this.columns = columns;
    this.stride = columns;
  }

  /**
   * The numbers of an array, not a copy of them.
   *
   * @param array float or double in 'c' order without gaps; one dimension counts as one row, of
   *     more than two the last is the columns and the others together are the rows
   */
  public static Matrix of(INDArray array) {
    requireNumbers(array);
    long columns = array.size(array.rank() - 1);
    return new Matrix(
        array, 0, Math.toIntExact(array.length() / columns), Math.toIntExact(columns));
  }

  /**
   * The numbers of a flat array of any length, cut into matrices of one row that a direct buffer
   * can address.
   *
   * @param flat as for {@link #of}
   */
  public static List<Matrix> stretches(INDArray flat) {
    return stretches(flat, STRETCH);
  }

  static List<Matrix> stretches(INDArray flat, int longest) {
    requireNumbers(flat);
    List<Matrix> stretches = new ArrayList<>();
    for (long first = 0; first < flat.length(); first += longest) {
      stretches.add(new Matrix(flat, first, 1, (int) Math.min(longest, flat.length() - first)));
    }
    return stretches;
  }

  private static void requireNumbers(INDArray array) {
    if (array.dataType() != DataType.FLOAT && array.dataType() != DataType.DOUBLE) {
      throw new IllegalArgumentException("a matrix holds float or double, not " + array.dataType());
    }
    if (!isRowMajor(array)) {
      throw new IllegalArgumentException("a matrix needs an array in 'c' order without gaps");
    }
  }

  private static boolean isRowMajor(INDArray array) {
    long expected = 1;
    for (int d = array.rank() - 1; d >= 0; d--) {
      if (array.size(d) != 1 && array.stride(d) != expected) {
        return false;
      }
      expected *= array.size(d);
    }
    return true;
  }

  /** Rows {@code from} to {@code to}, the latter excluded; shares the memory. */
  public Matrix rows(int from, int to) {
    check(from >= 0 && from <= to && to <= rows, "rows", from, to, rows);
    return new Matrix(this, offset + from * stride, to - from, columns, stride);
  }

  /** Columns {@code from} to {@code to}, the latter excluded; shares the memory. */
  public Matrix columns(int from, int to) {
    check(from >= 0 && from <= to && to <= columns, "columns", from, to, columns);
    return new Matrix(this, offset + from, rows, to - from, stride);
  }

  /** The first numbers of this gapless matrix as another shape; shares the memory. */
  public Matrix shaped(int newRows, int newColumns) {
    if (stride != columns || (long) newRows * newColumns > (long) rows * columns) {
      throw new IllegalArgumentException(
          "cannot see " + this + " as " + newRows + " × " + newColumns);
    }
    return new Matrix(this, offset, newRows, newColumns, newColumns);
  }

  public int rows() {
    return rows;
  }

  public int columns() {
    return columns;
  }

  /** Numbers from the start of one row to the start of the next. */
  public int stride() {
    return stride;
  }

  /** Whether the numbers are doubles; floats otherwise. */
  public boolean isDouble() {
    return isDouble;
  }

  /** One number; checked, so not for hot loops. */
  public double get(int row, int column) {
    check(row >= 0 && row < rows, "row", row, row + 1, rows);
    check(column >= 0 && column < columns, "column", column, column + 1, columns);
    int at = start(row) + column;
    return isDouble ? doubles().get(at) : floats().get(at);
  }

  /** Writes one number; checked, so not for hot loops. */
  public void set(int row, int column, double number) {
    check(row >= 0 && row < rows, "row", row, row + 1, rows);
    check(column >= 0 && column < columns, "column", column, column + 1, columns);
    int at = start(row) + column;
    if (isDouble) {
      doubles().put(at, number);
    } else {
      floats().put(at, (float) number);
    }
  }

  /**
   * Copies a row of floats to the Java heap.
   *
   * @param into at least as long as a row
   */
  public void copyRow(int row, float[] into) {
    check(row >= 0 && row < rows, "row", row, row + 1, rows);
    floats().get(start(row), into, 0, columns);
  }

  /**
   * The reverse of {@link #copyRow}.
   *
   * @param from at least as long as a row
   */
  public void writeRow(int row, float[] from) {
    check(row >= 0 && row < rows, "row", row, row + 1, rows);
    floats().put(start(row), from, 0, columns);
  }

  /** A copy of one column on the Java heap. */
  public double[] column(int column) {
    double[] numbers = new double[rows];
    for (int row = 0; row < rows; row++) {
      numbers[row] = get(row, column);
    }
    return numbers;
  }

  /** Where a row starts, counted in numbers from the start of the memory. */
  int start(int row) {
    return offset + row * stride;
  }

  ByteBuffer bytes() {
    return bytes;
  }

  FloatBuffer floats() {
    return (FloatBuffer) numbers;
  }

  DoubleBuffer doubles() {
    return (DoubleBuffer) numbers;
  }

  FloatPointer floatPointer() {
    requireMemory();
    return new FloatPointer(base).position(offset);
  }

  /** The first number, for functions that take any pointer: those count positions in bytes. */
  BytePointer bytePointer() {
    requireMemory();
    return new BytePointer(base).position((long) offset * (isDouble ? Double.BYTES : Float.BYTES));
  }

  DoublePointer doublePointer() {
    requireMemory();
    return new DoublePointer(base).position(offset);
  }

  private void requireMemory() {
    if (!CHECKED) {
      return;
    }
    if (owner.wasClosed()) {
      throw new IllegalStateException("the array of a " + this + " was closed");
    }
    long end = rows == 0 ? offset : offset + (rows - 1L) * stride + columns;
    check(offset >= 0 && end <= numbers.capacity(), "numbers", offset, end, numbers.capacity());
  }

  private static void check(boolean holds, String what, long from, long to, long size) {
    if (!holds) {
      throw new IndexOutOfBoundsException(
          what + " " + from + " to " + to + " of a matrix that has " + size);
    }
  }

  @Override
  public String toString() {
    return "matrix " + rows + " × " + columns + (stride == columns ? "" : ", stride " + stride);
  }
}
