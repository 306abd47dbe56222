package storyloom.pipeline.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static storyloom.pipeline.corpus.CorpusFolder.latin1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.pipeline.LocalSpark;
import storyloom.pipeline.corpus.read.CorpusFingerprint;

/** Parquet, JSON lines and CSV, of which the columns prompt and story are read. */
class TableCorpusTest {

  private CorpusFolder corpus;

  @BeforeEach
  void emptyFolder(@TempDir Path folder) {
    corpus = new CorpusFolder(folder);
  }

  @Test
  void parquetIsReadByItsColumns() {
    Pairs.of("p|s", "q|t")
        .selectExpr("story", "1 as votes", "prompt")
        .write()
        .parquet(corpus.path() + "/train.parquet");

    assertThat(corpus.train("auto")).containsExactly("p|s", "q|t");
    assertThat(CorpusFolder.trainAt(corpus.path() + "/train.parquet", "parquet"))
        .containsExactly("p|s", "q|t");
  }

  @Test
  void jsonLinesAreReadByTheirColumns() throws IOException {
    corpus.write(
        "train.json",
        "\uFEFF{\"story\":\"one\\ntwo\u2028three\",\"prompt\":7}\n{\"prompt\":\"q\",\"story\":\"t\"}");

    assertThat(corpus.train("json")).containsExactly("7|one\ntwo\u2028three", "q|t");
  }

  @Test
  void csvStoriesMayHoldQuotesCommasAndLineBreaks() throws IOException {
    corpus.write(
        "train.csv", "\uFEFFprompt,story\r\n\"p, q\",\"She said \"\"no\"\"\nand left\"\r\n");

    assertThat(corpus.train("auto")).containsExactly("p, q|She said \"no\"\nand left");
  }

  @Test
  void namesOfColumnsMayDifferInCaseAndHaveSpacesAround() throws IOException {
    corpus.write("train.csv", " Prompt ,STORY\np,s\n");

    assertThat(corpus.train("csv")).containsExactly("p|s");
  }

  @Test
  void membersOfJsonMayDifferInCase() throws IOException {
    corpus.write(
        "train.jsonl",
        "{\"Prompt\":\"p\",\"story\":\"s\"}\n{\"prompt\":\"q\",\"PROMPT\":\"r\",\"Story\":\"t\"}\n");

    assertThat(corpus.train("json")).containsExactly("p|s", "q|t");
  }

  @Test
  void stringsOfParquetThatAreNotUtf8AreFoundOut() {
    Pairs.of("p|s", "q|t")
        .selectExpr("prompt", "if(prompt = 'p', story, cast(unhex('E9') as string)) as story")
        .coalesce(1)
        .write()
        .parquet(corpus.path() + "/train.parquet");

    assertThat(corpus.faults())
        .singleElement()
        .asString()
        .matches("part-0.*parquet:2 invalid-utf8");
  }

  @Test
  void aLineThatIsNoJsonObjectCostsItselfOnly() throws IOException {
    Files.write(
        corpus.path().resolve("train.jsonl"),
        latin1(
            "{\"prompt\":\"p\",\"story\":\"s\"}\n"
                + "{\"prompt\":\"p\",\"story\":\n"
                + "[1]\n"
                + "{\"prompt\":{\"a\":1},\"story\":\"s\"}\n"
                + "{\"prompt\":\"p\",\"story\":\"s\"} {}\n"
                + "{\"prompt\":\"\u00E9\",\"story\":\"s\"}\n"
                + "\n"
                + "{\"prompt\":null,\"story\":\"t\"}\n"
                + "{\"prompt\":true,\"story\":1.5,\"votes\":[2]}\n"));

    assertThat(corpus.faults())
        .containsExactly(
            "train.jsonl:2 malformed",
            "train.jsonl:3 malformed",
            "train.jsonl:4 malformed",
            "train.jsonl:5 malformed",
            "train.jsonl:6 invalid-utf8");
    assertThat(corpus.train("auto")).contains("p|s", "null|t", "true|1.5");
  }

  @Test
  void aRecordOfCsvThatIsNoneCostsItsFirstLineOnly() throws IOException {
    Files.write(
        corpus.path().resolve("train.csv"),
        latin1(
            "prompt,story\n"
                + "p,s\n"
                + "one value\n"
                + "q,t,one more\n"
                + "\"a quote that never ends,u\n"
                + "r,\"two\nlines\"\n"
                + "\"bad\"quote\",v\n"
                + "caf\u00E9,w\n"
                + "\n"
                + "\"x, y\",5\" wide\n"));

    assertThat(corpus.faults())
        .containsExactly(
            "train.csv:3 malformed",
            "train.csv:4 malformed",
            "train.csv:5 malformed",
            "train.csv:8 malformed",
            "train.csv:9 invalid-utf8");
    assertThat(corpus.train("auto")).contains("p|s", "r|two\nlines", "x, y|5\" wide");
  }

  @Test
  void valuesOfTsvArePartedByTabs() throws IOException {
    corpus.write("train.tsv", "prompt\tstory\np, q\t\"She said\t\"\"no\"\"\"\n");

    assertThat(corpus.train("auto")).containsExactly("p, q|She said\t\"no\"");
  }

  @Test
  void arraysOfJsonAreReadByTheirElements() throws IOException {
    corpus.write(
        "train.json",
        "[\n {\"prompt\":\"p\",\n  \"story\":\"s\"},\n 7,\n {\"story\":\"t\",\"prompt\":\"q\"}\n]\n");

    assertThat(corpus.train("json")).contains("p|s", "q|t");
    assertThat(corpus.faults()).containsExactly("train.json:2 malformed");
  }

  @Test
  void orcIsReadByItsColumns() {
    Pairs.of("p|s", "q|t")
        .selectExpr("story as Story", "timestamp'1500-01-01 00:00:00' as at", "prompt")
        .write()
        .orc(corpus.path() + "/train.orc");

    assertThat(corpus.train("auto")).containsExactly("p|s", "q|t");
  }

  @Test
  void tableOfTheCatalogIsReadByItsName() {
    Pairs.of("p|s", "q|t").write().orc(corpus.path() + "/pairs");
    LocalSpark.session()
        .read()
        .orc(corpus.path() + "/pairs")
        .createOrReplaceTempView("pairs_of_stories");

    assertThat(CorpusFolder.trainAt("pairs_of_stories", "table")).containsExactly("p|s", "q|t");
    assertThat(CorpusFingerprint.files(LocalSpark.context(), "pairs_of_stories", "table"))
        .isNotEmpty();
  }

  @Test
  void columnsOfParquetThatSparkHasNoTypeForAreLeftAlone() throws IOException {
    try (InputStream made =
        getClass().getResourceAsStream("/storyloom/pipeline/generate/pairs.parquet")) {
      Files.copy(made, corpus.path().resolve("train.parquet"));
    }

    assertThat(corpus.train("auto")).containsExactly("p|s");
  }
}
