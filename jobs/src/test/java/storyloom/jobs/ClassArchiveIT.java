package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.jobs.cluster.UsualClasses;

/** bin/spark-submit starts jobs with Spark's classes at hand. */
class ClassArchiveIT {

  @TempDir private Path folder;

  @Test
  void sparksClassesComeFromTheArchive() throws Exception {
    assumeTrue(System.getenv("SPARK_HOME") == null, "only the Spark under .spark/ has an archive");
    Path loaded = folder.resolve("loaded.txt");
    List<String> line = List.of("--class", UsualClasses.class.getName(), "jobs/train.jar");
    Map<String, String> log = Map.of("SPARK_SUBMIT_OPTS", "-Xlog:class+load:file=" + loaded);
    try (BinCommand command = BinCommand.start(folder, "spark-submit", line, log)) {
      BinCommand.Ended ended = command.ended();

      assertThat(ended.status()).as(ended.err()).isZero();
      assertThat(ended.out()).as("nothing is said of it").noneMatch(each -> each.contains("cds"));
    }
    assertThat(Files.readAllLines(loaded))
        .anyMatch(
            each ->
                each.contains(" org.apache.spark.sql.SparkSession source: shared objects file"));
  }
}
