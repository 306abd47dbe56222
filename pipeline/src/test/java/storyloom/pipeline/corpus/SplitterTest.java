package storyloom.pipeline.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.UserException;
import storyloom.pipeline.corpus.read.PairColumns;
import storyloom.pipeline.corpus.read.RawCorpus;
import storyloom.pipeline.corpus.read.Split;

class SplitterTest {

  private CleanedCorpus corpus;

  @AfterEach
  void close() {
    corpus.close();
  }

  @Test
  void equalPromptsNeverStraddle() {
    // each prompt four times: as it is, in capitals, with other spaces and marks, in wide letters
    Dataset<Row> pairs =
        clean(
            IntStream.range(0, 400)
                .mapToObj(i -> spelling(i) + "|story " + i)
                .toArray(String[]::new));

    Splitter.Sides sides = new Splitter(0.3).split(pairs);

    assertThat(Pairs.in(sides.train().union(sides.valid()))).isEqualTo(Pairs.in(pairs));
    assertThat(tales(sides.train())).isNotEmpty().doesNotContainAnyElementsOf(tales(sides.valid()));
    assertThat(tales(sides.valid()).size() / 100.0).isCloseTo(0.3, within(0.12));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-9, 0.5, 0.999999999})
  void neitherSideIsEverEmpty(double share) {
    Splitter.Sides sides = new Splitter(share).split(clean("a|1", "b|2"));

    assertThat(sides.train().count()).isEqualTo(1);
    assertThat(sides.valid().count()).isEqualTo(1);
  }

  @Test
  void aCorpusOfOnePromptCannotBeSplit() {
    Dataset<Row> pairs = clean("a|1", "A|2");

    assertThatThrownBy(() -> new Splitter(0.5).split(pairs))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("add a valid split");
  }

  private static String spelling(int i) {
    String prompt = "Tale number " + i / 4;
    return switch (i % 4) {
      case 1 -> prompt.toUpperCase(Locale.ROOT);
      case 2 -> prompt.replace(" ", ",  ") + "!";
      case 3 ->
          prompt
              .chars()
              .map(c -> c == ' ' ? c : c + 0xFEE0)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      default -> prompt;
    };
  }

  private Dataset<Row> clean(String... pairs) {
    corpus =
        new CorpusCleaner(SmallSettings.at(""))
            .clean(
                new RawCorpus(new TreeMap<>(Map.of(Split.TRAIN, Pairs.read("train", pairs))), 3));
    return corpus.kept(Split.TRAIN).orElseThrow();
  }

  /** The numbers of the tales, found out by the numbers of their stories. */
  private static Set<Integer> tales(Dataset<Row> pairs) {
    List<String> stories =
        pairs.select(PairColumns.STORY).collectAsList().stream().map(r -> r.getString(0)).toList();
    return stories.stream()
        .map(story -> Integer.parseInt(story.substring("story ".length())) / 4)
        .collect(Collectors.toSet());
  }
}
