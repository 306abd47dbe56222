package storyloom.pipeline.corpus.read;

import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * A table of a text format. What should be a record and is none is a row of nulls that says why.
 *
 * @param rows in the order of the files and of the records in them
 * @param columns those of the files
 * @param fault name of the column behind them: why the row is no record, null if it is one
 */
public record RecordTable(Dataset<Row> rows, StructType columns, String fault) {

  /** A name that begins like the given one and that no column has. */
  public static String unused(String name, Set<String> columns) {
    return Stream.iterate(name, each -> each + "'")
        .filter(each -> !columns.contains(each))
        .findFirst()
        .orElseThrow();
  }
}
