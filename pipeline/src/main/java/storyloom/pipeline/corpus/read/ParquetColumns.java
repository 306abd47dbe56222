package storyloom.pipeline.corpus.read;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.EnumLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntervalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.types.DecimalType;
import storyloom.model.UserException;

/**
 * The columns of a Parquet file, with what Spark would not say of them.
 *
 * @param layout the file's own description of them, equal where they are
 * @param types of the columns, by their names: text, or what Parquet calls another
 * @param unknown columns of types that Spark has none for, with the type
 * @param nanos columns of timestamps in nanoseconds, and whether they are instants (UTC)
 * @param fault why the file cannot be read; null if it can
 */
record ParquetColumns(
    String layout,
    SortedMap<String, String> types,
    List<String> unknown,
    SortedMap<String, Boolean> nanos,
    String fault)
    implements Serializable {

  /** The key under which Spark keeps its own description of the columns. */
  private static final String SPARK_SCHEMA = "org.apache.spark.sql.parquet.row.metadata";

  private static final String TEXT = "text";

  /** A file ends with the length of its footer and four letters. */
  private static final int TAIL = 8;

  /** Reads the end of a file, which describes it. */
  static ParquetColumns of(String file, Configuration configuration) {
    List<String> unknown = new ArrayList<>();
    SortedMap<String, String> types = new TreeMap<>();
    SortedMap<String, Boolean> nanos = new TreeMap<>();
    try {
      unknown.addAll(newerTypes(new Path(file), configuration));
      if (!unknown.isEmpty()) {
        return new ParquetColumns("", types, unknown, nanos, null);
      }
    } catch (IOException | RuntimeException damaged) {
      unknown.clear(); // the reader below says what is wrong
    }
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(new Path(file), configuration))) {
      FileMetaData footer = reader.getFooter().getFileMetaData();
      for (Type column : footer.getSchema().getFields()) {
        types.put(column.getName(), isText(column) ? TEXT : inWords(column));
        if (isInNanoseconds(column) && !column.isRepetition(Type.Repetition.REPEATED)) {
          nanos.put(column.getName(), isUtc(column));
        } else {
          collectUnknown(column, column.getName(), unknown);
        }
      }
      String layout = footer.getSchema() + "\n" + footer.getKeyValueMetaData().get(SPARK_SCHEMA);
      return new ParquetColumns(layout, types, unknown, nanos, fault(reader, configuration));
    } catch (IOException | RuntimeException damaged) {
      return new ParquetColumns("", types, unknown, nanos, String.valueOf(damaged.getMessage()));
    }
  }

  /**
   * Columns of types that are newer than Spark's reader of Parquet, which fails at them without a
   * word about which they are.
   */
  private static List<String> newerTypes(Path file, Configuration configuration)
      throws IOException {
    try (SeekableInputStream in = HadoopInputFile.fromPath(file, configuration).newStream()) {
      long end = file.getFileSystem(configuration).getFileStatus(file).getLen() - TAIL;
      in.seek(end);
      long length = Integer.toUnsignedLong(Integer.reverseBytes(new DataInputStream(in).readInt()));
      in.seek(end - length);
      return Util.readFileMetaData(in, true).getSchema().stream()
          .filter(each -> each.isSetLogicalType() && each.getLogicalType().getSetField() == null)
          .map(each -> each.getName() + " (a type newer than Spark)")
          .toList();
    }
  }

  /** What is wrong with a file whose columns are known: a compression that nothing here undoes. */
  private static String fault(ParquetFileReader reader, Configuration configuration) {
    return reader.getFooter().getBlocks().stream()
        .flatMap(block -> block.getColumns().stream())
        .map(ColumnChunkMetaData::getCodec)
        .distinct()
        .filter(codec -> codec.getHadoopCompressionCodecClassName() != null)
        .filter(
            codec ->
                configuration.getClassByNameOrNull(codec.getHadoopCompressionCodecClassName())
                    == null)
        .map(
            codec ->
                "it is compressed with %s, which needs a library that is not here; write it with zstd or snappy"
                    .formatted(codec))
        .findFirst()
        .orElse(null);
  }

  private static boolean isText(Type column) {
    LogicalTypeAnnotation annotation = column.getLogicalTypeAnnotation();
    return column.isPrimitive()
        && !column.isRepetition(Type.Repetition.REPEATED)
        && column.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY
        && (annotation == null
            || annotation instanceof StringLogicalTypeAnnotation
            || annotation instanceof EnumLogicalTypeAnnotation
            || annotation instanceof JsonLogicalTypeAnnotation);
  }

  private static String inWords(Type column) {
    LogicalTypeAnnotation annotation = column.getLogicalTypeAnnotation();
    String name =
        annotation != null
            ? annotation.toString()
            : column.isPrimitive()
                ? column.asPrimitiveType().getPrimitiveTypeName().toString()
                : "struct";
    return name.toLowerCase(Locale.ROOT);
  }

  private static void collectUnknown(Type type, String name, List<String> unknown) {
    if (!type.isPrimitive()) {
      for (Type field : type.asGroupType().getFields()) {
        collectUnknown(field, name + "." + field.getName(), unknown);
      }
    } else if (isUnknown(type.getLogicalTypeAnnotation())) {
      unknown.add("%s (%s)".formatted(name, type.getLogicalTypeAnnotation()));
    }
  }

  private static boolean isUnknown(LogicalTypeAnnotation annotation) {
    return annotation instanceof TimeLogicalTypeAnnotation
        || annotation instanceof UUIDLogicalTypeAnnotation
        || annotation instanceof IntervalLogicalTypeAnnotation
        || (annotation instanceof TimestampLogicalTypeAnnotation timestamp
            && timestamp.getUnit() == TimeUnit.NANOS)
        || (annotation instanceof DecimalLogicalTypeAnnotation decimal
            && decimal.getPrecision() > DecimalType.MAX_PRECISION());
  }

  private static boolean isInNanoseconds(Type type) {
    return type.getLogicalTypeAnnotation() instanceof TimestampLogicalTypeAnnotation timestamp
        && timestamp.getUnit() == TimeUnit.NANOS;
  }

  private static boolean isUtc(Type type) {
    return ((TimestampLogicalTypeAnnotation) type.getLogicalTypeAnnotation()).isAdjustedToUTC();
  }

  /**
   * The names of the columns of text with the given names, or with names that differ in case.
   *
   * @param file for the messages
   * @throws UserException of data if the file cannot be read, lacks one of them, or has something
   *     else in it
   */
  List<String> texts(Path file, List<String> columns) {
    if (types.isEmpty()) {
      requireKnownTypes(file.toString());
    }
    requireReadable(file.toString());
    List<String> names = List.copyOf(types.keySet());
    CorpusReader.requireColumns(names, file);
    for (String column : columns) {
      String name = names.get(PairColumns.index(names, column));
      if (!types.get(name).equals(TEXT)) {
        throw UserException.data(
            "column %s of %s must hold strings, not %s".formatted(name, file, types.get(name)));
      }
    }
    return names.stream()
        .filter(name -> columns.stream().anyMatch(name::equalsIgnoreCase))
        .filter(name -> types.get(name).equals(TEXT))
        .toList();
  }

  private void requireReadable(String file) {
    if (fault != null) {
      throw UserException.data("cannot read %s as parquet: %s".formatted(file, fault));
    }
  }

  /**
   * Refuses a file that Spark can make no table of.
   *
   * @param file for the message
   * @throws UserException of data if it cannot be read, or has columns of types unknown to Spark
   */
  void requireKnownTypes(String file) {
    requireReadable(file);
    if (!unknown.isEmpty()) {
      throw UserException.data(
          "Spark has no type for what %s holds: leave out, or write as strings, its columns %s"
              .formatted(file, String.join(", ", unknown)));
    }
  }
}
