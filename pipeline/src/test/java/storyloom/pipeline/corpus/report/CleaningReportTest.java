package storyloom.pipeline.corpus.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import storyloom.model.text.clean.TextCleaner;
import storyloom.pipeline.corpus.CleanedCorpus;
import storyloom.pipeline.corpus.CorpusCleaner;
import storyloom.pipeline.corpus.Pairs;
import storyloom.pipeline.corpus.SmallSettings;
import storyloom.pipeline.corpus.read.RawCorpus;
import storyloom.pipeline.corpus.read.Split;
import storyloom.pipeline.corpus.report.CleaningReport.Coverage;
import storyloom.pipeline.corpus.report.CleaningReport.RuleCounts;

class CleaningReportTest {

  @Test
  void everyRuleCountsThePairsItChanged() {
    CleaningReport report =
        report(read("**a**|one &amp; two", "b|three", "c|*four* **five**", "&lt;d|http://e.org x"));

    assertThat(report.rule("markdown").map(RuleCounts::changed)).contains(2L);
    assertThat(report.rule("html").map(RuleCounts::changed)).contains(2L);
    assertThat(report.rule("urls").map(RuleCounts::changed)).contains(1L);
    assertThat(report.rule("unicode").map(RuleCounts::changed)).contains(0L);
    assertThat(report.split(Split.TRAIN).orElseThrow().changed()).isEqualTo(3);
  }

  @Test
  void cleaningRulesStandInTheirOrderDropsBehindThem() {
    CleaningReport report = report(read("a|1", "a|1", "b|", "|2"));

    List<String> names = report.rules().stream().map(RuleCounts::rule).toList();
    assertThat(names)
        .startsWith(TextCleaner.ruleNames().toArray(String[]::new))
        .endsWith("blank-prompt", "blank-story", "duplicate-pair");
  }

  @Test
  void examplesShowTextBeforeAndAfter() {
    CleaningReport report = report(read("a|It was *very* late .", "b|three"));

    assertThat(examples(report, "markdown")).hasSize(1);
    Example example = examples(report, "markdown").get(0);
    assertThat(example.before()).isEqualTo("It was *very* late .");
    assertThat(example.after()).isEqualTo("It was very late .");
    assertThat(example.text()).isEqualTo("story");
    assertThat(example.file() + ":" + example.line()).isEqualTo("train:1");
  }

  @Test
  void examplesOfDroppedPairsSayWhereTheyStood() {
    CleaningReport report = report(read("a|1", "b|2", "b|2", "c|"));

    Example twice = examples(report, "duplicate-pair").get(0);
    assertThat(twice.before()).isEqualTo("b | 2");
    assertThat(twice.after()).isEmpty();
    assertThat(twice.line()).isEqualTo(3);
    assertThat(examples(report, "blank-story").get(0).before()).isEqualTo("c | ");
  }

  @Test
  void threeExamplesAreEnoughAndNoTwoLookAlike() {
    CleaningReport report =
        report(
            read(
                IntStream.range(0, 200)
                    .mapToObj(i -> "p" + i + "|story " + i % 5 + " .")
                    .toArray(String[]::new)));

    assertThat(report.rules())
        .allSatisfy(
            rule ->
                assertThat(rule.examples())
                    .hasSizeLessThanOrEqualTo(3)
                    .extracting(Example::before)
                    .doesNotHaveDuplicates());
    assertThat(examples(report, "joins")).hasSize(3);
    assertThat(examples(report, "duplicate-story")).hasSize(3);
  }

  @Test
  void theReportDoesNotDependOnPartitionsAndOrder() {
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      pairs.add("*p* " + i % 150 + "|s " + i % 130 + (i % 7 == 0 ? "" : " .") + " &amp;");
    }
    Collections.shuffle(pairs, new Random(1));
    Dataset<Row> rows = read(pairs.toArray(String[]::new));

    CleaningReport one = report(rows.coalesce(1));
    CleaningReport many = report(rows.repartition(7));

    assertThat(many).isEqualTo(one);
    assertThat(many.json()).isEqualTo(one.json());
  }

  @Test
  void charactersThatCannotBeSeenAreWrittenAsEscapes() {
    CleaningReport report = report(read("a|no\u200B break\u00A0here <newline> two"));

    assertThat(examples(report, "invisible").get(0).before()).contains("\\u200B", "\\u00A0");
    assertThat(examples(report, "whitespace").get(0).after()).contains("\\n");
    assertThat(report.json()).doesNotContain("\u200B");
  }

  @Test
  void textsOfAPairThatIsKeptAreMeasured() {
    CleaningReport report = report(read("a b|one two three", "c d e f|one two", "x|"));

    assertThat(report.prompts().texts()).isEqualTo(2);
    assertThat(report.prompts().mean()).isEqualTo(3);
    assertThat(report.prompts().longest()).isEqualTo(4);
    assertThat(report.stories().histogram())
        .containsExactly(new Lengths.Bar(2, 2, 1), new Lengths.Bar(3, 3, 1));
  }

  @Test
  void twentyPairsAreShownWhole() {
    CleaningReport report =
        report(
            read(
                IntStream.range(0, 50)
                    .mapToObj(i -> "*p* " + i + "|one " + i + " <newline> two")
                    .toArray(String[]::new)));

    assertThat(report.pairs()).hasSize(20);
    Example pair = report.pairs().get(0);
    long number = pair.line() - 1;
    assertThat(pair.before()).isEqualTo("*p* " + number + "\n\none " + number + " <newline> two");
    assertThat(pair.after()).isEqualTo("p " + number + "\n\none " + number + "\ntwo");
    assertThat(report.pairsText()).contains("==== train:" + pair.line() + ", before\n*p* ");
  }

  @Test
  void jsonHoldsEverything() throws IOException {
    CleaningReport report =
        report(read("a|one &amp; two", "b|", "c|three")).with(new Coverage("train", 200, 150));

    JsonNode json = JsonMapper.builder().build().readTree(report.json());

    assertThat(json.at("/splits/0/split").textValue()).isEqualTo("train");
    assertThat(json.at("/splits/0/read").longValue()).isEqualTo(3);
    assertThat(json.at("/splits/0/kept").longValue()).isEqualTo(2);
    assertThat(json.at("/splits/0/dropped/blank-story").longValue()).isEqualTo(1);
    assertThat(json.findValuesAsText("rule")).contains("html", "blank-story");
    assertThat(json.at("/stories/histogram/0/from").longValue()).isEqualTo(1);
    assertThat(json.at("/coverage/0/share").doubleValue()).isEqualTo(0.75);
  }

  @Test
  void jsonCanBeReadBack() {
    CleaningReport report =
        report(read("a|one &amp; two", "b|", "c|three")).with(new Coverage("train", 200, 150));

    assertThat(CleaningReport.read(report.json(), "cleaning.json")).isEqualTo(report);
  }

  @Test
  void theTableFitsATerminal() {
    String tale = "An endless  *tale* of “dragons” &amp; kings http://a.org . ".repeat(10);
    List<String> lines = report(read("a|" + tale, tale + "|" + tale, "b|", "c|3", "c|3")).lines();

    assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
    assertThat(lines.get(0)).containsSubsequence("pairs", "read", "changed", "dropped", "kept");
    assertThat(lines.get(1)).matches("  train +5 +2 +3 +2");
    assertThat(lines)
        .anyMatch(line -> line.matches("  markdown +2  .* → .*"))
        .anyMatch(line -> line.matches("  duplicate-pair +1  train:5  c \\| 3"))
        .anyMatch(line -> line.matches("  stories +\\d+ +\\d+ +\\d+  [▁▂▃▄▅▆▇█ ]+"));
  }

  @Test
  void aRuleThatTakesMuchIsNamedInALine() {
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String end = i < 6 ? " <newline> EDIT: thanks for the gold" : "";
      pairs.add("p " + i + "|The door " + i + " fell shut behind them , and so it stayed ." + end);
    }

    List<String> lines = report(read(pairs.toArray(String[]::new))).lines();

    assertThat(lines)
        .filteredOn(line -> line.contains(" took "))
        .containsExactly(
            "trailers took 2.7 % of the text and the ends of 6.0 % of the stories: look at cleaning.txt");
  }

  @Test
  void whatRulesDoToMarksIsNotTaken() {
    CleaningReport report = report(read("a|\u201CIt was *very* late\u201D , he said ."));

    assertThat(report.rules()).extracting(RuleCounts::removed).containsOnly(0L);
    assertThat(report.rules()).extracting(RuleCounts::endings).containsOnly(0L);
    assertThat(report.letters()).isEqualTo("aItwasverylatehesaid".length());
  }

  @Test
  void theLastFiveOfTheTwentyPairsShowWhatTheStrongestRulesTake() {
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      String end = i % 50 == 0 ? " <newline> EDIT: thanks for the gold, kind stranger" : "";
      String link = i == 7 ? " see http://example.org/" : "";
      pairs.add("p " + i + "|The door " + i + " fell shut ." + link + end);
    }

    CleaningReport report = report(read(pairs.toArray(String[]::new)));

    assertThat(report.pairs()).hasSize(20).extracting(Example::line).doesNotHaveDuplicates();
    assertThat(report.pairs().subList(0, 15)).extracting(Example::rule).containsOnly("sample");
    assertThat(report.pairs().subList(15, 20))
        .extracting(Example::rule)
        .containsExactly(
            "sample of trailers",
            "sample of urls",
            "sample of trailers",
            "sample of trailers",
            "sample of trailers");
    assertThat(report.pairsText()).contains("==== train:8 (sample of urls), before\n");
  }

  @Test
  void manyCopiesOfAPairAreOnePair() {
    Dataset<Row> copies =
        read("a|The end .").crossJoin(read("x|y").sparkSession().range(50_000)).drop("id");

    CleaningReport report = report(copies);

    assertThat(report.split(Split.TRAIN).orElseThrow().dropped())
        .isEqualTo(Map.of("duplicate-pair", 49_999L));
    assertThat(examples(report, "joins")).hasSize(1);
  }

  private static Dataset<Row> read(String... pairs) {
    return Pairs.read("train", pairs);
  }

  private static CleaningReport report(Dataset<Row> train) {
    RawCorpus corpus = new RawCorpus(new TreeMap<>(Map.of(Split.TRAIN, train)), 3);
    try (CleanedCorpus clean = new CorpusCleaner(SmallSettings.at("")).clean(corpus)) {
      return clean.report();
    }
  }

  private static List<Example> examples(CleaningReport report, String rule) {
    return report.rule(rule).orElseThrow().examples();
  }
}
