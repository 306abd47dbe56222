package storyloom.pipeline.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The Java that a document shows, compiled and run. */
public final class ShownJava {

  private static final Pattern BLOCK = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);

  private static final String CLASS =
      """
      %s
      public class Shown {
        public static Dataset<Row> run(SparkSession spark, String home) throws Exception {
          %s
          return %s;
        }
      }
      """;

  private ShownJava() {}

  /** The blocks of Java of a document at the root of the project. */
  public static List<String> blocks(String document) throws IOException {
    return BLOCK
        .matcher(Files.readString(Path.of("..", document)))
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  /**
   * Runs statements that may use {@code spark} and {@code home}.
   *
   * @param folder for what the compiler writes
   * @param result an expression, for what is wanted of it
   */
  @SuppressWarnings("unchecked")
  public static Dataset<Row> run(
      Path folder, String imports, String code, String result, SparkSession spark, String home)
      throws Exception {
    Path source =
        Files.writeString(folder.resolve("Shown.java"), CLASS.formatted(imports, code, result));
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", folder.toString(), "-cp", classPath, source.toString());
    assertThat(status).isZero();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, ShownJava.class.getClassLoader())) {
      return (Dataset<Row>)
          loader
              .loadClass("Shown")
              .getMethod("run", SparkSession.class, String.class)
              .invoke(null, spark, home);
    }
  }
}
