package storyloom.pipeline.generate;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;

/** The columns that a story adds to the row of its prompt, in this order. */
public enum StoryColumn {
  /** String: the story, with real line breaks; null if the prompt was rejected. */
  STORY(DataTypes.StringType, true, "stories"),
  /** Int: its length in tokens, {@code <end>} not counted; null if rejected. */
  STORY_TOKENS(DataTypes.IntegerType, true, "their lengths in tokens"),
  /** Double: mean natural log probability per token; null if rejected. */
  LOG_PROB(DataTypes.DoubleType, true, "their mean log probabilities per token"),
  /** String: end, length or rejected. */
  FINISH_REASON(DataTypes.StringType, false, "end, length or rejected"),
  /** String: why the prompt was rejected; null unless it was. */
  ERROR(DataTypes.StringType, true, "why a prompt was rejected"),
  /** String: version of the model. */
  MODEL(DataTypes.StringType, false, "the model's version");

  private final DataType type;
  private final boolean nullable;
  private final String content;

  StoryColumn(DataType type, boolean nullable, String content) {
    this.type = type;
    this.nullable = nullable;
    this.content = content;
  }

  /** The column's name unless another is chosen: that of the constant in lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The column that has this name by default. */
  public static Optional<StoryColumn> labelled(String label) {
    return Arrays.stream(values()).filter(column -> column.label().equals(label)).findFirst();
  }

  /** The parameter that names it, {@code storyTokensCol}; without a default yet. */
  public Param<String> param(Params parent) {
    return new Param<>(parent, Wording.PARAMETERS.column(this), "column of " + content);
  }

  StructField field(String name) {
    return new StructField(name, type, nullable, Metadata.empty());
  }
}
