package storyloom.pipeline.generate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/**
 * What Parquet files hold, read without Spark: each value as the file's own description of its
 * column says, whatever the width in which it is stored.
 */
final class ParquetValues {

  private ParquetValues() {}

  /** The rows of a file, or of the part files of a folder in the order of their names. */
  static List<Map<String, Object>> of(Path path) throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Path file : files(path)) {
      try (ParquetReader<Group> reader =
          ParquetReader.builder(new GroupReadSupport(), new org.apache.hadoop.fs.Path(file.toUri()))
              .build()) {
        for (Group row = reader.read(); row != null; row = reader.read()) {
          rows.add(fields(row));
        }
      }
    }
    return rows;
  }

  private static List<Path> files(Path path) {
    if (Files.isRegularFile(path)) {
      return List.of(path);
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.filter(file -> file.toString().endsWith(".parquet")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Object> fields(Group group) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (Type field : group.getType().getFields()) {
      List<Object> values = new ArrayList<>();
      for (int i = 0; i < group.getFieldRepetitionCount(field.getName()); i++) {
        values.add(
            field.isPrimitive()
                ? value(group, field.asPrimitiveType(), i)
                : fields(group.getGroup(field.getName(), i)));
      }
      fields.put(
          field.getName(), field.isRepetition(Type.Repetition.REPEATED) ? values : one(values));
    }
    return fields;
  }

  private static Object one(List<Object> values) {
    return values.isEmpty() ? null : values.get(0);
  }

  private static Object value(Group group, PrimitiveType type, int i) {
    String name = type.getName();
    LogicalTypeAnnotation annotation = type.getLogicalTypeAnnotation();
    return switch (type.getPrimitiveTypeName()) {
      case BOOLEAN -> group.getBoolean(name, i);
      case FLOAT -> group.getFloat(name, i);
      case DOUBLE -> group.getDouble(name, i);
      case INT32 -> whole(annotation, group.getInteger(name, i), Integer.SIZE);
      case INT64 -> whole(annotation, group.getLong(name, i), Long.SIZE);
      case BINARY, FIXED_LEN_BYTE_ARRAY -> bytes(annotation, group.getBinary(name, i).getBytes());
      case INT96 -> throw new AssertionError(name + " is an INT96, which readers disagree about");
    };
  }

  private static Object whole(LogicalTypeAnnotation annotation, long value, int bits) {
    if (annotation instanceof DateLogicalTypeAnnotation) {
      return LocalDate.ofEpochDay(value);
    }
    if (annotation instanceof TimestampLogicalTypeAnnotation timestamp) {
      ChronoUnit unit = ChronoUnit.valueOf(timestamp.getUnit().name());
      Instant instant = Instant.EPOCH.plus(value, unit);
      return timestamp.isAdjustedToUTC()
          ? instant
          : instant.atOffset(ZoneOffset.UTC).toLocalDateTime();
    }
    BigInteger number = BigInteger.valueOf(value);
    if (annotation instanceof DecimalLogicalTypeAnnotation decimal) {
      return new BigDecimal(number, decimal.getScale());
    }
    boolean unsigned = annotation instanceof IntLogicalTypeAnnotation whole && !whole.isSigned();
    return new BigDecimal(unsigned ? number.mod(BigInteger.TWO.pow(bits)) : number);
  }

  private static Object bytes(LogicalTypeAnnotation annotation, byte[] bytes) {
    if (annotation instanceof DecimalLogicalTypeAnnotation decimal) {
      return new BigDecimal(new BigInteger(bytes), decimal.getScale());
    }
    return HexFormat.of().formatHex(bytes);
  }
}
