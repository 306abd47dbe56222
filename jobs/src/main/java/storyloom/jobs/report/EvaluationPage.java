package storyloom.jobs.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import storyloom.jobs.chart.EvaluationCharts;
import storyloom.jobs.chart.Picture;
import storyloom.model.eval.PromptRanking;
import storyloom.pipeline.evaluate.StorySample;

/** An evaluation as a page: figures, pictures, and stories of the model beside those of people. */
public final class EvaluationPage {

  /** Stories that are shown. */
  public static final int STORIES = 20;

  private EvaluationPage() {}

  /**
   * Makes the page.
   *
   * @param model version of the model
   * @param figures names and values, as they are to be read
   * @param attention heat maps of the first stories, as PNG files; none if nobody asked for them
   */
  static String of(
      String model,
      Map<String, String> figures,
      Optional<PromptRanking> ranking,
      StorySample sample,
      List<byte[]> attention) {
    HtmlPage page = new HtmlPage("Evaluation of " + model).table(figures);
    page.picture(
        "How long stories of people and of the model are",
        Picture.drawn("lengths", () -> EvaluationCharts.lengths(sample)));
    ranking.ifPresent(
        places ->
            page.picture(
                "At which place the model put a story's own prompt",
                Picture.drawn("places", () -> EvaluationCharts.places(places))));
    page.section("Stories");
    for (int i = 0; i < Math.min(STORIES, sample.prompts().size()); i++) {
      String prompt = sample.prompts().get(i);
      Map<String, String> beside = new LinkedHashMap<>();
      beside.put("model", sample.written().get(i));
      beside.put("people", sample.human().get(i));
      if (i < attention.size()) {
        page.stories(
            prompt,
            beside,
            "what the model looked at",
            "The prompt's words across, the story's down",
            attention.get(i));
      } else {
        page.stories(prompt, beside);
      }
    }
    return page.html();
  }
}
