package storyloom.pipeline.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.UserException;

class SplitterTest {

  /** By another program: the first 8 bytes of `printf 'the last dragon' | sha256sum`, halved. */
  private static final long THE_LAST_DRAGON = 6950433235858246941L;

  @Test
  void equalPromptsNeverStraddle() {
    // each prompt four times: as it is, in capitals, with other spaces, with another story
    Dataset<Row> pairs =
        Pairs.of(
            IntStream.range(0, 400)
                .mapToObj(i -> spelling(i) + "|story " + i)
                .toArray(String[]::new));

    Splitter.Parts parts = new Splitter(0.3).split(pairs);

    List<String> all = Pairs.in(parts.train().union(parts.valid()));
    assertThat(all).isEqualTo(Pairs.in(pairs));
    assertThat(prompts(parts.train()))
        .isNotEmpty()
        .doesNotContainAnyElementsOf(prompts(parts.valid()));
    assertThat(prompts(parts.valid()).size() / 100.0).isCloseTo(0.3, within(0.12));
  }

  @Test
  void aPromptsNumberIsTheSameForEver() {
    assertThat(Splitter.number("The last dragon")).isEqualTo(THE_LAST_DRAGON);
    assertThat(Splitter.number(" THE\u00A0last \n dragon ")).isEqualTo(THE_LAST_DRAGON);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-9, 0.5, 0.999999999})
  void neitherSideIsEverEmpty(double share) {
    Splitter.Parts parts = new Splitter(share).split(Pairs.of("a|1", "b|2"));

    assertThat(parts.train().count()).isEqualTo(1);
    assertThat(parts.valid().count()).isEqualTo(1);
  }

  @Test
  void aCorpusOfOnePromptCannotBeSplit() {
    assertThatThrownBy(() -> new Splitter(0.5).split(Pairs.of("a|1", "A|2")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("add a valid split");
  }

  @Test
  void aShareOfNothingOrAllIsRefused() {
    assertThatThrownBy(() -> new Splitter(0)).hasMessageContaining("corpus.valid-share");
    assertThatThrownBy(() -> new Splitter(1)).hasMessageContaining("corpus.valid-share");
  }

  private static String spelling(int i) {
    String prompt = "Tale number " + i / 4;
    return switch (i % 4) {
      case 1 -> prompt.toUpperCase(Locale.ROOT);
      case 2 -> prompt.replace(" ", "  ");
      default -> prompt;
    };
  }

  private static Set<Long> prompts(Dataset<Row> pairs) {
    return pairs.collectAsList().stream()
        .map(row -> Splitter.number(row.getString(0)))
        .collect(Collectors.toSet());
  }
}
