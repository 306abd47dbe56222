package storyloom.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class BenchTest {

  @TempDir private Path folder;

  @BeforeAll
  static void sparkWithoutPages() {
    System.setProperty("spark.ui.enabled", "false");
  }

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void grammarWritesACorpus() {
    assertThat(run("grammar", "--out", folder.resolve("new").toString(), "--pairs", "50")).isZero();

    assertThat(out.toString()).contains("50 training, 3 validation and 2 test pairs");
    assertThat(folder.resolve("new/train.wp_source")).isRegularFile();
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void grammarReplacesFilesOnlyWhenToldTo() throws Exception {
    Path kept = Files.writeString(folder.resolve("valid.wp_target"), "mine");

    assertThat(run("grammar", "--out", folder.toString(), "--pairs", "50")).isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly(
            "bin/bench grammar: "
                + kept
                + " exists; give --overwrite to replace it, or another --out");
    assertThat(kept).hasContent("mine");

    assertThat(run("grammar", "--out", folder.toString(), "--pairs", "50", "--overwrite")).isZero();
    assertThat(Files.readAllLines(kept)).hasSize(3);
  }

  @Test
  void anOutputThatIsAFileIsRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");

    assertThat(run("grammar", "--out", file.toString())).isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly("bin/bench grammar: --out must be a folder, but " + file + " is a file");
  }

  @Test
  void aNumberOutOfRangeIsRefusedByName() {
    assertThat(run("grammar", "--out", folder.toString(), "--pairs", "0")).isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly("bin/bench grammar: --pairs must be at least 1, not 0");
  }

  @Test
  void anUnknownOptionIsAUsageErrorOfOneLine() {
    assertThat(run("grammar", "--sead", "1")).isEqualTo(2);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .startsWith("bin/bench grammar: ")
        .contains("--sead");
  }

  @Test
  void aMissingOrUnknownBenchmarkIsAUsageError() {
    assertThat(run()).isEqualTo(2);
    assertThat(run("grammer")).isEqualTo(2);
  }

  @Test
  void aFaultOfTheProgramShowsItsStackTrace() {
    Callable<Integer> broken =
        () -> {
          throw new IllegalStateException("no such shape");
        };
    CommandLine bench =
        Bench.commandLine()
            .addSubcommand("broken", CommandLine.Model.CommandSpec.wrapWithoutInspection(broken))
            .setErr(new PrintWriter(err, true));

    assertThat(bench.execute("broken")).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("bin/bench broken: java.lang.IllegalStateException: no such shape")
        .contains("\tat ");
  }

  @Test
  void theStackTraceOfAMistakeIsShownOnlyWhenAskedFor() {
    run("grammar", "--pairs", "0");
    assertThat(err.toString()).doesNotContain("UserException");

    run("grammar", "--pairs", "0", "--verbose");
    assertThat(err.toString()).contains("UserException").contains("\tat ");
  }

  @Test
  void kernelsAreTimedOneByOne() throws Exception {
    System.setProperty("jmh.ignoreLock", "true"); // another build may be measuring

    assertThat(run("kernels", "--filter", "Attention.*softmax", "--milliseconds", "1")).isZero();

    JsonNode figures =
        new ObjectMapper().readTree(out.toString().lines().skip(2).findFirst().get());
    assertThat(figures.get("threads").asInt()).isEqualTo(1);
    assertThat(figures.get("kernels").fieldNames())
        .toIterable()
        .containsExactly("Attention.softmax", "Attention.softmaxBackward");
    assertThat(figures.get("kernels").get("Attention.softmax").get("microseconds").asDouble())
        .isPositive();
    assertThat(out.toString().lines().findFirst().get()).matches("Attention.softmax +[0-9.]+ µs.*");
  }

  @Test
  void aFilterThatFindsNoKernelIsAUsageError() {
    assertThat(run("kernels", "--filter", "sonnet")).isEqualTo(2);
    assertThat(run("kernels", "--filter", "(")).isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly(
            "bin/bench kernels: --filter finds no kernel: sonnet",
            "bin/bench kernels: --filter must be a regular expression, not (");
  }

  @Test
  void dl4jsOwnLayersAreTimedAsOursAre() throws Exception {
    String[] pairs = new String[12];
    Arrays.fill(pairs, "{\"prompt\": [4, 5], \"story\": [6, 7, 8]}");
    String ids = Files.write(folder.resolve("ids"), List.of(pairs)).toString();
    String[] ours = {
      "step",
      "--ids",
      ids,
      "--valid",
      ids,
      "--vocabulary",
      "10",
      "--embedding",
      "4",
      "--hidden",
      "4",
      "--batch",
      "1"
    };
    String[] stock = Arrays.copyOf(ours, ours.length + 1);
    stock[ours.length] = "--stock";

    assertThat(run(ours)).isZero();
    assertThat(run(stock)).isZero();

    List<JsonNode> figures = new ArrayList<>();
    for (String line : out.toString().lines().filter(line -> line.startsWith("{")).toList()) {
      figures.add(new ObjectMapper().readTree(line));
    }
    assertThat(figures).hasSize(2);
    assertThat(figures.get(1).fieldNames())
        .toIterable()
        .containsExactlyElementsOf(() -> figures.get(0).fieldNames());
    assertThat(figures.get(1).get("losses")).hasSize(12);
    assertThat(figures.get(1).get("valid_perplexity").asDouble()).isBetween(1.0, 10.0);
  }

  @Test
  void longStoriesAreTimedInWindows() throws Exception {
    String pair = "{\"prompt\": [4, 5], \"story\": [%s6]}".formatted("7, 8, ".repeat(150));
    String ids = Files.write(folder.resolve("ids"), Collections.nCopies(12, pair)).toString();

    int status =
        run(
            "step",
            "--ids=" + ids,
            "--valid=" + ids,
            "--vocabulary=10",
            "--embedding=4",
            "--hidden=4",
            "--batch=1",
            "--window=100");

    assertThat(status).as(err.toString()).isZero();
    assertThat(lastLine().get("updates").asInt()).isEqualTo(12);
    assertThat(lastLine().get("valid_perplexity").asDouble()).isBetween(1.0, 9.9);
  }

  @Test
  void fewerUpdatesThanAreTimedAreRefused() throws Exception {
    String ids =
        Files.writeString(folder.resolve("ids"), "{\"prompt\": [4, 5], \"story\": [6]}").toString();

    assertThat(run("step", "--ids", ids, "--epochs", "10")).isEqualTo(2);

    assertThat(err.toString()).startsWith("bin/bench step: 10 updates are too few");
    assertThat(err.toString().lines()).hasSize(1);
  }

  @Test
  void dl4jsOwnLayersRefuseWhatTheyCannotExpress() {
    assertThat(run("step", "--ids", "data/none", "--stock", "--tied")).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("bin/bench step: --stock goes without --adaptive, --attention, --bf16");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--attention=general", "--transformer"})
  void decodingIsTimedOverAllBatches(String kind) throws Exception {
    String pair = "{\"prompt\": [4, 5], \"story\": [6]}";
    String ids = Files.write(folder.resolve("ids"), List.of(pair, pair, pair)).toString();

    int status =
        run(
            "decode",
            "--ids=" + ids,
            "--vocabulary=10",
            "--embedding=4",
            "--hidden=4",
            "--heads=2",
            kind,
            "--batch=2",
            "--max-story=5",
            "--no-end");

    assertThat(status).as(err.toString()).isZero();
    JsonNode figures = lastLine();
    assertThat(figures.get("tokens").asLong()).isEqualTo(3 * 5);
    assertThat(figures.get("tokens_per_second").asDouble()).isPositive();
    assertThat(figures.get("tokens_per_cpu_second").asDouble()).isPositive();
    assertThat(figures.get("peak_rss_mb").isNumber()).isTrue();
    assertThat(figures.get("precision").asText()).isEqualTo("float32");
  }

  @Test
  void idsBeyondTheVocabularyAreRefused() throws Exception {
    Path ids = Files.writeString(folder.resolve("ids"), "{\"prompt\": [40], \"story\": [6]}");

    assertThat(run("decode", "--ids", ids.toString(), "--vocabulary", "10")).isEqualTo(2);
    assertThat(err.toString()).contains("a vocabulary of 10 is too small for id 40");
  }

  @Test
  void aRoundIsTimedBesideOneOfDl4jsOwnMaster() throws Exception {
    assertThat(run("round", "--parameters", "5000", "--rounds", "2", "--turns", "1")).isZero();

    JsonNode figures = lastLine();
    assertThat(figures.get("parameters").asLong()).isBetween(4900L, 5100L);
    assertThat(figures.get("workers").asInt()).isEqualTo(2);
    double ours = figures.get("seconds_per_round").asDouble();
    double stock = figures.get("stock_seconds_per_round").asDouble();
    assertThat(ours).isPositive();
    assertThat(stock).isPositive();
    assertThat(figures.get("ratio").asDouble()).isCloseTo(stock / ours, within(1e-9));
    assertThat(out.toString()).contains("Storyloom ").contains("DL4J's own ");
  }

  @Test
  void averagingIsComparedWithOneWorkerAndNoTrainingIsRepeated() throws Exception {
    assertThat(run("grammar", "--out", folder.toString(), "--pairs", "80")).isZero();
    Path rows = folder.resolve("rows.jsonl");
    String[] comparison = {
      "averaging",
      "--workers=1,2",
      "--frequencies=1",
      "--steps=average,nesterov",
      "--seeds=1,2",
      "--out=" + rows,
      "--limit=40",
      "--set=corpus.path=" + folder,
      "--set=model.embedding=4",
      "--set=model.hidden=4",
      "--set=train.epochs=1",
      "--batches=8"
    };

    int status = run(comparison);

    assertThat(status).as(err.toString()).isZero();
    assertThat(out.toString().lines().filter(line -> line.startsWith("| 1 |"))).hasSize(1);
    assertThat(out.toString().lines().filter(line -> line.startsWith("| 2 |"))).hasSize(2);
    JsonNode outcomes = lastLine().get("rows");
    assertThat(outcomes).hasSize(6);
    assertThat(outcomes.get(0).get("settings").get("train.workers").asText()).isEqualTo("1");
    assertThat(outcomes).allMatch(row -> row.get("perplexities").get(0).asDouble() > 1);
    assertThat(outcomes.get(2).get("perplexities"))
        .isNotEqualTo(outcomes.get(4).get("perplexities"));
    List<String> trained = Files.readAllLines(rows);
    assertThat(trained).hasSize(6);

    assertThat(run(comparison)).isZero();
    assertThat(lastLine().get("rows")).isEqualTo(outcomes);
    assertThat(Files.readAllLines(rows)).isEqualTo(trained);
  }

  @Test
  void aCorpusIsTimedStageByStageBesideSparkMl() throws Exception {
    assertThat(run("corpus", "--pairs", "60")).as(err.toString()).isZero();

    JsonNode figures = lastLine();
    assertThat(figures.get("pairs").asLong()).isEqualTo(60);
    assertThat(figures.get("pairs_per_second").fieldNames())
        .toIterable()
        .containsExactly("read", "clean", "tokenise", "count", "encode", "prepare");
    assertThat(figures.get("pairs_per_second")).allMatch(speed -> speed.asDouble() > 0);
    assertThat(figures.get("sparkml_pairs_per_second").asDouble()).isPositive();
    assertThat(figures.has("peak_heap_mb")).isTrue();
    assertThat(out.toString()).contains("tokenise ", "Spark ML ", "peak heap MB");
  }

  @Test
  void aFileOfStoriesIsCleanedAndTokenised() throws Exception {
    Path stories =
        Files.write(
            folder.resolve("stories.txt"),
            List.of(
                "The *fox* ran home .", "The fox and the hen ran .", "A \u00DF and a \u1E9E ."));

    assertThat(run("text", "--target", stories.toString(), "--vocabulary", "300")).isZero();

    JsonNode figures = lastLine();
    assertThat(figures.get("stories").asInt()).isEqualTo(3);
    assertThat(figures.get("clean_seconds_per_tokenise_second").asDouble()).isPositive();
    assertThat(figures.get("bpe_tokens_per_word").asDouble()).isGreaterThan(1);
    assertThat(figures.get("round_trip_words").asDouble()).isEqualTo(1);
    assertThat(figures.get("round_trip_bpe").asDouble()).isEqualTo(1);
    assertThat(out.toString()).contains("tokenise_stories_per_second ");

    assertThat(run("text", "--target", folder.resolve("none.txt").toString())).isEqualTo(2);
    assertThat(err.toString()).contains("cannot read", "none.txt");
  }

  @Test
  void whatCannotBeComparedIsRefusedBeforeAnyWork() {
    assertThat(run("averaging", "--workers", "0,2")).isEqualTo(2);
    assertThat(run("averaging", "--workers", "8", "--batches", "4")).isEqualTo(2);
    assertThat(run("averaging", "--frequencies", "0")).isEqualTo(2);
    assertThat(run("averaging", "--steps", "leap")).isEqualTo(2);
    assertThat(run("round", "--parameters", "10")).isEqualTo(2);
    assertThat(run("round", "--workers", "0")).isEqualTo(2);
    assertThat(run("scale", "--executors", "0,1")).isEqualTo(2);
    assertThat(run("scale", "--vocabulary", "50", "--adaptive", "10,60")).isEqualTo(2);
    assertThat(run("generate", "--prompts", "0")).isEqualTo(2);
    assertThat(run("generate", "--executors", "0,1")).isEqualTo(2);
    assertThat(run("generate", "--executors", "1", "--kill")).isEqualTo(2);
    assertThat(run("generate", "--set", "decode.min-tokens=201")).isEqualTo(2);
    assertThat(run("speedup", "--target", "-1")).isEqualTo(2);
    assertThat(run("speedup", "--workers", "128")).isEqualTo(2);
    assertThat(run("corpus", "--pairs", "0")).isEqualTo(2);
    assertThat(err.toString().lines())
        .hasSize(15)
        .allMatch(
            line -> line.matches("bin/bench (averaging|round|scale|speedup|corpus|generate): .*"));
    assertThat(err.toString())
        .contains(
            "train.workers must be at least 1",
            "train.batch=4",
            "train.averaging-frequency",
            "train.outer-step",
            "model.adaptive-softmax",
            "--kill needs executors that go on",
            "decode.min-tokens");
  }

  private JsonNode lastLine() throws Exception {
    List<String> lines = out.toString().lines().toList();
    return new ObjectMapper().readTree(lines.get(lines.size() - 1));
  }

  private int run(String... arguments) {
    CommandLine commandLine =
        Bench.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments);
  }
}
