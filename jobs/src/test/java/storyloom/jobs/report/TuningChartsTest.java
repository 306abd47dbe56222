package storyloom.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import storyloom.jobs.chart.Picture;
import storyloom.pipeline.tune.SearchPlan.Objective;

final class TuningChartsTest {

  private static Picture words(String one, String other) {
    return TuningCharts.words(
        "model.attention",
        new TreeMap<>(Map.of(one, List.of(9.0, 8.0, 7.5), other, List.of(7.0))),
        Objective.PERPLEXITY);
  }

  @Test
  void valuesThatAreNoNumbersStandOnTheAxis() {
    assertThat(words("dot", "none")).isEqualTo(words("dot", "none"));
    assertThat(words("dot", "none")).isNotEqualTo(words("dot", "nano"));
  }

  @Test
  void trialsOfAnyLengthAndValueAreDrawn() {
    TuningCharts.Curve leader = new TuningCharts.Curve(2, List.of(90.0, 40.0, 35.0));
    TuningCharts.Curve other = new TuningCharts.Curve(1, List.of(95.0));

    assertThat(TuningCharts.curves(List.of(leader), List.of(other)))
        .isNotEqualTo(TuningCharts.curves(List.of(leader), List.of()));
    assertThat(rates(true, Objective.RANKING)).isNotEqualTo(rates(false, Objective.RANKING));
  }

  private static Picture rates(boolean logarithmic, Objective judged) {
    return TuningCharts.numbers(
        "train.learning-rate", logarithmic, List.of(0.001, 0.1), List.of(2.5, 30.0), judged);
  }

  @Test
  void perplexitiesStandOnALogarithmicAxisAndSharesDoNot() {
    assertThat(labels(rates(false, Objective.PERPLEXITY))).contains("5", "10", "20");
    assertThat(labels(rates(false, Objective.RANKING))).doesNotContain("5", "10", "20");
    assertThat(labels(words("dot", "none"))).contains("7", "8", "9");
  }

  private static List<String> labels(Picture picture) {
    return Pattern.compile(">([^<>]+)</text>")
        .matcher(picture.wide())
        .results()
        .map(found -> found.group(1))
        .toList();
  }
}
