package storyloom.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FiguresTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kept_rounds            | 5000     | rounds until then             | 5,000",
        "perplexity_per_word    | 118.6532 | perplexity per word           | 118.7",
        "valid_perplexity       | 60.4049  | validation perplexity per token | 60.40",
        "repeated_4grams        | 0.0014   | repeated 4-grams              | 0.14 %",
        "prompt_ranking         | 0.692    | prompts ranked first of ten   | 69.2 %",
        "train_loss             | 4.10512  | training loss per token       | 4.105",
        "train_seconds          | 3723.4   | time of training              | 1:02:03",
        "some_new_figure        | 12.34567 | some new figure               | 12.35",
        "prompt_ranking         | NaN      | prompts ranked first of ten   | –"
      })
  void figuresHaveNamesAndDigitsForPeople(String key, double value, String name, String text) {
    assertThat(Figures.name(key)).isEqualTo(name);
    assertThat(Figures.text(key, value)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"prompt_ranking | 0.032 | +3.20", "perplexity_per_word | -2.5 | −2.50"})
  void differencesHaveTheirSign(String key, double value, String text) {
    assertThat(Figures.difference(key, value)).isEqualTo(text);
  }
}
