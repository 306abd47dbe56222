package storyloom.pipeline.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
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
    return PromptTable.open(spark, PromptInput.at(path.toString()), OptionalLong.empty());
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
    PromptTable table =
        PromptTable.open(spark, PromptInput.at(unevenParquet().toString()), OptionalLong.of(25));

    assertThat(prompts(table.spread(2, 10))).isEqualTo(numbered(25));
  }

  @Test
  void fewRowsAreNotSpreadFurtherThanIsWorthIt() throws IOException {
    Path path = Files.write(folder.resolve("few.txt"), numbered(10));

    assertThat(open(path).spread(8, 64).rdd().getNumPartitions()).isEqualTo(1);
    assertThat(open(path).spread(8, 5).rdd().getNumPartitions()).isEqualTo(2);
  }

  @Test
  void manyRowsAreSpreadOverAsManyTasksForEachSlot() throws IOException {
    Path path = Files.write(folder.resolve("many.txt"), numbered(5000));

    assertThat(open(path).spread(3, 64).rdd().getNumPartitions()).isEqualTo(6);
    assertThat(open(path).spread(5, 64).rdd().getNumPartitions()).isEqualTo(5);
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

  private Path write(String name, String content) throws IOException {
    Path path = folder.resolve(name);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, content);
  }

  private List<Row> rows(Path path) {
    return open(path).spread(1, 1000).collectAsList();
  }

  @Test
  void namesThatDifferInCaseAreColumnsOfTheirOwn() throws IOException {
    Path json =
        write(
            "ids.jsonl",
            "{\"prompt\":\"x\",\"id\":1,\"words\":{\"The\":2,\"the\":1}}\n"
                + "{\"prompt\":\"y\",\"ID\":2}\n");

    List<Row> rows = rows(json);

    assertThat(rows.get(0).<Long>getAs("id")).isEqualTo(1);
    assertThat(rows.get(0).<Row>getAs("words").<Long>getAs("The")).isEqualTo(2);
    assertThat(rows.get(1).<Long>getAs("ID")).isEqualTo(2);
  }

  @Test
  void columnMayBeCalledMetadata() throws IOException {
    Path json = write("m.jsonl", "{\"prompt\":\"x\",\"_metadata\":{\"source\":\"forum\"}}\n");

    assertThat(rows(json))
        .singleElement()
        .extracting(row -> row.<Row>getAs("_metadata").getString(0))
        .isEqualTo("forum");
  }

  private Map<Integer, String> faults(PromptTable table) {
    Dataset<Row> rows = table.spread(1, 1000).withColumn("error", functions.lit(null));
    List<Row> explained = table.explained(rows, "error").collectAsList();
    Map<Integer, String> faults = new TreeMap<>();
    for (int i = 0; i < explained.size(); i++) {
      String error = explained.get(i).getAs("error");
      if (error != null) {
        faults.put(i, error);
      }
    }
    return faults;
  }

  @Test
  void recordOfCsvThatIsNoneIsARowThatSaysWhy() throws IOException {
    Path csv =
        write(
            "p.csv",
            "\uFEFFid, prompt \r\n"
                + "1,\"a fox\r\nand \"\"his\"\" hen\"\r\n"
                + "2,a fox, red and small\r\n"
                + "3,\"a wolf\r\n"
                + "4\r\n"
                + "5,a 5\" nail\r\n"
                + "6,\"\"\r\n");

    PromptTable table = open(csv);

    assertThat(table.schema().fieldNames()).containsExactly("id", "prompt");
    assertThat(prompts(table.spread(1, 1000)))
        .containsExactly("a fox\nand \"his\" hen", null, null, null, "a 5\" nail", "");
    Map<Integer, String> faults = faults(table);
    assertThat(faults).containsOnlyKeys(1, 2, 3);
    assertThat(faults.get(1)).contains("line 4", "p.csv", "3 values", "2 columns");
    assertThat(faults.get(2)).contains("line 5", "quote");
    assertThat(faults.get(3)).contains("line 6", "1 values");
  }

  @Test
  void openQuoteCostsItsOwnRecordOnly() throws IOException {
    Path csv =
        write(
            "open.csv",
            IntStream.range(0, 300)
                .mapToObj(i -> i + ",\"prompt, number %d%s".formatted(i, i == 100 ? "" : "\""))
                .collect(Collectors.joining("\n", "id,prompt\n", "\n")));

    PromptTable table = open(csv);

    assertThat(table.rows()).isEqualTo(300);
    assertThat(faults(table)).containsOnlyKeys(100);
  }

  private void part(String name, String... columns) {
    Path one = folder.resolve("one-" + name);
    spark.range(1).coalesce(1).selectExpr(columns).write().parquet(one.toString());
    move(one, folder.resolve("parts"), Integer.parseInt(name));
  }

  @Test
  void filesWithOtherColumnsMakeOneTable() {
    part("1", "'x' as prompt", "1 as id");
    part("2", "'y' as prompt", "'en' as language");

    List<Row> rows = rows(folder.resolve("parts/*.parquet"));

    assertThat(rows.get(0).schema().fieldNames()).containsExactly("prompt", "id", "language");
    assertThat(rows).extracting(row -> row.get(1)).containsExactly(1, null);
    assertThat(rows).extracting(row -> row.get(2)).containsExactly(null, "en");
  }

  @Test
  void filesOfCsvWithOtherColumnsMakeOneTable() throws IOException {
    write("csv/a.csv", "prompt,id\nx,1\n");
    write("csv/b.csv", "language,prompt\nen,y\n");

    List<Row> rows = rows(folder.resolve("csv/*.csv"));

    assertThat(rows).extracting(row -> row.getAs("prompt")).containsExactly("x", "y");
    assertThat(rows).extracting(row -> row.getAs("id")).containsExactly("1", null);
    assertThat(rows).extracting(row -> row.getAs("language")).containsExactly(null, "en");
  }

  @Test
  void columnOfTwoTypesIsNamedWithItsFiles() {
    part("1", "'x' as prompt", "1 as n");
    part("2", "'y' as prompt", "1L as n");

    assertThatThrownBy(() -> open(folder.resolve("parts")))
        .isInstanceOf(UserException.class)
        .hasMessageContainingAll("column n", "int", "part-00001", "bigint", "part-00002")
        .extracting(thrown -> ((UserException) thrown).status())
        .isEqualTo(3);
  }
}
