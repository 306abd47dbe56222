package storyloom.jobs.report;

import java.util.List;
import java.util.Optional;
import storyloom.jobs.chart.AttentionChart;
import storyloom.jobs.chart.Picture;
import storyloom.model.decode.AttentionMap;

/** What a model looked at while it wrote the first stories of a page. */
final class AttentionMaps {

  private AttentionMaps() {}

  /** Of a story; empty if nobody looked, or this Java cannot draw. */
  static Optional<AttentionChart.Element> drawn(List<AttentionMap> maps, int story) {
    return story < maps.size()
        ? Picture.drawn("attention", () -> AttentionChart.svg(maps.get(story)))
        : Optional.empty();
  }
}
