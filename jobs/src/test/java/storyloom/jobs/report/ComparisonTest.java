package storyloom.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import storyloom.jobs.evaluate.EvaluatedModel;
import storyloom.jobs.evaluate.ModelComparison;
import storyloom.jobs.evaluate.ModelComparison.Difference;

final class ComparisonTest {

  private static Map<String, Difference> differences(EvaluatedModel model, EvaluatedModel other) {
    return new ModelComparison(model, other)
        .differences().stream().collect(Collectors.toMap(Difference::key, each -> each));
  }

  private static EvaluatedModel model(double worse, int miss) {
    return PagesOfRecords.model(PagesOfRecords.MODEL, worse, List.of(), miss);
  }

  @Test
  void aModelThatIsWorseInEveryStoryIsSurelyWorse() {
    Difference perplexity = differences(model(0.2, 5), model(0, 5)).get("perplexity_per_word");

    assertThat(perplexity.interval().orElseThrow().low()).isPositive();
    assertThat(perplexity.difference().orElseThrow())
        .isEqualTo(perplexity.interval().orElseThrow().difference());
  }

  @Test
  void aStoryMoreOfFortyMayBeChance() {
    Difference ranking = differences(model(0, 6), model(0, 5)).get("prompt_ranking");

    assertThat(ranking.difference().orElseThrow()).isPositive();
    assertThat(ranking.interval().orElseThrow().isUnsure()).isTrue();
  }

  @Test
  void sharesOfDifferentWordsHaveNoBoundsForStoriesShareThem() {
    Difference distinct = differences(model(0, 6), model(0, 5)).get("distinct_2");

    assertThat(distinct.difference()).hasValue(0.0);
    assertThat(distinct.interval()).isEmpty();
  }
}
