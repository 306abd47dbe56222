package storyloom.pipeline.corpus.read;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;
import storyloom.model.UserException;

/**
 * Parquet files as one table with all their columns. Spark itself takes the columns of whichever
 * file it looks into first; here a file that lacks a column has nulls in it, and files that differ
 * in a column's type are refused before anything is done.
 */
public final class ParquetTable {

  private static final String NANOS_TO_MICROS = "`%s` div 1000";
  private static final String NANOS_TO_UTC = "timestamp_micros(" + NANOS_TO_MICROS + ")";

  /** The sum of the first instant and an interval, which no time zone has a part in. */
  private static final String NANOS_TO_LOCAL =
      "timestamp_ntz'1970-01-01 00:00:00' + make_dt_interval(0, 0, 0, cast(cast("
          + NANOS_TO_MICROS
          + " as decimal(16, 0)) * 0.000001 as decimal(18, 6)))";

  private ParquetTable() {}

  /**
   * Opens the files at a path.
   *
   * @param session as {@link TableSession} gives it
   * @param path a file, a folder or a pattern; any Hadoop URI
   * @throws UserException of data if a file cannot be read, files differ in a column's type, or a
   *     column has a type that Spark has none for
   */
  public static Dataset<Row> open(SparkSession session, String path) throws IOException {
    List<FileStatus> files = files(session, path);
    SortedMap<String, ParquetColumns> layouts = layouts(session, files);
    layouts.forEach((file, columns) -> columns.requireKnownTypes(file));
    DataFrameReader reader = TableSession.reader(session, path, files);
    Dataset<Row> table =
        layouts.size() == 1
            ? reader.parquet(path)
            : reader.schema(merged(layouts.keySet(), file -> schema(session, file))).parquet(path);
    Map<String, Boolean> nanos = new LinkedHashMap<>();
    layouts.values().forEach(columns -> nanos.putAll(columns.nanos()));
    return nanos.isEmpty() ? table : inMicroseconds(table, nanos, path);
  }

  /**
   * Opens columns of strings, or of bytes that are taken for text, found by their names or by names
   * that differ in case. What else is in the files may be of any type.
   *
   * @throws UserException of data if a file cannot be read, lacks one of the columns, or has
   *     something else in it
   */
  static Dataset<Row> texts(SparkSession session, String path, List<String> columns)
      throws IOException {
    List<FileStatus> files = files(session, path);
    Set<String> found = new LinkedHashSet<>();
    layouts(session, files)
        .forEach((file, layout) -> found.addAll(layout.texts(new Path(file), columns)));
    StructType schema = new StructType();
    for (String column : found) {
      schema = schema.add(column, DataTypes.StringType);
    }
    return TableSession.reader(session, path, files).schema(schema).parquet(path);
  }

  private static List<FileStatus> files(SparkSession session, String path) throws IOException {
    List<FileStatus> files =
        CorpusFiles.matching(new Path(path), session.sessionState().newHadoopConf());
    if (files.isEmpty()) {
      throw UserException.data("there is no file in " + path);
    }
    return files;
  }

  /** The columns that files have, each with the first of the files that have them. */
  private static SortedMap<String, ParquetColumns> layouts(
      SparkSession session, List<FileStatus> statuses) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    SerializableConfiguration configuration =
        new SerializableConfiguration(session.sessionState().newHadoopConf());
    List<String> files = statuses.stream().map(file -> file.getPath().toString()).toList();
    SortedMap<String, ParquetColumns> layouts = new TreeMap<>();
    spark
        .parallelize(files, Math.min(files.size(), spark.defaultParallelism()))
        .mapToPair(file -> new Tuple2<>(ParquetColumns.of(file, configuration.value()), file))
        .reduceByKey((one, other) -> one.compareTo(other) <= 0 ? one : other)
        .collect()
        .forEach(each -> layouts.put(each._2(), each._1()));
    return layouts;
  }

  /**
   * All columns of files, in the order of the files in which they come first.
   *
   * @param schema the columns of one of the files
   * @throws UserException of data if files differ in a column's type
   */
  static StructType merged(Collection<String> files, Function<String, StructType> schema) {
    Map<String, StructField> merged = new LinkedHashMap<>();
    Map<String, String> firsts = new LinkedHashMap<>();
    files.forEach(
        file -> {
          for (StructField field : schema.apply(file).fields()) {
            StructField known = merged.putIfAbsent(field.name(), field);
            if (known == null) {
              firsts.put(field.name(), file);
            } else {
              requireSameType(known, firsts.get(field.name()), field, file);
            }
          }
        });
    return new StructType(merged.values().toArray(StructField[]::new));
  }

  private static StructType schema(SparkSession session, String file) {
    return session.read().parquet(CorpusFiles.exactly(new Path(file)).toString()).schema();
  }

  private static void requireSameType(
      StructField one, String first, StructField other, String file) {
    if (!DataType.equalsIgnoreNullability(one.dataType(), other.dataType())) {
      throw UserException.data(
          "column %s is %s in %s, but %s in %s: write all files with one type"
              .formatted(
                  one.name(),
                  one.dataType().simpleString(),
                  first,
                  other.dataType().simpleString(),
                  file));
    }
  }

  /** Makes timestamps of whole numbers of nanoseconds, where nothing is lost with it. */
  private static Dataset<Row> inMicroseconds(
      Dataset<Row> table, Map<String, Boolean> nanos, String path) {
    for (String column : nanos.keySet()) {
      if (!table.filter(expr("`%s` %% 1000 != 0".formatted(quoted(column)))).isEmpty()) {
        throw UserException.data(
            "column %s of %s has nanoseconds, and Spark's timestamps end with microseconds: leave it out, or write it in microseconds or as a whole number"
                .formatted(column, path));
      }
    }
    return table.select(
        Arrays.stream(table.columns())
            .map(
                column ->
                    nanos.containsKey(column)
                        ? timestamp(column, nanos.get(column))
                        : col("`" + quoted(column) + "`"))
            .toArray(Column[]::new));
  }

  private static Column timestamp(String column, boolean utc) {
    return expr((utc ? NANOS_TO_UTC : NANOS_TO_LOCAL).formatted(quoted(column))).as(column);
  }

  private static String quoted(String column) {
    return column.replace("`", "``");
  }
}
