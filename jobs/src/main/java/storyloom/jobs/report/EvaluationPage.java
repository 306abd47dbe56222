package storyloom.jobs.report;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import storyloom.jobs.chart.EvaluationCharts;
import storyloom.jobs.chart.Picture;
import storyloom.jobs.evaluate.EvaluatedModel;
import storyloom.jobs.evaluate.EvaluatedSample;
import storyloom.jobs.evaluate.EvaluationRequest;
import storyloom.jobs.evaluate.ModelComparison;
import storyloom.jobs.evaluate.ModelComparison.Difference;
import storyloom.jobs.report.HtmlPage.Cell;
import storyloom.model.eval.PairedBootstrap;
import storyloom.model.eval.PromptRanking;
import storyloom.pipeline.evaluate.StorySample;

/** An evaluation as one page for people: figures, pictures, and stories beside those of people. */
final class EvaluationPage {

  private static final int SHOWN = 20;
  private static final String MODEL = "model";
  private static final String OTHER = "other model";
  private static final String PEOPLE = "people";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final EvaluationRequest request;
  private final EvaluatedModel model;
  private final Optional<EvaluatedModel> other;
  private final Optional<ModelComparison> comparison;

  EvaluationPage(
      EvaluationRequest request, EvaluatedModel model, Optional<ModelComparison> comparison) {
    this.request = request;
    this.model = model;
    this.other = comparison.map(ModelComparison::other);
    this.comparison = comparison;
  }

  String html() {
    HtmlPage page =
        new HtmlPage(
            "Evaluation of " + model.version() + other.map(o -> " and " + o.version()).orElse(""));
    page.facts("What was measured", measured());
    page.details("How stories were written", part -> part.settings("Settings", request.decoding()));
    comparison.ifPresent(each -> comparison(page, each));
    page.section("Figures");
    page.facts("Figures of " + model.version(), EvaluationReport.rows(model));
    other.ifPresent(
        each ->
            page.details(
                "Figures of " + each.version(),
                part -> part.facts(each.version(), EvaluationReport.rows(each))));
    model.sample().ifPresent(sample -> sample(page, sample));
    return page.html();
  }

  private Map<String, String> measured() {
    Map<String, String> rows = new LinkedHashMap<>();
    rows.put("prompts", request.source());
    rows.put("stories of people", request.target());
    rows.put("when", TIME.format(request.when()));
    rows.put(MODEL, lineage(model));
    other.ifPresent(each -> rows.put(OTHER, lineage(each)));
    if (model.sample().isPresent()) {
      rows.put("strategy", request.settings().text("decode.strategy"));
      rows.put("seed", request.settings().text("decode.seed"));
    }
    return rows;
  }

  private static String lineage(EvaluatedModel model) {
    List<String> parents = model.parents();
    return model.version()
        + (parents.isEmpty()
            ? ", trained from scratch"
            : ", which was made from " + String.join(", from ", parents));
  }

  private static void comparison(HtmlPage page, ModelComparison comparison) {
    page.section("Which one is better");
    page.paragraph(
        ("%,d times, as many stories were drawn with replacement as there are, the same ones for"
                + " both models; 95 of 100 differences lie between the bounds. Where these have"
                + " different signs, it may be chance which model has more.")
            .formatted(PairedBootstrap.RESAMPLES));
    comparison.notes().forEach(page::note);
    page.cards(
        "Differences, the model less the other; those of shares in percentage points",
        List.of("figure", MODEL, OTHER, "difference", "95 of 100 between", "so"),
        comparison.differences().stream().map(EvaluationPage::row).toList());
  }

  private static List<Cell> row(Difference each) {
    return List.of(
        Cell.of(Figures.name(each.key())),
        Cell.number(EvaluationReport.value(each.key(), each.model())),
        Cell.number(EvaluationReport.value(each.key(), each.other())),
        Cell.number(
            each.difference()
                .map(difference -> Figures.difference(each.key(), difference))
                .orElse(Figures.UNKNOWN)),
        Cell.number(
            each.interval()
                .map(interval -> EvaluationReport.between(each, interval))
                .orElse(Figures.UNKNOWN)),
        each.interval().map(interval -> verdict(each.key(), interval)).orElse(Cell.of("")));
  }

  /** Repeating less than people do is no merit, but models never come to that. */
  private static Cell verdict(String key, PairedBootstrap interval) {
    if (interval.isUnsure()) {
      return Cell.of("may be chance");
    }
    boolean more = interval.difference() > 0;
    return Figures.isSmallerBetter(key)
        .map(smaller -> Cell.verdict(more == smaller ? "worse" : "better", more != smaller))
        .orElse(Cell.of(more ? "more" : "less"));
  }

  private void sample(HtmlPage page, EvaluatedSample sample) {
    page.picture(
        "How long the stories of people and of models are, in words",
        Picture.drawn("lengths", () -> EvaluationCharts.lengths(stories(sample))));
    Map<String, PromptRanking> rankings = new LinkedHashMap<>();
    sample.ranking().ifPresent(each -> rankings.put(MODEL, each));
    rival().flatMap(EvaluatedSample::ranking).ifPresent(each -> rankings.put(OTHER, each));
    if (!rankings.isEmpty()) {
      page.picture(
          "At which place a story's own prompt came, among ten",
          Picture.drawn("places", () -> EvaluationCharts.places(rankings)));
    }
    sample
        .writtenQuotations()
        .filter(quoted -> !quoted.longest().isEmpty())
        .ifPresent(
            quoted ->
                page.section("Longest quotation from the training split")
                    .paragraph(quoted.longest()));
    page.section("Stories");
    articles(page, sample);
  }

  private Optional<EvaluatedSample> rival() {
    return other.flatMap(EvaluatedModel::sample);
  }

  private Map<String, List<String>> stories(EvaluatedSample sample) {
    Map<String, List<String>> stories = new LinkedHashMap<>();
    stories.put(PEOPLE, sample.stories().human());
    stories.put(MODEL, sample.stories().written());
    rival().ifPresent(each -> stories.put(OTHER, each.stories().written()));
    return stories;
  }

  private void articles(HtmlPage page, EvaluatedSample sample) {
    StorySample stories = sample.stories();
    for (int i = 0; i < Math.min(SHOWN, stories.prompts().size()); i++) {
      int place = stories.places().get(i);
      Map<String, String> beside = new LinkedHashMap<>();
      beside.put(MODEL, stories.written().get(i));
      rival()
          .map(EvaluatedSample::stories)
          .filter(each -> each.places().contains(place))
          .ifPresent(each -> beside.put(OTHER, each.written().get(each.places().indexOf(place))));
      beside.put(PEOPLE, stories.human().get(i));
      page.stories(stories.prompts().get(i), beside, AttentionMaps.drawn(sample.attention(), i));
    }
  }
}
