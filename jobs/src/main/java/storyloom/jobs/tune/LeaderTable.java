package storyloom.jobs.tune;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import storyloom.jobs.cli.Console;
import storyloom.pipeline.tune.RungResult;
import storyloom.pipeline.tune.SearchPlan;
import storyloom.pipeline.tune.Trial;
import storyloom.pipeline.tune.TrialScheduler;

/**
 * Where a search stands, as lines of text: how many trials are on which rung, and the best ones.
 */
final class LeaderTable {

  private final TrialScheduler scheduler;
  private final SearchPlan plan;
  private final List<Trial> trials;

  LeaderTable(TuningStart start) {
    this.scheduler = start.record().scheduler();
    this.plan = start.record().plan();
    this.trials = start.trials();
  }

  /**
   * The lines.
   *
   * @param seconds since the search began
   * @param most leaders at most
   */
  List<String> lines(double seconds, int most) {
    List<String> lines = new ArrayList<>();
    lines.add(rungs(seconds));
    List<RungResult> leaders = scheduler.leaders();
    if (leaders.isEmpty()) {
      return lines;
    }
    List<List<String>> rows = new ArrayList<>();
    List<String> head =
        new ArrayList<>(List.of("", "trial", "epochs", plan.objective().words(), "seconds"));
    head.addAll(trials.get(0).values().keySet());
    rows.add(head);
    for (int place = 0; place < Math.min(most, leaders.size()); place++) {
      rows.add(row(place + 1, leaders.get(place)));
    }
    lines.addAll(aligned(rows));
    return lines;
  }

  private String rungs(double seconds) {
    String rungs =
        IntStream.range(0, plan.rungs().size())
            .mapToObj(
                rung ->
                    "%d at epoch %d"
                        .formatted(
                            scheduler.results().stream()
                                .filter(each -> each.rung() == rung)
                                .count(),
                            plan.rungs().get(rung)))
            .collect(Collectors.joining(", "));
    long failures = scheduler.results().stream().filter(RungResult::isFailure).count();
    return "%s of %d trials%s; %d under way, %s"
        .formatted(
            rungs,
            plan.trials(),
            failures == 0 ? "" : ", %d failed".formatted(failures),
            scheduler.underWay().size(),
            Console.duration(seconds));
  }

  private List<String> row(int place, RungResult result) {
    List<String> row =
        new ArrayList<>(
            List.of(
                place + ".",
                Integer.toString(result.trial() + 1),
                Integer.toString(plan.rungs().get(result.rung())),
                String.format(Locale.ROOT, "%.4g", plan.objective().value(result)),
                String.format(Locale.ROOT, "%.1f", result.seconds())));
    row.addAll(trials.get(result.trial()).values().values());
    return row;
  }

  private static List<String> aligned(List<List<String>> rows) {
    int[] widths =
        IntStream.range(0, rows.get(0).size())
            .map(column -> rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0))
            .toArray();
    return rows.stream()
        .map(
            row ->
                IntStream.range(0, widths.length)
                    .mapToObj(
                        column ->
                            ("%" + Math.max(1, widths[column]) + "s").formatted(row.get(column)))
                    .collect(Collectors.joining("  ")))
        .toList();
  }
}
