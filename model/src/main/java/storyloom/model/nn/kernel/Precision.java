package storyloom.model.nn.kernel;

import java.util.Locale;

/** What the factors of a decoder's products are rounded to. */
public enum Precision {
  /** Not at all: they stay floats. */
  FLOAT32 {
    @Override
    public RowProduct product(Matrix... parts) {
      return RowProduct.of(parts);
    }

    @Override
    public RowProduct productWithTransposed(Matrix matrix) {
      return RowProduct.ofTransposed(matrix);
    }
  },

  /** Bytes; see {@link Int8Product}. */
  INT8 {
    @Override
    public RowProduct product(Matrix... parts) {
      return Int8Product.of(Int8Matrix.of(parts));
    }

    @Override
    public RowProduct productWithTransposed(Matrix matrix) {
      return Int8Product.of(Int8Matrix.ofTransposed(matrix));
    }
  };

  /**
   * Products with matrices that stand on top of each other.
   *
   * @param parts as for {@link RowProduct#of}
   */
  public abstract RowProduct product(Matrix... parts);

  /**
   * Products with the transpose of a matrix.
   *
   * @param matrix as for {@link RowProduct#ofTransposed}
   */
  public abstract RowProduct productWithTransposed(Matrix matrix);

  /** As it stands in settings: lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The precision of a label.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Precision labelled(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }
}
