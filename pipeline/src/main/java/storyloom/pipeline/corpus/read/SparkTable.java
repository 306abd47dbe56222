package storyloom.pipeline.corpus.read;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import storyloom.model.UserException;

/** Tables that are Spark's matter alone: those of its catalog, and files of ORC and Avro. */
public final class SparkTable {

  private SparkTable() {}

  /**
   * Opens ORC or Avro files as one table with all their columns; a file that lacks one has nulls in
   * it.
   *
   * @param session as {@link TableSession} gives it
   * @param path a file, a folder or a pattern; any Hadoop URI
   * @throws UserException of data if files differ in a column's type, or Spark has no reader here
   */
  public static Dataset<Row> ofFiles(SparkSession session, DataFormat format, String path)
      throws IOException {
    requireReader(session, format);
    List<FileStatus> files =
        CorpusFiles.matching(new Path(path), session.sessionState().newHadoopConf());
    StructType columns =
        ParquetTable.merged(
            files.stream()
                .filter(file -> file.getLen() > 0)
                .map(file -> file.getPath().toString())
                .toList(),
            file ->
                session
                    .read()
                    .format(format.toString())
                    .load(CorpusFiles.exactly(new Path(file)).toString())
                    .schema());
    return TableSession.reader(session, path, files)
        .schema(columns)
        .format(format.toString())
        .load(path);
  }

  private static void requireReader(SparkSession session, DataFormat format) {
    if (format == DataFormat.AVRO) {
      try {
        Class.forName(
            "org.apache.spark.sql.avro.AvroFileFormat",
            false,
            Thread.currentThread().getContextClassLoader());
      } catch (ClassNotFoundException absent) {
        throw UserException.usage(
            "Spark's reader of Avro is not here: add --packages org.apache.spark:spark-avro_%s:%s"
                .formatted(
                    scala.util.Properties.versionNumberString().replaceFirst("\\.\\d+$", ""),
                    session.version()),
            absent);
      }
    }
  }

  /**
   * Opens a table of the session's catalogs.
   *
   * @throws UserException of data if there is none of that name
   */
  public static Dataset<Row> ofCatalog(SparkSession session, String name) {
    Exception reason = null;
    try {
      if (session.catalog().tableExists(name)) {
        return session.table(name);
      }
    } catch (Exception failure) { // Spark throws checked ones undeclared
      reason = failure;
    }
    throw UserException.data(
        "there is no table %s in Spark's catalog: see to its name, and that the session has the catalog, as with --conf spark.sql.catalogImplementation=hive"
            .formatted(name),
        reason);
  }

  /**
   * The files that a table of the catalog lies in.
   *
   * @throws UserException of data if it lies in none
   */
  static List<FileStatus> files(SparkSession session, String name) throws IOException {
    Configuration configuration = session.sessionState().newHadoopConf();
    List<FileStatus> files = new ArrayList<>();
    for (String file : ofCatalog(session, name).inputFiles()) {
      Path path = new Path(URI.create(file));
      files.add(path.getFileSystem(configuration).getFileStatus(path));
    }
    if (files.isEmpty()) {
      throw UserException.data(
          "the table %s does not lie in files: write it as Parquet and train on that"
              .formatted(name));
    }
    return files;
  }
}
