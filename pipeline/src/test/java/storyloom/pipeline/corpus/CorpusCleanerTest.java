package storyloom.pipeline.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import storyloom.model.text.filter.RejectionSettings;
import storyloom.model.text.filter.RejectionSettings.Bounds;
import storyloom.pipeline.LocalSpark;
import storyloom.pipeline.corpus.read.PairRule;
import storyloom.pipeline.corpus.read.RawCorpus;
import storyloom.pipeline.corpus.read.Split;
import storyloom.pipeline.corpus.report.CleaningReport.SplitCounts;

class CorpusCleanerTest {

  private final CorpusSettings all = SmallSettings.at("");

  @Test
  void bothSidesAreCleaned() {
    try (CleanedCorpus clean = clean(all, train("a   b|one <newline> two", "c|three"))) {
      assertThat(kept(clean, Split.TRAIN)).containsExactly("a b|one\ntwo", "c|three");
      assertThat(counts(clean, Split.TRAIN)).isEqualTo(new SplitCounts("train", 2, 1, Map.of()));
    }
  }

  @Test
  void pairsWithABlankSideAreDropped() {
    Dataset<Row> noStory =
        Pairs.read("more", "r|").withColumn("story", functions.lit(null).cast("string"));
    Dataset<Row> pairs = Pairs.read("pairs", "p|s", "|s", "  |s", "q|<newline>", "\u200B|");

    try (CleanedCorpus clean = clean(all, Map.of(Split.TRAIN, pairs.union(noStory)))) {
      assertThat(kept(clean, Split.TRAIN)).containsExactly("p|s");
      assertThat(counts(clean, Split.TRAIN).dropped())
          .containsExactly(Map.entry("blank-prompt", 3L), Map.entry("blank-story", 2L));
      assertThat(counts(clean, Split.TRAIN).kept()).isEqualTo(1);
    }
  }

  @Test
  void pairsWithAnUnfitTextAreDropped() {
    CorpusSettings bounded =
        SmallSettings.rejecting(
            new RejectionSettings(List.of("deleted"), new Bounds(2, 0), new Bounds(0, 3)));

    try (CleanedCorpus clean =
        clean(bounded, train("a b|c d", "a|b c", "a b|c d e f", "a b|[deleted]", "a b|e"))) {
      assertThat(kept(clean, Split.TRAIN)).containsExactly("a b|c d", "a b|e");
      assertThat(counts(clean, Split.TRAIN).dropped())
          .containsExactly(
              Map.entry("deleted", 1L), Map.entry("too-short", 1L), Map.entry("too-long", 1L));
    }
  }

  @Test
  void aTextThatIsNoneForItsLengthIsDroppedUncleaned() {
    String long1 = "ab ".repeat(400);

    try (CleanedCorpus clean = clean(all, train("p|s", "q|" + long1, long1 + "|t"))) {
      assertThat(kept(clean, Split.TRAIN)).containsExactly("p|s");
      assertThat(counts(clean, Split.TRAIN)).isEqualTo(dropped(3, 0, "overlong", 2));
    }
  }

  @Test
  void repeatedPairsOfTrainAreDroppedRepeatedPromptsAreNot() {
    try (CleanedCorpus clean = clean(all, train("p|s", "p|t", "p|s", "p |s", "q|x"))) {
      assertThat(kept(clean, Split.TRAIN)).containsExactly("p|s", "p|t", "q|x");
      assertThat(counts(clean, Split.TRAIN)).isEqualTo(dropped(5, 1, "duplicate-pair", 2));
    }
  }

  @Test
  void aStoryStaysInTrainOnceWithWhicheverPrompt() {
    try (CleanedCorpus clean = clean(all, train("p|s", "q|s", "r|s ", "p|t", "q|s"))) {
      assertThat(kept(clean, Split.TRAIN))
          .hasSize(2)
          .contains("p|t")
          .containsAnyOf("p|s", "q|s", "r|s");
      assertThat(counts(clean, Split.TRAIN).dropped())
          .containsExactly(Map.entry("duplicate-pair", 1L), Map.entry("duplicate-story", 2L));
    }
  }

  @Test
  void trainGivesUpStoriesThatStandInAnotherSplit() {
    Map<Split, Dataset<Row>> corpus =
        Map.of(
            Split.TRAIN, Pairs.read("train", "a|1", "b|2", "b|2", "c|3", "d|1", "a|3"),
            Split.VALID, Pairs.read("valid", "v|1", "v|1", "v|v"),
            Split.TEST, Pairs.read("test", "w|2", "w|1"));

    try (CleanedCorpus clean = clean(SmallSettings.dropping(PairRule.SHARED_STORY), corpus)) {
      assertThat(kept(clean, Split.TRAIN)).containsExactly("a|3", "c|3");
      assertThat(kept(clean, Split.VALID)).containsExactly("v|1", "v|1", "v|v");
      assertThat(kept(clean, Split.TEST)).containsExactly("w|1", "w|2");
      assertThat(counts(clean, Split.TRAIN)).isEqualTo(dropped(6, 0, "shared-story", 4));
    }
  }

  @Test
  void trainGivesUpPromptsThatStandInAnotherSplit() {
    Map<Split, Dataset<Row>> corpus =
        Map.of(
            Split.TRAIN, Pairs.read("train", "The Dragon!|1", "the  dragon|2", "c|3", "ｃ.|4"),
            Split.VALID, Pairs.read("valid", "the dragon|v", "u|x"),
            Split.TEST, Pairs.read("test", "C|w"));

    try (CleanedCorpus clean = clean(all, corpus)) {
      assertThat(counts(clean, Split.TRAIN)).isEqualTo(dropped(4, 1, "shared-prompt", 4));
      assertThat(kept(clean, Split.VALID)).containsExactly("the dragon|v", "u|x");
      assertThat(kept(clean, Split.TEST)).containsExactly("C|w");
    }
  }

  @Test
  void aStoryIsNotLostToACopyOfWhichThePromptIsShared() {
    for (String other : List.of("q", "r", "s", "t")) {
      Map<Split, Dataset<Row>> corpus =
          Map.of(
              Split.TRAIN, Pairs.read("train", "p|1", other + "|1"),
              Split.VALID, Pairs.read("valid", "p|2"));

      try (CleanedCorpus clean = clean(all, corpus)) {
        assertThat(kept(clean, Split.TRAIN)).containsExactly(other + "|1");
      }
    }
  }

  @Test
  void rulesThatAreOffDropNothing() {
    Map<Split, Dataset<Row>> corpus =
        Map.of(
            Split.TRAIN, Pairs.read("train", "a|1", "a|1", "b|1", "c|2"),
            Split.VALID, Pairs.read("valid", "c|2"));

    try (CleanedCorpus clean = clean(SmallSettings.dropping(), corpus)) {
      assertThat(counts(clean, Split.TRAIN).kept()).isEqualTo(4);
    }
  }

  @Test
  void aPairThatIsDroppedAnywayDoesNotMakeOthersDuplicates() {
    CorpusSettings bounded =
        SmallSettings.rejecting(
            new RejectionSettings(List.of(), new Bounds(2, 0), RejectionSettings.Bounds.NONE));

    try (CleanedCorpus clean = clean(bounded, train("a|1", "b|1", "a b|1"))) {
      assertThat(kept(clean, Split.TRAIN)).containsExactly("a b|1");
    }
  }

  @Test
  void aCorpusOfWhichNothingIsLeftHasAReport() {
    Set<Integer> before = LocalSpark.cached();
    try (CleanedCorpus clean = clean(all, train("|s", "p|", "q|"))) {
      assertThat(counts(clean, Split.TRAIN))
          .hasToString("3 pairs read, 0 kept (dropped: 1 blank-prompt, 2 blank-story)");
    }
    assertThat(before).containsAll(LocalSpark.cached());
  }

  private static CleanedCorpus clean(CorpusSettings settings, Map<Split, Dataset<Row>> splits) {
    return new CorpusCleaner(settings).clean(new RawCorpus(new TreeMap<>(splits), 3));
  }

  private static Map<Split, Dataset<Row>> train(String... pairs) {
    return Map.of(Split.TRAIN, Pairs.read("train", pairs).repartition(3));
  }

  private static List<String> kept(CleanedCorpus clean, Split split) {
    return Pairs.in(clean.kept(split).orElseThrow());
  }

  private static SplitCounts counts(CleanedCorpus clean, Split split) {
    return clean.report().split(split).orElseThrow();
  }

  private static SplitCounts dropped(long read, long changed, String rule, long dropped) {
    return new SplitCounts("train", read, changed, Map.of(rule, dropped));
  }
}
