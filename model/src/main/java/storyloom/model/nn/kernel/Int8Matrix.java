package storyloom.model.nn.kernel;

import java.util.Arrays;

/**
 * A matrix [K,n] of numbers from −127 to 127, and what each of its columns is multiplied by: the
 * largest number of a column is 127 or −127.
 *
 * @param inner K
 * @param columns n
 * @param numbers row by row
 * @param scales one a column; 0 for a column of zeros
 */
record Int8Matrix(int inner, int columns, byte[] numbers, float[] scales) {

  /** What the largest number of a row or a column becomes. */
  static final float LARGEST = 127;

  /**
   * Matrices that stand on top of each other, rounded.
   *
   * @param parts floats, all of n columns
   */
  static Int8Matrix of(Matrix... parts) {
    int inner = 0;
    for (Matrix part : parts) {
      Shapes.require(part.columns() == parts[0].columns() && !part.isDouble(), parts);
      inner += part.rows();
    }
    int columns = parts[0].columns();
    float[] row = new float[columns];
    float[] most = new float[columns];
    for (Matrix part : parts) {
      for (int k = 0; k < part.rows(); k++) {
        part.copyRow(k, row);
        for (int j = 0; j < columns; j++) {
          most[j] = Math.max(most[j], Math.abs(row[j]));
        }
      }
    }
    byte[] numbers = new byte[Math.multiplyExact(inner, columns)];
    int at = 0;
    for (Matrix part : parts) {
      for (int k = 0; k < part.rows(); k++) {
        part.copyRow(k, row);
        for (int j = 0; j < columns; j++) {
          numbers[at++] = rounded(row[j], most[j]);
        }
      }
    }
    return new Int8Matrix(inner, columns, numbers, scales(most));
  }

  /**
   * The transpose of a matrix, rounded.
   *
   * @param matrix floats, [n,K]
   */
  static Int8Matrix ofTransposed(Matrix matrix) {
    Shapes.require(!matrix.isDouble(), matrix);
    int inner = matrix.columns();
    int columns = matrix.rows();
    float[] column = new float[inner];
    float[] most = new float[columns];
    byte[] numbers = new byte[Math.multiplyExact(inner, columns)];
    for (int j = 0; j < columns; j++) {
      matrix.copyRow(j, column);
      for (float number : column) {
        most[j] = Math.max(most[j], Math.abs(number));
      }
      for (int k = 0; k < inner; k++) {
        numbers[k * columns + j] = rounded(column[k], most[j]);
      }
    }
    return new Int8Matrix(inner, columns, numbers, scales(most));
  }

  /** The numbers of some columns, row by row. */
  byte[] columns(int first, int last) {
    int width = last - first;
    byte[] some = new byte[inner * width];
    for (int k = 0; k < inner; k++) {
      System.arraycopy(numbers, k * columns + first, some, k * width, width);
    }
    return some;
  }

  private static byte rounded(float number, float most) {
    return most == 0 ? 0 : (byte) Math.rint(number * (LARGEST / most));
  }

  private static float[] scales(float[] most) {
    float[] scales = Arrays.copyOf(most, most.length);
    for (int j = 0; j < scales.length; j++) {
      scales[j] /= LARGEST;
    }
    return scales;
  }
}
