package storyloom.pipeline.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import storyloom.model.UserException;
import storyloom.model.text.TextCleaner;
import storyloom.pipeline.LocalSpark;

class CorpusCleanerTest {

  private final CorpusCleaner cleaner = new CorpusCleaner(TextCleaner.ruleNames());

  @Test
  void bothSidesAreCleaned() {
    try (CleanCorpus clean =
        cleaner.clean(corpus(Pairs.of("a   b|one <newline> two", "c|three")))) {
      assertThat(Pairs.in(clean.pairs(Split.TRAIN).orElseThrow()))
          .containsExactly("a b|one\ntwo", "c|three");
      assertThat(clean.report().splits().get(Split.TRAIN))
          .isEqualTo(new CleaningReport.Counts(2, 1, new TreeMap<>()));
    }
  }

  @Test
  void pairsWithABlankSideAreDroppedAndCounted() {
    Dataset<Row> train =
        Pairs.of("p|s", "|s", "  |s", "q|<newline>", "\u200B|").union(withNull("r"));

    try (CleanCorpus clean = cleaner.clean(corpus(train))) {
      assertThat(Pairs.in(clean.pairs(Split.TRAIN).orElseThrow())).containsExactly("p|s");
      CleaningReport.Counts counts = clean.report().splits().get(Split.TRAIN);
      assertThat(counts.read()).isEqualTo(6);
      assertThat(counts.kept()).isEqualTo(1);
      assertThat(counts.dropped())
          .containsExactly(
              Map.entry(DropReason.BLANK_PROMPT, 3L), Map.entry(DropReason.BLANK_STORY, 2L));
    }
  }

  @Test
  void repeatedPairsOfTrainAreDroppedRepeatedPromptsAreNot() {
    Dataset<Row> train = Pairs.of("p|s", "p|t", "p|s", "p |s", "q|x").repartition(3);

    try (CleanCorpus clean = cleaner.clean(corpus(train))) {
      assertThat(Pairs.in(clean.pairs(Split.TRAIN).orElseThrow()))
          .containsExactly("p|s", "p|t", "q|x");
      assertThat(clean.report().splits().get(Split.TRAIN).dropped())
          .containsExactly(Map.entry(DropReason.DUPLICATE, 2L));
    }
  }

  @Test
  void trainGivesUpPairsThatStandInAnotherSplit() {
    RawCorpus corpus =
        new RawCorpus(
            new TreeMap<>(
                Map.of(
                    Split.TRAIN, Pairs.of("a|1", "b|2", "b|2", "c|3", "a|3"),
                    Split.VALID, Pairs.of("a|1", "a|1", "v|v"),
                    Split.TEST, Pairs.of("b|2", "a|1"))));

    try (CleanCorpus clean = cleaner.clean(corpus)) {
      assertThat(Pairs.in(clean.pairs(Split.TRAIN).orElseThrow())).containsExactly("a|3", "c|3");
      assertThat(Pairs.in(clean.pairs(Split.VALID).orElseThrow()))
          .containsExactly("a|1", "a|1", "v|v");
      assertThat(Pairs.in(clean.pairs(Split.TEST).orElseThrow())).containsExactly("a|1", "b|2");
      assertThat(clean.report().lines())
          .containsExactly(
              "train: 5 pairs read, 0 changed, 2 kept (dropped: 3 in another split)",
              "valid: 3 pairs read, 0 changed, 3 kept",
              "test: 2 pairs read, 0 changed, 2 kept");
    }
  }

  @Test
  void aSplitOfWhichNothingIsLeftIsRefusedWithItsCounts() {
    assertThatThrownBy(() -> cleaner.clean(corpus(Pairs.of("|s", "p|", "q|"))))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "nothing is left of the train split after cleaning: 3 pairs read, 0 changed, 0 kept"
                + " (dropped: 1 blank prompt, 2 blank story)")
        .extracting("status")
        .isEqualTo(3);
    assertThat(LocalSpark.context().getPersistentRDDs()).isEmpty();
  }

  private static RawCorpus corpus(Dataset<Row> train) {
    return new RawCorpus(new TreeMap<>(Map.of(Split.TRAIN, train)));
  }

  private static Dataset<Row> withNull(String prompt) {
    return LocalSpark.session()
        .createDataFrame(List.of(RowFactory.create(prompt, null)), PairColumns.SCHEMA);
  }
}
