package storyloom.pipeline.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.UserException;
import storyloom.pipeline.LocalSpark;

final class PromptTableTest {

  @TempDir Path folder;

  private final SparkSession spark = LocalSpark.session();

  private PromptTable open(Path path) {
    return PromptTable.open(spark, path.toString(), OptionalLong.empty());
  }

  private static List<String> prompts(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(row -> row.<String>getAs("prompt")).toList();
  }

  private static List<String> numbered(int count) {
    return IntStream.range(0, count).mapToObj("prompt %04d"::formatted).toList();
  }

  /** A folder whose later files are the larger ones: Spark reads those first. */
  private Path unevenParquet() {
    Path path = folder.resolve("uneven.parquet");
    int[] ends = {0, 3, 20, 60, 400};
    for (int part = 1; part < ends.length; part++) {
      Dataset<Row> rows =
          spark
              .range(ends[part - 1], ends[part], 1, 1)
              .select(functions.format_string("prompt %04d", functions.col("id")).as("prompt"));
      Path one = folder.resolve("one" + part);
      rows.write().parquet(one.toString());
      move(one, path, part);
    }
    return path;
  }

  private static void move(Path from, Path to, int part) {
    try (var files = Files.list(from)) {
      Files.createDirectories(to);
      Path file =
          files.filter(each -> each.toString().endsWith(".parquet")).findFirst().orElseThrow();
      Files.move(file, to.resolve("part-%05d.parquet".formatted(part)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void rowsStayInTheOrderOfTheFilesHoweverTheyAreSpread() {
    PromptTable table = open(unevenParquet());

    Dataset<Row> spread = table.spread(3, 10);

    assertThat(table.rows()).isEqualTo(400);
    assertThat(spread.rdd().getNumPartitions()).isEqualTo(3);
    assertThat(spread.columns()).containsExactly("prompt");
    assertThat(prompts(spread)).isEqualTo(numbered(400));
  }

  @Test
  void limitTakesTheFirstRows() {
    PromptTable table = PromptTable.open(spark, unevenParquet().toString(), OptionalLong.of(25));

    assertThat(prompts(table.spread(2, 10))).isEqualTo(numbered(25));
  }

  @Test
  void fewRowsAreNotSpreadFurtherThanIsWorthIt() throws IOException {
    Path path = Files.write(folder.resolve("few.txt"), numbered(10));

    assertThat(open(path).spread(8, 64).rdd().getNumPartitions()).isEqualTo(1);
    assertThat(open(path).spread(8, 5).rdd().getNumPartitions()).isEqualTo(2);
  }

  @Test
  void everyFormatIsToldByItsEnding() throws IOException {
    Path json = Files.writeString(folder.resolve("p.jsonl"), "{\"prompt\": \"x\", \"n\": 3}\n");
    Path csv = Files.writeString(folder.resolve("p.CSV"), "n,prompt\n3,\"x, \"\"y\"\"\nz\"\n");
    Path lines = Files.writeString(folder.resolve("p.txt"), "x\r\n\ny\n");

    assertThat(prompts(open(json).spread(1, 1))).containsExactly("x");
    assertThat(prompts(open(csv).spread(1, 1))).containsExactly("x, \"y\"\nz");
    assertThat(prompts(open(lines).spread(1, 1))).containsExactly("x", "", "y");
  }

  @Test
  void emptyTableHasNoRows() {
    Path path = folder.resolve("empty.parquet");
    spark.range(0).select(functions.lit("x").as("prompt")).write().parquet(path.toString());

    PromptTable table = open(path);

    assertThat(table.rows()).isZero();
    assertThat(prompts(table.spread(2, 10))).isEmpty();
  }

  @Test
  void whatCannotBeReadIsNamed() throws IOException {
    Path damaged = Files.writeString(folder.resolve("damaged.parquet"), "PAR1 but no more");

    assertThatThrownBy(() -> open(damaged))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("damaged.parquet");
    assertThatThrownBy(() -> open(folder.resolve("absent.parquet")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("absent.parquet");
  }
}
