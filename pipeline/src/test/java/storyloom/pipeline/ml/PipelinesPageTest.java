package storyloom.pipeline.ml;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.fixture.SmallBundle;
import storyloom.model.registry.Registry;
import storyloom.pipeline.LocalSpark;
import storyloom.pipeline.generate.ShownJava;
import storyloom.pipeline.generate.StoryGenerator;

/** The program that docs/pipelines.md shows. */
final class PipelinesPageTest {

  @TempDir Path folder;

  @Test
  void everythingOnThePageRuns() throws Exception {
    SparkSession spark = LocalSpark.session().newSession();
    Path home = folder.resolve("home");
    PairTables.heroes(2).select("prompt", "story").write().parquet(home + "/pairs.parquet");
    Files.createDirectories(home.resolve("asked"));
    Files.writeString(home.resolve("asked/one.json"), "{\"id\": 1, \"prompt\": \"the moon\"}\n");
    new Registry(home.toString(), new Configuration())
        .promote(SmallBundle.write(home.resolve("models")));
    List<String> blocks = ShownJava.blocks("docs/pipelines.md");
    assertThat(blocks).hasSizeGreaterThan(4);
    String program = String.join("\n", blocks.subList(1, blocks.size()));

    Dataset<Row> many =
        ShownJava.run(folder, blocks.get(0), program, "many", spark, home.toString());

    assertThat(many.filter("tale is not null").count()).isEqualTo(36);
    assertThat(spark.read().parquet(home + "/stories").count()).isEqualTo(1);
    assertThat(spark.sql("select story('the moon')").first().getString(0)).isNotBlank();
    assertThat(StoryGenerator.load(home + "/generator").followsRegistry()).isTrue();
  }
}
