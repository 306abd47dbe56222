package storyloom.pipeline.generate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.UserException;
import storyloom.pipeline.LocalSpark;
import storyloom.pipeline.corpus.read.DataFormat;

/** What an input is taken for, what may be said of it, and what is refused in a line. */
final class PromptInputTest {

  private static final String OBJECT = "{\"prompt\": \"x\"}\n";

  @TempDir Path folder;

  private final SparkSession spark = LocalSpark.session();

  private String write(String name, String content) throws IOException {
    return write(name, content, UTF_8);
  }

  private String write(String name, String content, Charset encoding) throws IOException {
    Path path = folder.resolve(name);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, content, encoding).toString();
  }

  private PromptTable open(String path) {
    return PromptTable.open(spark, PromptInput.at(path), OptionalLong.empty());
  }

  private PromptTable open(String path, String format, String... options) {
    Map<String, String> named = new HashMap<>();
    Arrays.stream(options)
        .map(each -> each.split("=", 2))
        .forEach(each -> named.put(each[0], each[1]));
    return PromptTable.open(
        spark,
        new PromptInput(path, Optional.of(DataFormat.ofPrompts(format)), named),
        OptionalLong.empty());
  }

  private static List<String> column(PromptTable table, String column) {
    return table.spread(1, 1000).collectAsList().stream()
        .map(row -> row.<String>getAs(column))
        .toList();
  }

  private static List<String> prompts(PromptTable table) {
    return column(table, "prompt");
  }

  private static AbstractThrowableAssert<?, ?> assertRefused(int status, Runnable opening) {
    return assertThatThrownBy(opening::run)
        .isInstanceOf(UserException.class)
        .satisfies(refusal -> assertThat(((UserException) refusal).status()).isEqualTo(status))
        .satisfies(
            refusal -> assertThat(refusal.getMessage()).doesNotContain("\n", "org.apache", "["));
  }

  @Test
  void folderIsTakenForWhatItsFilesAre() throws IOException {
    write("t.d/.part-0000.jsonl.crc", "noise");
    write("t.d/_SUCCESS", "");
    write("t.d/part-0000.jsonl", OBJECT);

    PromptTable table = open(folder + "/t.d/");

    assertThat(table.guess())
        .isEqualTo("reading %s/t.d/ as json: the names of its files end so".formatted(folder));
    assertThat(prompts(table)).containsExactly("x");
  }

  @Test
  void folderWhoseFilesHaveNoEndingsIsTakenForWhatItsNameSays() throws IOException {
    write("t.csv/part-0000", "prompt\nx\n");

    assertThat(prompts(open(folder + "/t.csv/"))).containsExactly("x");
  }

  @Test
  void foldersOfFoldersAreOneTable() throws IOException {
    write("t/a/1.txt", "x\n");
    write("t/b/c/2.txt", "y\n");
    spark.range(2).selectExpr("'z' as prompt").write().orc(folder + "/o/a/b");
    spark.range(2).selectExpr("'z' as prompt").write().parquet(folder + "/p/a/b");

    assertThat(prompts(open(folder + "/t"))).containsExactly("x", "y");
    assertThat(prompts(open(folder + "/o"))).containsExactly("z", "z");
    assertThat(prompts(open(folder + "/p"))).containsExactly("z", "z");
  }

  @Test
  void foldersNamedAfterAColumnGiveTheColumn() {
    spark
        .range(1)
        .selectExpr("'x' as prompt", "'en' as language")
        .write()
        .partitionBy("language")
        .parquet(folder + "/p.parquet");

    assertThat(column(open(folder + "/p.parquet"), "language")).containsExactly("en");
    assertThat(open(folder + "/p.parquet/language=en").schema().fieldNames())
        .containsExactly("prompt");
  }

  @Test
  void columnInTheNamesOfFoldersIsNotLost() throws IOException {
    write("t/language=en/1.jsonl", OBJECT);
    write("t.csv/language=en/of/1.csv", "prompt\nx\n");

    assertRefused(3, () -> open(folder + "/t")).hasMessageContainingAll("language=en", "Parquet");
    assertRefused(3, () -> open(folder + "/t.csv")).hasMessageContaining("language=en");
    assertThat(prompts(open(folder + "/t/language=en"))).containsExactly("x");
  }

  @Test
  void fileWithoutAnEndingIsTakenForWhatItHolds() throws IOException {
    spark.range(1).selectExpr("'y' as prompt").coalesce(1).write().parquet(folder + "/made");
    try (var parts = Files.list(folder.resolve("made"))) {
      Path part =
          parts.filter(each -> each.toString().endsWith("parquet")).findFirst().orElseThrow();
      Files.copy(part, folder.resolve("binary"));
    }

    assertThat(prompts(open(write("objects", OBJECT)))).containsExactly("x");
    assertThat(prompts(open(folder + "/binary"))).containsExactly("y");
    assertThat(open(folder + "/binary").guess()).endsWith("as parquet: its content begins so");
  }

  @Test
  void textsOfForumsAreNotTakenForJson() throws IOException {
    String posts = write("posts", "[WP] A dragon\n{shrugs} A knight\n");

    assertRefused(3, () -> open(posts)).hasMessageContainingAll("posts", "--format", "text");
    assertThat(prompts(open(posts, "text"))).containsExactly("[WP] A dragon", "{shrugs} A knight");
  }

  @Test
  void valuesOfTsvArePartedByTabs() throws IOException {
    assertThat(prompts(open(write("t.tsv", "id\tprompt\n1\tx, y\n2\t\"a\tb\"\n"))))
        .containsExactly("x, y", "a\tb");
  }

  @Test
  void orcIsRead() {
    spark
        .range(3)
        .selectExpr("concat('x', id) as prompt", "timestamp'1818-01-01 00:00:00' as at")
        .write()
        .orc(folder + "/t.orc");

    PromptTable table = open(folder + "/t.orc");

    assertThat(prompts(table)).containsExactly("x0", "x1", "x2");
    assertThat(table.schema().fieldNames()).containsExactly("prompt", "at");
  }

  @Test
  void filesOfOrcWithOtherColumnsMakeOneTable() {
    spark.range(1).selectExpr("'x' as prompt", "1 as id").write().orc(folder + "/t/a.orc");
    spark.range(1).selectExpr("'y' as prompt", "'en' as lang").write().orc(folder + "/t/b.orc");
    spark.range(1).selectExpr("'y' as prompt", "1L as id").write().orc(folder + "/t/c.orc");

    assertThat(open(folder + "/t/{a,b}.orc").schema().fieldNames())
        .containsExactly("prompt", "id", "lang");
    assertRefused(3, () -> open(folder + "/t")).hasMessageContainingAll("id", "int", "bigint");
  }

  @Test
  void tableOfTheCatalogIsReadByItsName() {
    spark.range(2).selectExpr("concat('x', id) as prompt").createOrReplaceTempView("some_prompts");

    assertThat(prompts(open("some_prompts", "table"))).containsExactly("x0", "x1");
    assertRefused(3, () -> open("no.such_prompts", "table"))
        .hasMessageContainingAll("no.such_prompts", "catalog");
    assertThatThrownBy(() -> open("some_prompts")).hasMessageContaining("--format table");
  }

  @Test
  void databaseIsRefusedWithAWayOut() {
    assertRefused(2, () -> PromptInput.at("jdbc:postgresql://host/db?password=secret"))
        .hasMessageContaining("Parquet")
        .hasMessageNotContaining("secret");
  }

  @Test
  void filesOfSeveralFormatsAreNamed() throws IOException {
    write("t/a.jsonl", OBJECT);
    write("t/b.csv", "prompt\nx\n");

    assertRefused(3, () -> open(folder + "/t")).hasMessageContainingAll("json and csv", "pattern");
    assertThat(prompts(open(folder + "/t/*.csv"))).containsExactly("x");
  }

  @Test
  void contentThatIsNotWhatItWasTakenForIsNamed() throws IOException {
    write("t.parquet", OBJECT);
    write("t.orc", "no orc");
    write("orc.json", "ORC and more");

    assertRefused(3, () -> open(folder + "/t.parquet"))
        .hasMessageContainingAll("t.parquet is not parquet", "its name ends so", "--format");
    assertRefused(3, () -> open(folder + "/t.orc")).hasMessageContaining("t.orc is not orc");
    assertRefused(3, () -> open(folder + "/orc.json"))
        .hasMessageContainingAll("is orc by its content", "taken for json", "--format orc");
    assertRefused(3, () -> open(folder + "/t.orc", "avro"))
        .hasMessageContaining("--format says so");
  }

  @Test
  void folderWithoutFilesIsNamed() throws IOException {
    write("t.parquet/_SUCCESS", "");

    assertRefused(3, () -> open(folder + "/t.parquet")).hasMessageContaining("no file in");
  }

  @Test
  void avroNeedsItsReader() throws IOException {
    String avro = write("t.avro", "Obj\u0001");

    assertThatThrownBy(() -> open(avro))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("--packages org.apache.spark:spark-avro_2.12:3.5");
  }

  @Test
  void unknownFormatIsAMistakeOfUsage() {
    assertRefused(2, () -> DataFormat.ofPrompts("xml"))
        .hasMessage("--format must be parquet, json, csv, tsv, text, orc, avro or table, not xml");
  }

  @Test
  void csvMayHaveOtherMarksAndNoHeader() throws IOException {
    String file = write("t.csv", "1;'x; \"y\"'\n2;z\n");

    PromptTable table = open(file, "csv", "HEADER=false", "sep=;", "quote='");

    assertThat(table.schema().fieldNames()).containsExactly("_c0", "_c1");
    assertThat(column(table, "_c1")).containsExactly("x; \"y\"", "z");
  }

  @Test
  void quotesOfCsvMayBeText() throws IOException {
    String file = write("t.tsv", "id\tprompt\n1\t\"Now?\" he asked\n");

    assertThat(prompts(open(file, "tsv", "quote="))).containsExactly("\"Now?\" he asked");
  }

  @Test
  void textsMayHaveAnotherEncoding() throws IOException {
    String latin1 = "encoding=ISO-8859-1";

    assertThat(prompts(open(write("t.csv", "prompt\ncaf\u00E9\n", ISO_8859_1), "csv", latin1)))
        .containsExactly("caf\u00E9");
    assertThat(prompts(open(write("t.txt", "caf\u00E9\r\n", ISO_8859_1), "text", latin1)))
        .containsExactly("caf\u00E9");
    for (String json : List.of("{\"prompt\":\"caf\u00E9\"}", "[{\"prompt\":\"caf\u00E9\"}]")) {
      assertThat(prompts(open(write("t.json", json, ISO_8859_1), "json", latin1)))
          .containsExactly("caf\u00E9");
    }
  }

  @Test
  void optionsThatMeanNothingAreRefused() throws IOException {
    String csv = write("t.csv", "prompt\nx\n");

    assertRefused(2, () -> open(csv, "csv", "headr=false"))
        .hasMessageContainingAll("headr", "header", "sep", "encoding");
    assertRefused(2, () -> open(csv, "csv", "header=no")).hasMessageContaining("true or false");
    assertRefused(2, () -> open(csv, "csv", "sep=,,")).hasMessageContaining("one character");
    assertRefused(2, () -> open(csv, "csv", "encoding=utf-99")).hasMessageContaining("utf-99");
    assertRefused(2, () -> open(csv, "csv", "encoding=UTF-16")).hasMessageContaining("UTF-8");
    String json = write("t.json", OBJECT);
    assertRefused(2, () -> open(json, "json", "multiline=1")).hasMessageContaining("multiline");
    spark.range(1).selectExpr("'x' as prompt").write().parquet(folder + "/t.parquet");
    assertRefused(2, () -> open(folder + "/t.parquet", "parquet", "header=true"))
        .hasMessageContaining("parquet has no options");
  }

  @Test
  void arraysOfObjectsAreTablesToo() throws IOException {
    String pretty =
        "\uFEFF [\n  {\n    \"prompt\": \"x\",\n    \"n\": 1e2\n  },\n  {\"prompt\": null}\n]\n";

    assertThat(prompts(open(write("t.json", pretty)))).containsExactly("x", null);
    assertThat(prompts(open(write("two.json", "[{\"prompt\":\"x\"}][{\"prompt\":\"y\"}]"))))
        .containsExactly("x", "y");
    assertThat(
            prompts(
                open(
                    write("o.json", "{\n\"prompt\":\"x\"\n}\n{\n\"prompt\":\"y\"}\n"),
                    "json",
                    "multiLine=true")))
        .containsExactly("x", "y");
  }

  @Test
  void arrayThatBreaksOffIsNamed() throws IOException {
    String broken = write("t.json", "[\n{\"prompt\": \"x\"},\n{\"prompt\": \"y\"\n");

    assertThatThrownBy(() -> open(broken).rows())
        .isInstanceOf(UserException.class)
        .hasMessageContainingAll("t.json", "behind value 1", "line 4");
  }

  @Test
  void lineThatIsNoObjectIsARowThatSaysWhy() throws IOException {
    String file =
        write(
            "t.jsonl",
            "{\"prompt\": \"x\", \"_corrupt_record\": \"mine\"}\n\n{\"prompt\": \"y\"\n[7]\n"
                + "{\"prompt\": \"z\"}\n");

    PromptTable table = open(file);
    List<Row> rows =
        table
            .explained(table.spread(1, 10).selectExpr("*", "'' as error"), "error")
            .collectAsList();

    assertThat(table.schema().fieldNames()).containsExactly("_corrupt_record", "prompt");
    assertThat(rows).extracting(row -> row.getAs("prompt")).containsExactly("x", null, null, "z");
    assertThat(rows.get(0).<String>getAs("_corrupt_record")).isEqualTo("mine");
    assertThat(rows.get(1).<String>getAs("error")).matches("line 3 of .*t.jsonl is no JSON object");
    assertThat(rows.get(2).<String>getAs("error")).startsWith("line 4 of ");
  }

  @Test
  void keyThatAnObjectHasTwiceIsNamed() throws IOException {
    String file = write("t.jsonl", "{\"prompt\": \"x\", \"of\": {\"id\": 1, \"id\": 2}}\n");

    assertRefused(3, () -> open(file)).hasMessageContainingAll("t.jsonl", "\"id\" twice");
  }

  @Test
  void linesWithoutAnyObjectAreNamed() throws IOException {
    String file = write("t.jsonl", "a dragon\na knight\n");

    assertRefused(3, () -> open(file)).hasMessageContainingAll("t.jsonl", "no JSON object");
  }
}
