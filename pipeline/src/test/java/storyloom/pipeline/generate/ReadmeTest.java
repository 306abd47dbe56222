package storyloom.pipeline.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.fixture.SmallBundle;
import storyloom.pipeline.LocalSpark;

/** The Java that README.md shows, compiled and run on files of this test. */
class ReadmeTest {

  private static final String IMPORTS =
      """
      import org.apache.spark.sql.*;
      import storyloom.pipeline.generate.StoryGenerator;
      """;

  @TempDir Path folder;

  @Test
  void storyGeneratorIsUsedAsShown() throws Exception {
    SparkSession spark = LocalSpark.session();
    String model = folder.resolve(SmallBundle.write(folder)).toString();
    String posts = folder.resolve("posts.parquet").toString();
    String saved = folder.resolve("generator").toString();
    spark.sql("select 'a fox and the moon' as title, 7 as votes").write().parquet(posts);

    List<String> blocks = ShownJava.blocks("README.md");
    assertThat(blocks).hasSize(1);

    String code =
        blocks
            .get(0)
            .replaceFirst("\"[^\"]*/models/[^\"]*\"", Matcher.quoteReplacement(quoted(model)))
            .replace("\"posts.parquet\"", quoted(posts))
            .replaceFirst("\"[^\"]*/generator\"", Matcher.quoteReplacement(quoted(saved)));
    Dataset<Row> stories = ShownJava.run(folder, IMPORTS, code, "stories", spark, "");

    Row row = stories.first();
    assertThat(row.<Integer>getAs("votes")).isEqualTo(7);
    assertThat(row.<String>getAs("story")).isNotBlank();
    assertThat(StoryGenerator.load(saved).decodeSettings().strategy().label()).isEqualTo("sample");
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }
}
