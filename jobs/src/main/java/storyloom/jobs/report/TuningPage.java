package storyloom.jobs.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;
import storyloom.jobs.chart.Picture;
import storyloom.jobs.report.HtmlPage.Cell;
import storyloom.jobs.tune.RankCorrelation;
import storyloom.jobs.tune.TuningStart;
import storyloom.model.settings.Settings;
import storyloom.pipeline.evaluate.StorySample;
import storyloom.pipeline.tune.RungResult;
import storyloom.pipeline.tune.SearchPlan;
import storyloom.pipeline.tune.Trial;
import storyloom.pipeline.tune.TrialScheduler;

/** A search as one page for people, the best settings on top. */
final class TuningPage {

  private static final int LEADERS = 3;

  private final Facts facts;
  private final SearchPlan plan;
  private final List<RungResult> leaders;

  /**
   * What the page tells.
   *
   * @param name the search's
   * @param results of all trials, in the order in which they came
   * @param leaders the best result of each trial that came to a number, the best first
   * @param trials the settings that each has of its own
   * @param excluded combinations that were passed over
   * @param settings what all trials have in common
   */
  record Facts(
      String name,
      SearchPlan plan,
      List<RungResult> results,
      List<RungResult> leaders,
      List<SortedMap<String, String>> trials,
      long excluded,
      SortedMap<String, String> settings) {

    static Facts of(TuningStart start) {
      TrialScheduler scheduler = start.record().scheduler();
      return new Facts(
          start.folder().name(),
          start.record().plan(),
          scheduler.results(),
          scheduler.leaders(),
          start.trials().stream().map(Trial::values).toList(),
          start.record().header().excluded(),
          Settings.recorded(start.settings().changed()));
    }
  }

  TuningPage(Facts facts) {
    this.facts = facts;
    this.plan = facts.plan();
    this.leaders = facts.leaders();
  }

  /**
   * Makes the page.
   *
   * @param stories of the best trials, by their numbers
   */
  String html(Map<Integer, StorySample> stories) {
    HtmlPage page = new HtmlPage("Tuning " + facts.name());
    best(page);
    curves(page);
    influence(page);
    stories(page, stories);
    trials(page);
    settings(page);
    return page.html();
  }

  private String judged() {
    return plan.objective().words();
  }

  private String value(RungResult result) {
    return "%.4g".formatted(plan.objective().value(result));
  }

  private void best(HtmlPage page) {
    RungResult best = leaders.get(0);
    page.decision(
        "Trial %d is the best of %d that came to a number, of %d: %s %s on the validation split"
            .formatted(
                best.trial() + 1, leaders.size(), facts.trials().size(), judged(), value(best)),
        true);
    page.paragraph(
        "One worker trained each trial. best.conf, beside this page, is for train.jar, whose number of"
            + " workers is its own.");
    page.settings("Settings of the best trial", trial(best));
  }

  private SortedMap<String, String> trial(RungResult result) {
    return facts.trials().get(result.trial());
  }

  private void curves(HtmlPage page) {
    page.section("Learning curves");
    page.paragraph(
        "Trials were compared after epoch %s. Where a line ends, its trial did not go on."
            .formatted(
                plan.rungs().stream()
                    .map(Object::toString)
                    .collect(Collectors.joining(" and after "))));
    List<TuningCharts.Curve> curves =
        leaders.stream()
            .map(each -> new TuningCharts.Curve(each.trial() + 1, each.curve()))
            .toList();
    int most = Math.min(LEADERS, curves.size());
    page.picture(
        "Perplexity per word after each epoch of each trial, the best three told by their marks",
        Picture.drawn(
            "learning curves",
            () ->
                TuningCharts.curves(curves.subList(0, most), curves.subList(most, curves.size()))));
  }

  /** The trials where most of them can be compared: at their first rung. */
  private List<RungResult> compared() {
    return facts.results().stream().filter(each -> each.rung() == 0 && !each.isFailure()).toList();
  }

  private void influence(HtmlPage page) {
    List<RungResult> compared = compared();
    page.section("What each setting seems to matter");
    page.paragraph(
        ("By the %d trials that came to epoch %d, the first they were compared after: what is best"
                + " early on is not always best in the end, and settings that were drawn together are"
                + " not told apart.")
            .formatted(compared.size(), plan.rungs().get(0)));
    List<List<Cell>> rows = new ArrayList<>();
    for (String key : trial(leaders.get(0)).keySet()) {
      rows.add(List.of(Cell.of(key), Cell.of(influence(key, compared))));
    }
    page.cards(
        "Settings and what trials are judged by",
        List.of("setting", "with a larger value, " + judged()),
        rows);
    Map<String, Picture> pictures = new LinkedHashMap<>();
    for (String key : trial(leaders.get(0)).keySet()) {
      Picture.drawn("trials by " + key, () -> picture(key, compared))
          .ifPresent(drawn -> pictures.put("%s and %s".formatted(key, judged()), drawn));
    }
    page.pictures(pictures);
  }

  private Picture picture(String key, List<RungResult> compared) {
    SettingAxis axis = axis(key, compared);
    List<Double> judged = compared.stream().map(plan.objective()::value).toList();
    return axis.words().isEmpty()
        ? TuningCharts.numbers(key, axis.isLogarithmic(), axis.places(), judged, plan.objective())
        : TuningCharts.words(key, axis.byWord(judged), plan.objective());
  }

  private SettingAxis axis(String key, List<RungResult> compared) {
    return SettingAxis.of(compared.stream().map(each -> trial(each).get(key)).toList());
  }

  private String influence(String key, List<RungResult> compared) {
    SettingAxis axis = axis(key, compared);
    List<Double> judged = compared.stream().map(plan.objective()::value).toList();
    if (!axis.words().isEmpty()) {
      return "mean by value: " + means(axis, judged);
    }
    RankCorrelation correlation = RankCorrelation.of(axis.places(), judged);
    if (Double.isNaN(correlation.rho())) {
      return "nothing to compare: it was the same in all";
    }
    String interval =
        "rank correlation %+.2f, in 95 of 100 such samples between %+.2f and %+.2f"
            .formatted(correlation.rho(), correlation.low(), correlation.high());
    if (correlation.isUnsure()) {
      return "not told by %d trials (%s)".formatted(correlation.count(), interval);
    }
    return "%s (%s)".formatted(correlation.rho() > 0 ? "rises" : "falls", interval);
  }

  private static String means(SettingAxis axis, List<Double> judged) {
    return axis.byWord(judged).entrySet().stream()
        .map(
            each ->
                "%s %.4g of %d"
                    .formatted(
                        each.getKey(),
                        each.getValue().stream().mapToDouble(value -> value).average().orElse(0),
                        each.getValue().size()))
        .collect(Collectors.joining(", "));
  }

  private void stories(HtmlPage page, Map<Integer, StorySample> stories) {
    if (stories.isEmpty()) {
      return;
    }
    page.section("Stories of the best trials");
    Map<String, Map<String, String>> byPrompt = new LinkedHashMap<>();
    Map<String, String> human = new LinkedHashMap<>();
    stories.forEach(
        (trial, sample) -> {
          for (int i = 0; i < sample.prompts().size(); i++) {
            byPrompt
                .computeIfAbsent(sample.prompts().get(i), prompt -> new LinkedHashMap<>())
                .put("trial " + (trial + 1), sample.written().get(i));
            human.putIfAbsent(sample.prompts().get(i), sample.human().get(i));
          }
        });
    byPrompt.forEach(
        (prompt, beside) -> {
          beside.put("people", human.get(prompt));
          page.stories(prompt, beside, Optional.empty());
        });
  }

  private void trials(HtmlPage page) {
    page.section("All trials");
    List<String> head = new ArrayList<>(List.of("trial", "epochs", judged(), "seconds"));
    head.addAll(trial(leaders.get(0)).keySet());
    List<List<Cell>> rows = new ArrayList<>();
    for (RungResult each : leaders) {
      rows.add(row(each, Cell.number(value(each)), "%.1f".formatted(each.seconds())));
    }
    for (RungResult each : facts.results()) {
      if (each.isFailure()) {
        rows.add(row(each, Cell.of(each.reason()), ""));
      }
    }
    page.cards("All trials, the best first", head, rows);
    if (facts.excluded() > 0) {
      page.paragraph(
          "%d combinations were passed over, whose settings exclude each other or make a model that another makes."
              .formatted(facts.excluded()));
    }
  }

  private List<Cell> row(RungResult result, Cell value, String seconds) {
    List<Cell> row =
        new ArrayList<>(
            List.of(
                Cell.number(Integer.toString(result.trial() + 1)),
                Cell.number(Integer.toString(plan.rungs().get(result.rung()))),
                value,
                Cell.number(seconds)));
    trial(result).values().forEach(each -> row.add(Cell.of(each)));
    return row;
  }

  private void settings(HtmlPage page) {
    page.section("What all trials have in common");
    page.settings("Settings", facts.settings());
  }
}
