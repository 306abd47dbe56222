package storyloom.pipeline.generate;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import storyloom.model.UserException;

/**
 * Where prompts stand in a table, and what the table becomes.
 *
 * @param promptIndexes the prompts' columns, counted from 0: that of the name, then those that
 *     differ in case, from which a row's prompt is taken if it is null in those before
 * @param keyIndex the column that tells rows of equal prompts apart; empty for none
 * @param output the table's own columns, then those of the stories
 */
record StoryTable(List<Integer> promptIndexes, OptionalInt keyIndex, StructType output) {

  private static final List<DataType> KEY_TYPES =
      List.of(
          DataTypes.StringType,
          DataTypes.ByteType,
          DataTypes.ShortType,
          DataTypes.IntegerType,
          DataTypes.LongType);

  /**
   * Finds the columns of a table.
   *
   * @param names what each column of a story is to be called
   * @param caseSensitive whether names that differ in case only may stand side by side in what is
   *     written, as Spark's setting of that name says
   * @param wording in which mistakes are told
   * @throws UserException of usage if a column is missing, of the wrong type, or has the name of
   *     one that is to be added
   */
  static StoryTable of(
      StructType table,
      String prompt,
      Optional<String> key,
      Map<StoryColumn, String> names,
      boolean caseSensitive,
      Wording wording) {
    int promptIndex = index(table, prompt, wording.prompt());
    requireType(table, promptIndex, List.of(DataTypes.StringType), wording.prompt());
    List<Integer> promptIndexes =
        find(table, prompt).stream()
            .filter(index -> table.fields()[index].dataType().equals(DataTypes.StringType))
            .toList();
    OptionalInt keyIndex = OptionalInt.empty();
    if (key.isPresent()) {
      keyIndex = OptionalInt.of(index(table, key.get(), wording.key()));
      requireType(table, keyIndex.getAsInt(), KEY_TYPES, wording.key());
    }
    StructType output = table;
    for (StoryColumn column : StoryColumn.values()) {
      String name = names.get(column);
      if (isTaken(output, name, caseSensitive)) {
        throw UserException.usage(
            "there is a column %s already: give the stories' one another name with %s"
                .formatted(name, wording.column(column)));
      }
      output = output.add(column.field(name));
    }
    return new StoryTable(promptIndexes, keyIndex, output);
  }

  private static int index(StructType table, String column, String remedy) {
    return find(table, column).stream()
        .findFirst()
        .orElseThrow(
            () ->
                UserException.usage(
                    "there is no column %s: name one of %s with %s"
                        .formatted(column, String.join(", ", table.fieldNames()), remedy)));
  }

  private static void requireType(
      StructType table, int index, List<DataType> types, String remedy) {
    DataType type = table.fields()[index].dataType();
    if (!types.contains(type)) {
      throw UserException.usage(
          "the column %s must be of type %s, not %s: name another with %s"
              .formatted(
                  table.fieldNames()[index],
                  String.join(", ", types.stream().map(DataType::simpleString).toList()),
                  type.simpleString(),
                  remedy));
    }
  }

  private static boolean isTaken(StructType table, String name, boolean caseSensitive) {
    return Arrays.stream(table.fieldNames())
        .anyMatch(caseSensitive ? name::equals : name::equalsIgnoreCase);
  }

  /** The column of exactly that name, then those that differ in case only. */
  private static List<Integer> find(StructType table, String column) {
    List<String> names = Arrays.asList(table.fieldNames());
    return Stream.concat(
            names.stream().filter(column::equals), names.stream().filter(column::equalsIgnoreCase))
        .distinct()
        .map(names::indexOf)
        .toList();
  }
}
