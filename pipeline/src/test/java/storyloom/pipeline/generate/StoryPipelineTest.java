package storyloom.pipeline.generate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.window;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.execution.streaming.MemoryStream;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;
import scala.collection.JavaConverters;
import storyloom.model.fixture.SmallBundle;
import storyloom.pipeline.LocalSpark;

/** A generator among other stages of Spark ML, and in streams. */
final class StoryPipelineTest {

  @TempDir static Path models;
  private static String version;

  @BeforeAll
  static void writeModel() {
    version = SmallBundle.write(models);
  }

  private static StoryGenerator generator() {
    return new StoryGenerator().setBundle(models.resolve(version).toString());
  }

  @Test
  void whatStagesBeforeItSayOfColumnsReachesStagesBehindIt(@TempDir Path folder) throws Exception {
    Dataset<Row> prompts =
        LocalSpark.session()
            .createDataFrame(
                List.of(
                    RowFactory.create("a fox", "fable"),
                    RowFactory.create("the moon", "science"),
                    RowFactory.create("the hen", "fable")),
                new StructType()
                    .add("prompt", DataTypes.StringType)
                    .add("genre", DataTypes.StringType));
    Pipeline pipeline =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  new StringIndexer().setInputCol("genre").setOutputCol("number"),
                  generator(),
                  new IndexToString().setInputCol("number").setOutputCol("again")
                });

    PipelineModel fitted = pipeline.fit(prompts);
    fitted.save(folder.resolve("pipeline").toString());
    PipelineModel loaded = PipelineModel.load(folder.resolve("pipeline").toString());

    for (PipelineModel model : List.of(fitted, loaded)) {
      assertThat(model.transform(prompts).select("genre", "again", "model").collectAsList())
          .containsExactly(
              RowFactory.create("fable", "fable", version),
              RowFactory.create("science", "science", version),
              RowFactory.create("fable", "fable", version));
    }
  }

  @Test
  void aStreamKeepsItsWatermark(@TempDir Path checkpoint)
      throws TimeoutException, StreamingQueryException {
    MemoryStream<Timestamp> source =
        new MemoryStream<>(
            1, LocalSpark.session().sqlContext(), Option.empty(), Encoders.TIMESTAMP());
    Dataset<Row> prompts =
        source
            .toDF()
            .selectExpr("value as at", "'a fox sang .' as prompt")
            .withWatermark("at", "1 minute");
    Dataset<Row> told =
        generator()
            .transform(prompts)
            .groupBy(window(col("at"), "10 minutes"), col("finish_reason"))
            .count();

    StreamingQuery query =
        told.writeStream()
            .format("memory")
            .queryName("told")
            .outputMode("append")
            .option("checkpointLocation", checkpoint.toString())
            .start();
    try {
      add(source, "2026-01-01 00:01:00", "2026-01-01 00:02:00", "2026-01-01 00:11:00");
      query.processAllAvailable();
      add(source, "2026-01-01 00:12:00", "2026-01-01 00:03:00");
      query.processAllAvailable();

      assertThat(
              LocalSpark.session()
                  .sql("select date_format(window.start, 'HH:mm'), count from told")
                  .collectAsList())
          .containsExactly(RowFactory.create("00:00", 2L));
    } finally {
      query.stop();
    }
  }

  private static void add(MemoryStream<Timestamp> source, String... times) {
    List<Timestamp> values = Stream.of(times).map(Timestamp::valueOf).toList();
    source.addData(JavaConverters.asScalaBuffer(values).toSeq());
  }
}
