package storyloom.pipeline.ml;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import storyloom.model.UserException;

/** Sees to it that a table has the columns that parameters name. */
final class TextColumns {

  private TextColumns() {}

  /**
   * Requires a column.
   *
   * @param param name of the parameter that names it
   * @throws UserException of usage if it is missing or of another type
   */
  static void require(StructType table, String column, DataType type, String param) {
    List<String> names = Arrays.asList(table.fieldNames());
    DataType found =
        Arrays.stream(table.fields())
            .filter(field -> field.name().equalsIgnoreCase(column))
            .map(field -> field.dataType())
            .findFirst()
            .orElseThrow(
                () ->
                    UserException.usage(
                        "there is no column %s: name one of %s with %s"
                            .formatted(column, String.join(", ", names), param)));
    if (!found.equals(type)) {
      throw UserException.usage(
          "the column %s must be of type %s, not %s: name another with %s"
              .formatted(column, type.simpleString(), found.simpleString(), param));
    }
  }
}
