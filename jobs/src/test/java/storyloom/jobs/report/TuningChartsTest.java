package storyloom.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import storyloom.jobs.chart.Picture;

final class TuningChartsTest {

  private static Picture words(String one, String other) {
    return TuningCharts.words(
        "model.attention",
        new TreeMap<>(Map.of(one, List.of(9.0, 8.0, 7.5), other, List.of(7.0))),
        "perplexity per word");
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
    assertThat(TuningCharts.numbers("x", true, List.of(0.001, 0.1), List.of(9.0, 8.0), "y"))
        .isNotEqualTo(
            TuningCharts.numbers("x", false, List.of(0.001, 0.1), List.of(9.0, 8.0), "y"));
  }
}
