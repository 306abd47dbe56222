package storyloom.pipeline.corpus;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import storyloom.pipeline.LocalSpark;

/** Tables of pairs for tests. */
public final class Pairs {

  private Pairs() {}

  /** A table of the pairs, each written {@code prompt|story}. */
  public static Dataset<Row> of(String... pairs) {
    List<Row> rows =
        Arrays.stream(pairs)
            .map(pair -> pair.split("\\|", -1))
            .map(sides -> RowFactory.create(sides[0], sides[1]))
            .toList();
    return LocalSpark.session().createDataFrame(rows, PairColumns.SCHEMA);
  }

  /** The pairs of a table, each written {@code prompt|story}, in the order of the alphabet. */
  public static List<String> in(Dataset<Row> table) {
    return table.collectAsList().stream()
        .map(row -> row.getString(0) + "|" + row.getString(1))
        .sorted()
        .toList();
  }
}
