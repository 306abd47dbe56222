package storyloom.bench.grammar;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/**
 * Writes prompts as one Parquet file with the columns id (long), prompt, hero and object (strings);
 * one row at a time.
 */
final class PromptsParquet implements Closeable {

  private static final MessageType SCHEMA =
      Types.buildMessage()
          .required(PrimitiveTypeName.INT64)
          .named("id")
          .required(PrimitiveTypeName.BINARY)
          .as(LogicalTypeAnnotation.stringType())
          .named("prompt")
          .required(PrimitiveTypeName.BINARY)
          .as(LogicalTypeAnnotation.stringType())
          .named("hero")
          .required(PrimitiveTypeName.BINARY)
          .as(LogicalTypeAnnotation.stringType())
          .named("object")
          .named("prompts");

  private final SimpleGroupFactory rows = new SimpleGroupFactory(SCHEMA);
  private final ParquetWriter<Group> writer;
  private long lastId;

  /**
   * @param file a local file that does not exist yet
   */
  PromptsParquet(Path file) throws IOException {
    Configuration configuration = new Configuration();
    // Hadoop's usual local file system leaves a .crc file beside each file it writes.
    configuration.setClass("fs.file.impl", RawLocalFileSystem.class, FileSystem.class);
    configuration.setBoolean("fs.file.impl.disable.cache", true);
    this.writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
            .withConf(configuration)
            .withType(SCHEMA)
            .build();
  }

  /** Adds a row; its id is its number, from 1. */
  void write(StoryPair pair) throws IOException {
    lastId++;
    writer.write(
        rows.newGroup()
            .append("id", lastId)
            .append("prompt", pair.prompt())
            .append("hero", pair.hero())
            .append("object", pair.object()));
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
