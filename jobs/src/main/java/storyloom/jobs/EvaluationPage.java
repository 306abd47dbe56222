package storyloom.jobs;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jsoup.nodes.Entities;
import storyloom.model.eval.PromptRanking;
import storyloom.pipeline.evaluate.StorySample;

/**
 * An evaluation as one HTML file that needs no other: figures, pictures, and stories of the model
 * beside those of people.
 */
final class EvaluationPage {

  /** Stories that are shown. */
  static final int STORIES = 20;

  private static final String PAGE =
      """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Evaluation of %1$s</title>
      <style>
      body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
      table { border-collapse: collapse; }
      th { text-align: left; font-weight: 600; padding: .15rem 1.5rem .15rem 0; }
      td { text-align: right; }
      img { max-width: 100%%; height: auto; margin: 1rem 0; }
      article { border-top: 1px solid #ddd; padding: 1rem 0; }
      .two { display: grid; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); gap: 2rem; }
      .story { white-space: pre-line; margin: 0; }
      h3 { font-size: 1rem; margin: 0 0 .5rem; }
      h4 { font-size: .85rem; color: #555; margin: 0; }
      details { overflow-x: auto; }
      details img { max-width: none; }
      </style>
      </head>
      <body>
      <h1>Evaluation of %1$s</h1>
      <table>
      %2$s
      </table>
      %3$s
      <h2>Stories</h2>
      %4$s
      </body>
      </html>
      """;

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
    String rows =
        figures.entrySet().stream()
            .map(
                row ->
                    "<tr><th scope=\"row\">%s</th><td>%s</td></tr>"
                        .formatted(escaped(row.getKey()), escaped(row.getValue())))
            .collect(Collectors.joining("\n"));
    String pictures =
        picture("How long stories of people and of the model are", EvaluationCharts.lengths(sample))
            + ranking
                .map(EvaluationCharts::places)
                .map(png -> picture("At which place the model put a story's own prompt", png))
                .orElse("");
    String stories =
        IntStream.range(0, Math.min(STORIES, sample.prompts().size()))
            .mapToObj(i -> story(sample, i, attention))
            .collect(Collectors.joining("\n"));
    return PAGE.formatted(escaped(model), rows, pictures, stories);
  }

  private static String picture(String words, byte[] png) {
    return "<img alt=\"%s\" src=\"data:image/png;base64,%s\">%n"
        .formatted(escaped(words), Base64.getEncoder().encodeToString(png));
  }

  private static String story(StorySample sample, int i, List<byte[]> attention) {
    return """
        <article>
        <h3>%s</h3>
        <div class="two">
        <div><h4>model</h4><p class="story">%s</p></div>
        <div><h4>people</h4><p class="story">%s</p></div>
        </div>
        %s</article>"""
        .formatted(
            escaped(sample.prompts().get(i)),
            escaped(sample.written().get(i)),
            escaped(sample.human().get(i)),
            i < attention.size() ? attention(attention.get(i)) : "");
  }

  private static String attention(byte[] png) {
    return "<details><summary>what the model looked at</summary>%n%s</details>%n"
        .formatted(picture("The prompt's words across, the story's down", png));
  }

  private static String escaped(String text) {
    return Entities.escape(text).replace("\"", "&quot;");
  }
}
