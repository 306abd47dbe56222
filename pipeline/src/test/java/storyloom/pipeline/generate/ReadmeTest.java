package storyloom.pipeline.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.fixture.SmallBundle;
import storyloom.pipeline.LocalSpark;

/** The Java that README.md shows, compiled and run on files of this test. */
class ReadmeTest {

  private static final Path README = Path.of("..", "README.md");

  private static final String CLASS =
      """
      import org.apache.spark.sql.*;
      import storyloom.pipeline.generate.StoryGenerator;
      public class Shown {
        public static Dataset<Row> run(SparkSession spark) throws Exception {
          %s
          return stories;
        }
      }
      """;

  @TempDir Path folder;

  private static String shown() throws IOException {
    Matcher block =
        Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(README));
    List<String> blocks = block.results().map(found -> found.group(1)).toList();
    assertThat(blocks).hasSize(1);
    return blocks.get(0);
  }

  @Test
  void storyGeneratorIsUsedAsShown() throws Exception {
    SparkSession spark = LocalSpark.session();
    String model = folder.resolve(SmallBundle.write(folder)).toString();
    String posts = folder.resolve("posts.parquet").toString();
    String saved = folder.resolve("generator").toString();
    spark.sql("select 'a fox and the moon' as title, 7 as votes").write().parquet(posts);

    String code =
        shown()
            .replaceFirst("\"[^\"]*/models/[^\"]*\"", Matcher.quoteReplacement(quoted(model)))
            .replace("\"posts.parquet\"", quoted(posts))
            .replaceFirst("\"[^\"]*/generator\"", Matcher.quoteReplacement(quoted(saved)));
    Dataset<Row> stories = run(code, spark);

    Row row = stories.first();
    assertThat(row.<Integer>getAs("votes")).isEqualTo(7);
    assertThat(row.<String>getAs("story")).isNotBlank();
    assertThat(StoryGenerator.load(saved).decodeSettings().strategy().label()).isEqualTo("sample");
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }

  @SuppressWarnings("unchecked")
  private Dataset<Row> run(String code, SparkSession spark) throws Exception {
    Path source = Files.writeString(folder.resolve("Shown.java"), CLASS.formatted(code));
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", folder.toString(), "-cp", classPath, source.toString());
    assertThat(status).isZero();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
      return (Dataset<Row>)
          loader.loadClass("Shown").getMethod("run", SparkSession.class).invoke(null, spark);
    }
  }
}
