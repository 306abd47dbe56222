package storyloom.bench.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The files in data/ are those that {@code bin/bench grammar} writes when nothing else is said. */
class CommittedCorpusTest {

  private static final Path DATA = Path.of("..", "data");

  @TempDir private static Path written;

  @BeforeAll
  static void writeWithDefaults() {
    assertThat(new CommandLine(new GrammarCommand()).execute("--out", written.toString())).isZero();
  }

  @Test
  void textFilesAreTheSameByteForByte() {
    assertThat(CorpusWriter.fileNames())
        .filteredOn(name -> !name.equals(CorpusWriter.PROMPTS))
        .hasSize(6)
        .allSatisfy(
            name -> assertThat(DATA.resolve(name)).hasSameBinaryContentAs(written.resolve(name)));
  }

  @Test
  void sparkReadsThePromptsOfTheTestSplit() throws IOException {
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .getOrCreate()) {
      Dataset<Row> committed = spark.read().parquet(DATA.resolve(CorpusWriter.PROMPTS).toString());

      assertThat(committed.schema().simpleString())
          .isEqualTo("struct<id:bigint,prompt:string,hero:string,object:string>");
      List<Row> rows = committed.collectAsList();
      assertThat(rows)
          .isEqualTo(
              spark
                  .read()
                  .parquet(written.resolve(CorpusWriter.PROMPTS).toString())
                  .collectAsList());
      assertThat(rows.stream().map(row -> row.<String>getAs("prompt")))
          .isEqualTo(Files.readAllLines(DATA.resolve("test.wp_source")));
      assertThat(rows)
          .allSatisfy(
              row ->
                  assertThat(row.<String>getAs("prompt").toLowerCase(Locale.ROOT))
                      .contains(row.<String>getAs("hero"))
                      .contains(row.<String>getAs("object")));
    }
  }

  @Test
  void nothingElseIsWrittenBesideThem() throws IOException {
    try (Stream<Path> files = Files.list(written)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(CorpusWriter.fileNames());
    }
  }

  @Test
  void theyTakeAtMostThreeMegabytes() throws IOException {
    long bytes = 0;
    for (String name : CorpusWriter.fileNames()) {
      bytes += Files.size(DATA.resolve(name));
    }
    assertThat(bytes).isLessThanOrEqualTo(3_000_000);
  }
}
