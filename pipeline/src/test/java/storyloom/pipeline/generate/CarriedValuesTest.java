package storyloom.pipeline.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.UserException;
import storyloom.model.fixture.SmallBundle;
import storyloom.pipeline.LocalSpark;

/** Columns beside the prompt come out as they went in, whoever wrote them. */
final class CarriedValuesTest {

  @TempDir static Path models;
  private static String version;

  @TempDir Path folder;

  @BeforeAll
  static void writeModel() {
    version = SmallBundle.write(models);
  }

  private static PromptTable open(Path path) {
    return PromptTable.open(
        LocalSpark.session(), PromptInput.at(path.toString()), OptionalLong.empty());
  }

  /** A file that make_tables.py beside it has made. */
  private static Path made(String name) {
    try {
      return Path.of(CarriedValuesTest.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private Path told(Path prompts, StoryFormat format) {
    PromptTable table = open(prompts);
    StoryGenerator generator = new StoryGenerator().setBundle(models.resolve(version).toString());
    Dataset<Row> stories = generator.transform(table.spread(2, 1));
    Path output = folder.resolve("stories");
    format.write(table.explained(stories, "error"), output.toString());
    return output;
  }

  @ParameterizedTest
  @ValueSource(strings = {"pyarrow.parquet", "pandas.parquet", "duckdb.parquet"})
  void everyValueComesThrough(String name) throws IOException {
    List<Map<String, Object>> before = ParquetValues.of(made(name));

    List<Map<String, Object>> after = ParquetValues.of(told(made(name), StoryFormat.PARQUET));

    assertThat(before).isNotEmpty();
    assertThat(after).hasSameSizeAs(before);
    for (int i = 0; i < before.size(); i++) {
      assertThat(after.get(i)).containsAllEntriesOf(before.get(i)).containsKey("story");
    }
  }

  @Test
  void columnWithoutTypeStaysEmpty() throws IOException {
    List<Map<String, Object>> after =
        ParquetValues.of(told(made("null.parquet"), StoryFormat.PARQUET));

    assertThat(after).singleElement().extracting(row -> row.get("nothing")).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "pyarrow-unknown.parquet, clock (TIME(MICROS",
    "pyarrow-unknown.parquet, small clock (TIME(MILLIS",
    "pyarrow-unknown.parquet, 'wide (DECIMAL(50,2))'",
    "pyarrow-unknown.parquet, inner.",
    "duckdb-unknown.parquet, name (UUID)",
    "duckdb-unknown.parquet, span (INTERVAL)",
    "float16.parquet, half",
    "nanoseconds.parquet, column at of"
  })
  void columnThatSparkCannotHoldIsNamed(String name, String column) {
    assertThatThrownBy(() -> open(made(name)))
        .isInstanceOf(UserException.class)
        .hasMessageContainingAll(name, column, "leave")
        .extracting(thrown -> ((UserException) thrown).status())
        .isEqualTo(3);
  }

  @Test
  void emptyObjectsOfJsonComeThrough() throws IOException {
    Path json = folder.resolve("p.jsonl");
    Files.writeString(
        json, "{\"prompt\":\"a\",\"meta\":{},\"deep\":[{\"x\":{}}]}\n{\"prompt\":\"b\"}\n");

    Dataset<Row> after =
        LocalSpark.session().read().parquet(told(json, StoryFormat.PARQUET).toString());

    assertThat(after.selectExpr("to_json(struct(meta, deep)) as json").collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactlyInAnyOrder("{\"meta\":{},\"deep\":[{\"x\":{}}]}", "{}");
  }

  @Test
  void columnWithoutANameComesThrough() throws IOException {
    Path json = folder.resolve("p.jsonl");
    Files.writeString(json, "{\"prompt\":\"a\",\"\":1}\n");

    assertThat(ParquetValues.of(told(json, StoryFormat.PARQUET)))
        .singleElement()
        .extracting(row -> row.get(""))
        .hasToString("1");
  }

  @Test
  void compressionThatNothingHereUndoesIsNamed() {
    assertThatThrownBy(() -> open(made("brotli.parquet")))
        .isInstanceOf(UserException.class)
        .hasMessageContainingAll("brotli.parquet", "BROTLI", "zstd or snappy");
  }
}
