package storyloom.pipeline.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import storyloom.model.ExitStatus;
import storyloom.model.UserException;
import storyloom.model.settings.Settings;

final class SearchSpaceTest {

  private static final String LISTS =
      """
      {"model.hidden": [16, 32, 64], "model.attention": ["dot", "none"]}""";

  private static SearchSpace space(String json) {
    return SearchSpace.of(Settings.load(Optional.empty(), List.of("tune.space=" + json.strip())));
  }

  private static boolean all(SortedMap<String, String> values) {
    return true;
  }

  @Test
  void keysAreNestedOrDotted() {
    SearchSpace space = space("{\"model\": {\"hidden\": [16]}, \"train.batch\": [8, 16]}");

    assertThat(space.keys()).containsExactly("model.hidden", "train.batch");
    assertThat(space.size()).hasValue(2);
  }

  @Test
  void aGridHasEachCombinationOnceInOrder() {
    SearchSpace.Draws draws = space(LISTS).all(SearchSpaceTest::all);

    assertThat(draws.trials())
        .extracting(values -> values.get("model.attention") + values.get("model.hidden"))
        .containsExactly("dot16", "dot32", "dot64", "none16", "none32", "none64");
  }

  @Test
  void drawsDependOnTheSeedAloneAndAreAllDifferent() {
    SearchSpace space = space(LISTS);

    List<SortedMap<String, String>> drawn = space.draw(6, 1, SearchSpaceTest::all).trials();

    assertThat(new HashSet<>(drawn)).hasSize(6);
    assertThat(space.draw(6, 1, SearchSpaceTest::all).trials()).isEqualTo(drawn);
    assertThat(space.draw(6, 2, SearchSpaceTest::all).trials()).isNotEqualTo(drawn);
  }

  @Test
  void fewerTrialsAreTheFirstOnesOfMore() {
    SearchSpace lists = space(LISTS);
    SearchSpace range = space("{\"train.learning-rate\": {\"from\": 0.001, \"to\": 0.1}}");

    assertThat(lists.draw(6, 3, SearchSpaceTest::all).trials())
        .startsWith(lists.draw(2, 3, SearchSpaceTest::all).trials().toArray(new SortedMap[0]));
    assertThat(range.draw(9, 3, SearchSpaceTest::all).trials())
        .startsWith(range.draw(4, 3, SearchSpaceTest::all).trials().toArray(new SortedMap[0]));
  }

  @Test
  void logarithmicDrawsAreAsOftenInEachDecade() {
    SearchSpace space =
        space("{\"train.learning-rate\": {\"from\": 0.0001, \"to\": 0.1, \"scale\": \"log\"}}");

    List<Double> rates =
        space.draw(3000, 1, SearchSpaceTest::all).trials().stream()
            .map(values -> Double.valueOf(values.get("train.learning-rate")))
            .toList();

    assertThat(rates).allMatch(rate -> rate >= 0.0001 && rate <= 0.1);
    for (double from : new double[] {0.0001, 0.001, 0.01}) {
      assertThat(rates.stream().filter(rate -> rate >= from && rate < 10 * from).count())
          .isBetween(900L, 1100L);
    }
  }

  @Test
  void wholeNumbersReachBothBounds() {
    SearchSpace space = space("{\"model.layers\": {\"from\": 1, \"to\": 4}}");

    assertThat(space.all(SearchSpaceTest::all).trials())
        .extracting(values -> values.get("model.layers"))
        .containsExactly("1", "2", "3", "4");
    assertThat(space.draw(4, 5, SearchSpaceTest::all).trials()).hasSize(4);
  }

  @Test
  void combinationsThatExcludeEachOtherArePassedOverAndCounted() {
    SearchSpace space = space(LISTS);

    SearchSpace.Draws draws =
        space.draw(3, 1, values -> values.get("model.attention").equals("none"));

    assertThat(draws.trials()).hasSize(3).allMatch(values -> values.containsValue("none"));
    assertThat(draws.excluded()).isBetween(1L, 3L);
    assertThat(space.all(values -> values.containsValue("dot")).excluded()).isEqualTo(3);
  }

  @Test
  void moreTrialsThanCombinationsAreRefused() {
    SearchSpace space = space(LISTS);

    assertThatThrownBy(() -> space.draw(7, 1, SearchSpaceTest::all))
        .hasMessageContaining("tune.trials=7")
        .hasMessageContaining("6 combinations");
    assertThatThrownBy(() -> space.draw(4, 1, values -> values.containsValue("dot")))
        .hasMessageContaining("3 combinations")
        .hasMessageContaining("without 3 whose settings exclude each other");
  }

  @Test
  void aGridOfARangeIsRefused() {
    SearchSpace space = space("{\"train.learning-rate\": {\"from\": 0.001, \"to\": 0.1}}");

    assertThatThrownBy(() -> space.all(SearchSpaceTest::all)).hasMessageContaining("grid");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{}; tune.space is empty",
        "{\"model.hiden\": [1]}; model.hidden",
        "{\"train.workers\": [1, 2]}; train.workers cannot be tuned",
        "{\"train.start\": [\"scratch\"]}; train.start cannot be tuned",
        "{\"train.checkpoint-rounds\": [1, 2]}; train.checkpoint-rounds cannot be tuned",
        "{\"train.max-minutes\": [1, 2]}; train.max-minutes cannot be tuned",
        "{\"train.mlflow-uri\": [\"http://a\"]}; train.mlflow-uri cannot be tuned",
        "{\"train.epochs\": [1, 2]}; tune.epochs",
        "{\"text.min-count\": [1, 2]}; text.min-count cannot be tuned",
        "{\"decode.top-k\": [1, 2]}; decode.top-k cannot be tuned",
        "{\"model.hidden\": []}; no value for model.hidden",
        "{\"model.hidden\": [0]}; model.hidden must be a whole number from 1",
        "{\"model.hidden\": [8, 8]}; twice for model.hidden",
        "{\"model.hidden\": 8}; model.hidden takes a list",
        "{\"model.hidden\": {\"from\": 8}}; to of model.hidden must be a number",
        "{\"model.hidden\": {\"from\": 8, \"to\": 9999}}; model.hidden must be a whole number",
        "{\"model.hidden\": {\"from\": 9, \"to\": 8}}; from must be below to for model.hidden",
        "{\"model.hidden\": {\"from\": 1, \"to\": 8, \"step\": 2}}; has no step",
        "{\"model.hidden\": {\"from\": 1, \"to\": 8, \"scale\": \"ln\"}}; linear or log",
        "{\"model.dropout\": {\"from\": 0, \"to\": 0.5, \"scale\": \"log\"}}; above 0 for model.dropout",
        "{\"model.attention\": {\"from\": 0, \"to\": 1}}; model.attention must be none or dot",
        "{\"model.hidden\": [[8]]}; not [",
      })
  void whatCannotBeSearchedIsNamed(String json, String words) {
    assertThatThrownBy(() -> space(json))
        .isInstanceOfSatisfying(
            UserException.class,
            mistake -> assertThat(mistake.status()).isEqualTo(ExitStatus.USAGE))
        .hasMessageContaining(words);
  }
}
