package storyloom.pipeline.corpus.read;

import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The columns of a table of pairs. */
public final class PairColumns {

  /** The prompt; a string. */
  public static final String PROMPT = "prompt";

  /** The story; a string. */
  public static final String STORY = "story";

  /** Both columns. */
  public static final StructType SCHEMA =
      new StructType().add(PROMPT, DataTypes.StringType).add(STORY, DataTypes.StringType);

  private PairColumns() {}

  /** Where a column stands: one of that name, else one whose name differs in case; -1 if none. */
  static int index(List<String> names, String column) {
    return Stream.concat(Stream.of(column), names.stream().filter(column::equalsIgnoreCase))
        .mapToInt(names::indexOf)
        .filter(index -> index >= 0)
        .findFirst()
        .orElse(-1);
  }
}
