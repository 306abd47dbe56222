package storyloom.pipeline.corpus;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import storyloom.pipeline.LocalSpark;
import storyloom.pipeline.corpus.read.PairColumns;
import storyloom.pipeline.corpus.read.RawCorpus;

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

  /** The same pairs as if read from a file, one a line. */
  public static Dataset<Row> read(String file, String... pairs) {
    List<Row> rows =
        IntStream.range(0, pairs.length)
            .mapToObj(
                i -> {
                  String[] sides = pairs[i].split("\\|", -1);
                  return RawCorpus.row(sides[0], sides[1], file, i + 1);
                })
            .toList();
    return LocalSpark.session().createDataFrame(rows, RawCorpus.SCHEMA);
  }

  /** The pairs of a table, each written {@code prompt|story}, in the order of the alphabet. */
  public static List<String> in(Dataset<Row> table) {
    return table.select(PairColumns.PROMPT, PairColumns.STORY).collectAsList().stream()
        .map(row -> row.getString(0) + "|" + row.getString(1))
        .sorted()
        .toList();
  }
}
