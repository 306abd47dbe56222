package storyloom.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import storyloom.jobs.train.TrainingSummary;

final class RunIndexTest {

  private static final TrainingSummary FIRST = PagesOfRecords.summary(0, false);
  private static final TrainingSummary SECOND = PagesOfRecords.summary(1, false);

  @Test
  void withoutAGateThereAreTheValidationPerplexityAndItsTrend() {
    String page = new RunIndex(List.of(FIRST, SECOND)).html();

    assertThat(page)
        .contains("Validation perplexity per token of each run", ">60.40<", ">58.90<", "<svg")
        .doesNotContain("current had", "ranked first");
  }

  @Test
  void figuresOfTheGateStandBesidePeoples() {
    String page =
        new RunIndex(List.of(PagesOfRecords.summary(0, true), PagesOfRecords.summary(1, true)))
            .html();

    assertThat(page)
        .contains("Perplexity per word of each run", "current had", ">69.2 %<")
        .contains("person kept, people", "own order, people", "copied, people", ">1.30 %, 0.40 %<");
  }

  @Test
  void whatChangedFromRunToRunIsSaid() {
    assertThat(new RunChanges(SECOND, Optional.of(FIRST)).line())
        .isEqualTo(
            "12,758 pairs, was 12,718; 10,875 tokens in the vocabulary, was 10,863; train.batch 16, was 64");
    assertThat(new RunChanges(SECOND, Optional.of(SECOND)).line()).isEqualTo("nothing");
    assertThat(new RunChanges(FIRST, Optional.empty()).line()).isEqualTo("the first run");
  }
}
