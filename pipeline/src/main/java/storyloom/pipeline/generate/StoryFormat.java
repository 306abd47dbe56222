package storyloom.pipeline.generate;

import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** How stories are written, recognised by the ending of the folder's name. */
public enum StoryFormat {
  /** The format of every name without another's ending. */
  PARQUET {
    @Override
    public void write(Dataset<Row> stories, String path) {
      stories.write().parquet(path);
    }

    @Override
    public Dataset<Row> read(SparkSession session, StructType schema, String path) {
      return session.read().schema(schema).parquet(path);
    }
  },
  /** One JSON object a line, nulls included; names that end with .json or .jsonl. */
  JSON {
    @Override
    public void write(Dataset<Row> stories, String path) {
      stories.write().option("ignoreNullFields", false).json(path);
    }

    @Override
    public Dataset<Row> read(SparkSession session, StructType schema, String path) {
      return session.read().schema(schema).json(path);
    }
  };

  /** The format of a folder by its name. */
  public static StoryFormat of(String path) {
    String name = path.toLowerCase(Locale.ROOT);
    return name.endsWith(".json") || name.endsWith(".jsonl") ? JSON : PARQUET;
  }

  /** Writes a folder that must not be there yet. */
  public abstract void write(Dataset<Row> stories, String path);

  /** What was written. */
  public abstract Dataset<Row> read(SparkSession session, StructType schema, String path);
}
