package storyloom.model.nn.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * {@link RowProduct} with a matrix of many rows, section by section: what the sections give is
 * added up in their order.
 *
 * @param sections one below the other, {@link RowProduct#SECTION} rows each but for the last
 * @param scratch for the sums of a section
 */
record SectionedProduct(List<RowProduct> sections, Scratch scratch) implements RowProduct {

  @Override
  public int inner() {
    return sections.stream().mapToInt(RowProduct::inner).sum();
  }

  @Override
  public int columns() {
    return sections.get(0).columns();
  }

  @Override
  public void multiply(Matrix c, Columns computed, Matrix... a) {
    RowProduct.requireFit(this, c, a);
    Kernel kernel = Kernel.of(c);
    sections.get(0).multiply(c, some(a, 0));
    for (int i = 1; i < sections.size(); i++) {
      RowProduct section = sections.get(i);
      Matrix[] factors = some(a, i * SECTION);
      Columns told = i + 1 < sections.size() ? Columns.IGNORED : computed;
      scratch.lend(
          c.rows(),
          c.columns(),
          sums ->
              section.multiply(
                  sums,
                  (from, to) -> {
                    kernel.add(sums.columns(from, to), c.columns(from, to));
                    told.computed(from, to);
                  },
                  factors));
    }
  }

  /** The columns of a section, of matrices that stand side by side. */
  private Matrix[] some(Matrix[] a, int first) {
    int last = Math.min(first + SECTION, inner());
    List<Matrix> some = new ArrayList<>();
    int at = 0;
    for (Matrix part : a) {
      int from = Math.max(first - at, 0);
      int to = Math.min(last - at, part.columns());
      if (from < to) {
        some.add(part.columns(from, to));
      }
      at += part.columns();
    }
    return some.toArray(Matrix[]::new);
  }

  @Override
  public void close() {
    sections.forEach(RowProduct::close);
    scratch.close();
  }
}
