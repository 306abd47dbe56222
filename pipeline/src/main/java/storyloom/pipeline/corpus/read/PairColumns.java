package storyloom.pipeline.corpus.read;

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
}
