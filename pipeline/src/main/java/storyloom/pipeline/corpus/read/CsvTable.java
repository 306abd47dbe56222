package storyloom.pipeline.corpus.read;

import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import storyloom.model.UserException;

/**
 * CSV files as one table with all their columns, which are strings. A file that lacks a column has
 * nulls in it.
 */
public final class CsvTable {

  private CsvTable() {}

  /**
   * Opens the files at a path.
   *
   * @param path a file, a folder or a pattern; any Hadoop URI
   * @throws UserException of data if there is no line in any file
   */
  public static RecordTable open(SparkSession session, String path, CsvDialect dialect)
      throws IOException {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    List<FileStatus> files =
        CorpusFiles.withoutColumnsInNames(new Path(path), spark.hadoopConfiguration());
    if (files.isEmpty()) {
      throw UserException.data(path + " is empty: it names no columns");
    }
    JavaRDD<LineFiles.Line> lines = LineFiles.openWhole(spark, files, dialect.encoding()).lines();
    Set<String> names = new LinkedHashSet<>();
    lines
        .mapPartitions(each -> List.of(CsvRecords.header(each, dialect)).iterator())
        .collect()
        .forEach(names::addAll);
    StructType columns = new StructType();
    for (String name : names) {
      columns = columns.add(name, DataTypes.StringType);
    }
    String fault = RecordTable.unused("storyloom fault", names);
    List<String> order = List.copyOf(names);
    return new RecordTable(
        session.createDataFrame(
            lines.mapPartitions(each -> rows(each, order, dialect)),
            columns.add(fault, DataTypes.StringType)),
        columns,
        fault);
  }

  private static Iterator<Row> rows(
      Iterator<LineFiles.Line> lines, List<String> names, CsvDialect dialect) {
    CsvRecords records = new CsvRecords(lines, dialect);
    int[] places = names.stream().mapToInt(records.columns()::indexOf).toArray();
    return records.map(record -> row(record, places));
  }

  private static Row row(CsvRecords.CsvRecord record, int[] places) {
    Object[] row = new Object[places.length + 1];
    if (record.fault() == null) {
      for (int i = 0; i < places.length; i++) {
        row[i] = places[i] < 0 ? null : record.values()[places[i]];
      }
    } else {
      LineFiles.Line first = record.first();
      row[places.length] =
          "line %d of %s is no record: %s".formatted(first.number(), first.file(), record.reason());
    }
    return RowFactory.create(row);
  }
}
