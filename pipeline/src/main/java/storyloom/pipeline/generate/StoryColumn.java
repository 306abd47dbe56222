package storyloom.pipeline.generate;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;

/** The columns that a story adds to the row of its prompt, in this order. */
public enum StoryColumn {
  /** String: the story, with real line breaks; null if the prompt was rejected. */
  STORY(DataTypes.StringType, true),
  /** Int: its length in tokens, {@code <end>} not counted; null if rejected. */
  STORY_TOKENS(DataTypes.IntegerType, true),
  /** Double: mean natural log probability per token; null if rejected. */
  LOG_PROB(DataTypes.DoubleType, true),
  /** String: end, length or rejected. */
  FINISH_REASON(DataTypes.StringType, false),
  /** String: why the prompt was rejected; null unless it was. */
  ERROR(DataTypes.StringType, true),
  /** String: version of the model. */
  MODEL(DataTypes.StringType, false);

  private final DataType type;
  private final boolean nullable;

  StoryColumn(DataType type, boolean nullable) {
    this.type = type;
    this.nullable = nullable;
  }

  /** The column's name unless another is chosen: that of the constant in lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The column that has this name by default. */
  public static Optional<StoryColumn> labelled(String label) {
    return Arrays.stream(values()).filter(column -> column.label().equals(label)).findFirst();
  }

  StructField field(String name) {
    return new StructField(name, type, nullable, Metadata.empty());
  }
}
