package storyloom.pipeline.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.fixture.SmallBundle;
import storyloom.pipeline.LocalSpark;

/** Structured Streaming: prompts that come as files, stories that go to files. */
final class StoryStreamTest {

  private static final StructType SCHEMA =
      new StructType().add("id", DataTypes.LongType).add("prompt", DataTypes.StringType);

  @TempDir Path folder;

  private StoryGenerator generator;

  @BeforeEach
  void writeModel() {
    generator =
        new StoryGenerator().setBundle(folder.resolve(SmallBundle.write(folder)).toString());
  }

  /** Puts a whole file where the stream looks for some. */
  private void come(String format, String name, String query) throws Exception {
    Path written = folder.resolve("written-" + name);
    LocalSpark.session().sql(query).coalesce(1).write().format(format).save(written.toString());
    Files.createDirectories(folder.resolve("in"));
    try (var files = Files.list(written)) {
      Path part =
          files
              .filter(file -> file.getFileName().toString().startsWith("part-"))
              .findFirst()
              .orElseThrow();
      Files.move(part, folder.resolve("in").resolve(name + "." + format));
    }
  }

  /** Writes stories for all that has come since the last time. */
  private void run(String format) throws Exception {
    Dataset<Row> prompts =
        LocalSpark.session()
            .readStream()
            .format(format)
            .schema(SCHEMA)
            .load(folder.resolve("in").toString());
    StreamingQuery query =
        generator
            .transform(prompts)
            .writeStream()
            .format("parquet")
            .option("checkpointLocation", folder.resolve("checkpoint").toString())
            .trigger(Trigger.AvailableNow())
            .start(folder.resolve("out").toString());
    query.awaitTermination();
  }

  private List<Row> written() {
    return LocalSpark.session()
        .read()
        .parquet(folder.resolve("out").toString())
        .orderBy("id")
        .collectAsList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "parquet"})
  void promptsBecomeStoriesOnceEachAlsoOverARestart(String format) throws Exception {
    come(format, "one", "select id, 'a fox sang .' as prompt from range(3) as t (id)");
    run(format);
    assertThat(written()).hasSize(3);
    come(
        format, "two", "select id + 3 as id, if(id = 0, null, 'the moon') as prompt from range(2)");

    run(format);

    Dataset<Row> all =
        LocalSpark.session()
            .read()
            .format(format)
            .schema(SCHEMA)
            .load(folder.resolve("in").toString());
    List<Row> byBatch = generator.transform(all).orderBy("id").collectAsList();
    assertThat(written()).isEqualTo(byBatch).hasSize(5);
    assertThat(written().get(3).<String>getAs("finish_reason")).isEqualTo("rejected");
  }
}
