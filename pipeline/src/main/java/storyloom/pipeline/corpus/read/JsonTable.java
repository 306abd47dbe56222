package storyloom.pipeline.corpus.read;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.when;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import storyloom.model.UserException;

/**
 * JSON files as one table with the members of all objects, of the types that Spark finds for them.
 */
public final class JsonTable {

  /** The options that {@link #open} takes, most of them Spark's. */
  public static final Set<String> OPTIONS =
      Set.of(
          "allowBackslashEscapingAnyCharacter",
          "allowComments",
          "allowNonNumericNumbers",
          "allowNumericLeadingZeros",
          "allowSingleQuotes",
          "allowUnquotedFieldNames",
          "encoding",
          "multiLine",
          "prefersDecimal",
          "primitivesAsString");

  private static final String CORRUPT = "columnNameOfCorruptRecord";
  private static final String TEXT = "text";
  private static final String FAULT = "fault";
  private static final String NO_OBJECT = "no object";

  /** Stand in for what has none, while types are looked for. */
  private static final String NAMELESS = "storyloom nameless";

  private static final String MEMBER = "storyloom member";
  private static final String EMPTY = "\"" + MEMBER + "\":null";

  private static final StructType RECORD =
      new StructType()
          .add(TEXT, DataTypes.StringType)
          .add(FAULT, DataTypes.StringType)
          .add(NO_OBJECT, DataTypes.StringType);

  private JsonTable() {}

  /**
   * Opens the files at a path.
   *
   * @param path a file, a folder or a pattern; any Hadoop URI
   * @param options some of {@link #OPTIONS}, found in any case
   * @throws UserException of data if there is no object in any file, or one has a key twice
   */
  public static RecordTable open(SparkSession session, String path, Map<String, String> options)
      throws IOException {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    List<FileStatus> files =
        CorpusFiles.withoutColumnsInNames(new Path(path), spark.hadoopConfiguration());
    String encoding = CsvDialect.encoding(options).name();
    JsonRecords json =
        JsonRecords.open(spark, files, encoding, Boolean.parseBoolean(options.get("multiLine")));
    String unit = json.unit();
    Dataset<Row> records =
        session.createDataFrame(json.records().map(line -> record(line, unit, encoding)), RECORD);
    Map<String, String> spelled = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    spelled.putAll(options);
    spelled.remove("encoding");
    spelled.remove("multiLine");
    spelled.put(CORRUPT, "storyloom corrupt record");
    StructType columns = columns(session, path, records, spelled);
    String fault =
        RecordTable.unused("storyloom fault", new HashSet<>(List.of(columns.fieldNames())));
    String corrupt = fault + "?";
    spelled.put(CORRUPT, corrupt);
    Column object = from_json(col(TEXT), columns.add(corrupt, DataTypes.StringType), spelled);
    Column isCorrupt = col("object").getField(corrupt).isNotNull();
    Dataset<Row> rows =
        records
            .select(object.as("object"), col(FAULT), col(NO_OBJECT))
            .select(
                when(isCorrupt, null).otherwise(col("object")).as("object"),
                coalesce(col(FAULT), when(isCorrupt, col(NO_OBJECT))).as(fault))
            .select("object.*", "`" + fault + "`")
            .drop(corrupt);
    return new RecordTable(rows, columns, fault);
  }

  private static Row record(LineFiles.Line line, String unit, String encoding) {
    String place = "%s %d of %s".formatted(unit, line.number(), line.file());
    String noObject = place + " is no JSON object";
    if (!line.valid()) {
      return RowFactory.create(null, "%s is not %s".formatted(place, encoding), noObject);
    }
    return line.text().stripLeading().startsWith("{")
        ? RowFactory.create(line.text(), null, noObject)
        : RowFactory.create(null, noObject, noObject);
  }

  private static StructType columns(
      SparkSession session, String path, Dataset<Row> records, Map<String, String> options) {
    Dataset<String> objects =
        records
            .filter(col(TEXT).isNotNull())
            .select(TEXT)
            .as(Encoders.STRING())
            .map((MapFunction<String, String>) JsonTable::withMarks, Encoders.STRING());
    StructType found = session.read().options(options).json(objects).schema();
    StructType columns = new StructType();
    for (StructField field : found.fields()) {
      if (!field.name().equals(options.get(CORRUPT))) {
        columns = columns.add(field);
      }
    }
    repeated(columns)
        .ifPresent(
            key -> {
              throw UserException.data(
                  "an object in %s has the key \"%s\" twice: keep one".formatted(path, key));
            });
    if (withoutMarks(columns) instanceof StructType own) {
      return own;
    }
    throw UserException.data(
        path + " holds no JSON object with a member: neither a line of it nor an array's element");
  }

  /** A key that an object has twice, if there is one. */
  private static Optional<String> repeated(DataType type) {
    if (type instanceof ArrayType array) {
      return repeated(array.elementType());
    }
    if (!(type instanceof StructType struct)) {
      return Optional.empty();
    }
    Set<String> known = new TreeSet<>();
    for (StructField field : struct.fields()) {
      if (!known.add(field.name())) {
        return Optional.of(field.name());
      }
      Optional<String> within = repeated(field.dataType());
      if (within.isPresent()) {
        return within;
      }
    }
    return Optional.empty();
  }

  /**
   * An object of the same types, in which no object is empty and no key is. Spark leaves out the
   * columns of those when it looks for types.
   */
  private static String withMarks(String object) {
    StringBuilder marked = new StringBuilder(object.length());
    int given = 0;
    int start = -1; // of the string that goes on
    int end = -1; // of the last string, if it is empty
    char last = 0; // of those that are no space
    for (int i = 0; i < object.length(); i++) {
      char c = object.charAt(i);
      if (start >= 0) {
        if (c == '\\') {
          i++;
        } else if (c == '"') {
          end = i == start + 1 ? i : -1;
          start = -1;
        }
      } else if (c == '"') {
        start = i;
      } else if (c == ':' && end >= 0) {
        marked.append(object, given, end).append(NAMELESS);
        given = end;
        end = -1;
      } else if (c == '}' && last == '{') {
        marked.append(object, given, i).append(EMPTY);
        given = i;
      }
      last = Character.isWhitespace(c) ? last : c;
    }
    return marked.append(object, given, object.length()).toString();
  }

  /**
   * The types without what {@link #withMarks} has added: maps in place of objects that have no
   * member in any record, for no format can hold a struct without fields.
   */
  private static DataType withoutMarks(DataType type) {
    if (type instanceof ArrayType array) {
      return DataTypes.createArrayType(withoutMarks(array.elementType()), array.containsNull());
    }
    if (!(type instanceof StructType struct)) {
      return type;
    }
    StructType own = new StructType();
    for (StructField field : struct.fields()) {
      if (!field.name().equals(MEMBER)) {
        String name = field.name().equals(NAMELESS) ? "" : field.name();
        own = own.add(name, withoutMarks(field.dataType()), field.nullable());
      }
    }
    return own.isEmpty()
        ? DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType)
        : own;
  }
}
