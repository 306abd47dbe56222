package storyloom.jobs.report;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jsoup.nodes.Entities;

/** One HTML file that needs no other and no network. All text is escaped here. */
final class HtmlPage {

  private static final String PAGE =
      """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>%1$s</title>
      <style>
      :root { color-scheme: light dark; --text: #222; --line: #ddd; --faint: #555; --good: #1d6b3a; --bad: #a32a1c; }
      @media (prefers-color-scheme: dark) {
        :root { --text: #e4e4e4; --line: #444; --faint: #aaa; --good: #6fcf97; --bad: #f0897b; }
      }
      body { font: 16px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; color: var(--text); }
      table { display: block; overflow-x: auto; border-collapse: collapse; margin: 1rem 0; }
      th, td { text-align: left; vertical-align: top; padding: .15rem 1.5rem .15rem 0; }
      td { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
      img { max-width: 100%%; height: auto; margin: 1rem 0; }
      pre { overflow-x: auto; }
      article { border-top: 1px solid var(--line); padding: 1rem 0; }
      .two { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%%), 1fr)); gap: 2rem; }
      .story { white-space: pre-line; margin: 0; }
      .good { color: var(--good); }
      .bad { color: var(--bad); }
      h3 { font-size: 1rem; margin: 0 0 .5rem; }
      h4 { font-size: .85rem; color: var(--faint); margin: 0; }
      details { overflow-x: auto; }
      details img { max-width: none; }
      </style>
      </head>
      <body>
      <h1>%1$s</h1>
      %2$s</body>
      </html>
      """;

  private final String title;
  private final StringBuilder body = new StringBuilder();

  HtmlPage(String title) {
    this.title = title;
  }

  /** A heading of a section. */
  HtmlPage section(String name) {
    return add("<h2>%s</h2>".formatted(escaped(name)));
  }

  /** A line about how things stand. */
  HtmlPage decision(String line, boolean good) {
    return add(
        "<p class=\"%s\"><strong>%s</strong></p>".formatted(good ? "good" : "bad", escaped(line)));
  }

  HtmlPage paragraph(String text) {
    return add("<p>%s</p>".formatted(escaped(text)));
  }

  /** Text whose columns stand below each other. */
  HtmlPage lines(List<String> lines) {
    return add("<pre>%s</pre>".formatted(escaped(String.join("\n", lines))));
  }

  /** Names and values. */
  HtmlPage table(Map<String, String> rows) {
    return add(
        rows.entrySet().stream()
            .map(
                row ->
                    "<tr><th scope=\"row\">%s</th><td>%s</td></tr>"
                        .formatted(escaped(row.getKey()), escaped(row.getValue())))
            .collect(Collectors.joining("\n", "<table>\n", "\n</table>")));
  }

  /**
   * A table with a headline.
   *
   * @param rows as many cells as the headline has
   */
  HtmlPage table(List<String> head, List<List<Cell>> rows) {
    String headline =
        head.stream()
            .map(name -> "<th scope=\"col\">%s</th>".formatted(escaped(name)))
            .collect(Collectors.joining("", "<tr>", "</tr>\n"));
    return add(
        rows.stream()
            .map(
                row ->
                    row.stream().map(Cell::html).collect(Collectors.joining("", "<tr>", "</tr>")))
            .collect(Collectors.joining("\n", "<table>\n" + headline, "\n</table>")));
  }

  /**
   * A cell of a table.
   *
   * @param text what it says
   * @param link where it leads, relative to the page; empty for nowhere
   */
  record Cell(String text, String link) {

    static Cell of(String text) {
      return new Cell(text, "");
    }

    private String html() {
      return link.isEmpty()
          ? "<td>%s</td>".formatted(escaped(text))
          : "<td><a href=\"%s\">%s</a></td>".formatted(escaped(link), escaped(text));
    }
  }

  /** A picture, if it could be drawn. */
  HtmlPage picture(String words, Optional<byte[]> png) {
    return png.map(bytes -> add(image(words, bytes))).orElse(this);
  }

  private static String image(String words, byte[] png) {
    return "<img alt=\"%s\" src=\"data:image/png;base64,%s\">"
        .formatted(escaped(words), Base64.getEncoder().encodeToString(png));
  }

  /** Stories for one prompt, beside each other. */
  HtmlPage stories(String prompt, Map<String, String> stories) {
    return article(prompt, stories, "");
  }

  /** The same with a picture below that is folded away under a few words. */
  HtmlPage stories(
      String prompt, Map<String, String> stories, String fold, String words, byte[] png) {
    return article(
        prompt,
        stories,
        "\n<details><summary>%s</summary>\n%s\n</details>"
            .formatted(escaped(fold), image(words, png)));
  }

  private HtmlPage article(String prompt, Map<String, String> stories, String below) {
    String columns =
        stories.entrySet().stream()
            .map(
                story ->
                    "<div><h4>%s</h4><p class=\"story\">%s</p></div>"
                        .formatted(escaped(story.getKey()), escaped(story.getValue())))
            .collect(Collectors.joining("\n"));
    return add(
        "<article>\n<h3>%s</h3>\n<div class=\"two\">\n%s\n</div>%s\n</article>"
            .formatted(escaped(prompt), columns, below));
  }

  private HtmlPage add(String html) {
    body.append(html).append('\n');
    return this;
  }

  /** The whole file. */
  String html() {
    return PAGE.formatted(escaped(title), body);
  }

  private static String escaped(String text) {
    return Entities.escape(text).replace("\"", "&quot;");
  }
}
