package storyloom.jobs.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jsoup.nodes.Entities;
import storyloom.jobs.chart.AttentionChart;
import storyloom.jobs.chart.Picture;

/**
 * One HTML file that needs no other and no network, for light and dark screens of any width and for
 * paper. All text is escaped here, and a section without content leaves nothing.
 */
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
      %2$s</style>
      </head>
      <body%4$s>
      <main>
      <h1>%1$s</h1>
      %3$s</main>
      </body>
      </html>
      """;

  private static final String STYLE = style();

  private final String title;
  private final StringBuilder body = new StringBuilder();
  private String heading = "";
  private boolean isWide;

  HtmlPage(String title) {
    this.title = title;
  }

  private static String style() {
    try (InputStream in = HtmlPage.class.getResourceAsStream("page.css")) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes the width of a large screen, for a table of many columns. */
  HtmlPage wide() {
    isWide = true;
    return this;
  }

  /** Begins a section, once something stands in it. */
  HtmlPage section(String name) {
    heading = "<h2>%s</h2>\n".formatted(escaped(name));
    return this;
  }

  /** A line about how things stand. */
  HtmlPage decision(String line, boolean good) {
    return add(
        "<p class=\"%s\"><strong>%s</strong></p>".formatted(good ? "good" : "bad", escaped(line)));
  }

  HtmlPage paragraph(String text) {
    return add("<p>%s</p>".formatted(escaped(text)));
  }

  /** What is to be kept in mind. */
  HtmlPage note(String text) {
    return add("<p class=\"note\">%s</p>".formatted(escaped(text)));
  }

  /** Text whose columns stand below each other. */
  HtmlPage lines(String name, List<String> lines) {
    return add(
        "<pre tabindex=\"0\" role=\"region\" aria-label=\"%s\">%s</pre>"
            .formatted(escaped(name), escaped(String.join("\n", lines))));
  }

  /** Names and values; nothing without any. */
  HtmlPage facts(String caption, Map<String, String> rows) {
    return facts(caption, rows, HtmlPage::escaped);
  }

  /** Settings and their values; nothing without any. */
  HtmlPage settings(String caption, Map<String, String> rows) {
    return facts(caption, rows, HtmlPage::code);
  }

  private HtmlPage facts(String caption, Map<String, String> rows, UnaryOperator<String> name) {
    if (rows.isEmpty()) {
      return this;
    }
    return add(
        rows.entrySet().stream()
            .map(
                row ->
                    "<tr><th scope=\"row\">%s</th><td>%s</td></tr>"
                        .formatted(name.apply(row.getKey()), escaped(row.getValue())))
            .collect(
                Collectors.joining(
                    "\n",
                    "<table class=\"facts\">\n<caption>%s</caption>\n<tbody>\n"
                        .formatted(escaped(caption)),
                    "\n</tbody>\n</table>")));
  }

  /** A key may be broken behind each of its points. */
  private static String code(String key) {
    return "<code>%s</code>".formatted(escaped(key).replace(".", ".<wbr>"));
  }

  /**
   * A table with a headline, whose lines become cards on a phone.
   *
   * @param rows as many cells as the headline has
   */
  HtmlPage cards(String caption, List<String> head, List<List<Cell>> rows) {
    return table("fold", caption, head, rows);
  }

  /** The same, but it keeps its columns and is scrolled on a phone. */
  HtmlPage columns(String caption, List<String> head, List<List<Cell>> rows) {
    return table("columns", caption, head, rows);
  }

  /** Roles are said, for browsers forget them of tables that are laid out otherwise. */
  private HtmlPage table(String kind, String caption, List<String> head, List<List<Cell>> rows) {
    if (rows.isEmpty()) {
      return this;
    }
    String headline =
        IntStream.range(0, head.size())
            .mapToObj(
                i ->
                    "<th scope=\"col\" role=\"columnheader\"%s>%s</th>"
                        .formatted(
                            rows.get(0).get(i).kind() == Cell.Kind.NUMBER
                                ? Cell.Kind.NUMBER.attribute()
                                : "",
                            escaped(head.get(i))))
            .collect(Collectors.joining("", "<tr role=\"row\">", "</tr>"));
    String lines =
        rows.stream()
            .map(
                row ->
                    IntStream.range(0, row.size())
                        .mapToObj(i -> row.get(i).html(head.get(i)))
                        .collect(Collectors.joining("", "<tr role=\"row\">", "</tr>")))
            .collect(Collectors.joining("\n"));
    return add(
        """
        <div class="scroll" tabindex="0" role="region" aria-label="%2$s">
        <table class="%1$s" role="table">
        <caption>%2$s</caption>
        <thead role="rowgroup">
        %3$s
        </thead>
        <tbody role="rowgroup">
        %4$s
        </tbody>
        </table>
        </div>"""
            .formatted(kind, escaped(caption), headline, lines));
  }

  /**
   * A cell of a table.
   *
   * @param text what it says
   * @param link where it leads, relative to the page; empty for nowhere
   */
  record Cell(String text, String link, Kind kind) {

    /** What stands in it. */
    enum Kind {
      WORDS,
      NUMBER,
      GOOD,
      BAD;

      private String attribute() {
        return this == WORDS ? "" : " class=\"%s\"".formatted(name().toLowerCase(Locale.ROOT));
      }
    }

    static Cell of(String text) {
      return new Cell(text, "", Kind.WORDS);
    }

    static Cell number(String text) {
      return new Cell(text, "", Kind.NUMBER);
    }

    static Cell verdict(String text, boolean good) {
      return new Cell(text, "", good ? Kind.GOOD : Kind.BAD);
    }

    static Cell link(String text, String link) {
      return new Cell(text, link, Kind.WORDS);
    }

    private String html(String name) {
      String said =
          link.isEmpty()
              ? "<span>%s</span>".formatted(escaped(text))
              : "<a href=\"%s\">%s</a>".formatted(escaped(link), escaped(text));
      return "<td role=\"cell\" data-name=\"%s\"%s>%s</td>"
          .formatted(escaped(name), kind.attribute(), text.isEmpty() ? "" : said);
    }
  }

  /** A picture, if it could be drawn. */
  HtmlPage picture(String words, Optional<Picture> picture) {
    return picture.map(drawn -> add(figure(words, drawn))).orElse(this);
  }

  /** Small pictures, as many beside each other as there is room for. */
  HtmlPage pictures(Map<String, Picture> pictures) {
    return pictures.isEmpty()
        ? this
        : add(
            pictures.entrySet().stream()
                .map(each -> figure(each.getKey(), each.getValue()))
                .collect(Collectors.joining("\n", "<div class=\"small\">\n", "\n</div>")));
  }

  private static String figure(String words, Picture picture) {
    return """
        <figure>
        <div role="img" aria-label="%1$s">
        <div class="wide">%2$s</div>
        <div class="narrow">%3$s</div>
        </div>
        <figcaption>%1$s</figcaption>
        </figure>"""
        .formatted(escaped(words), picture.wide(), picture.narrow());
  }

  /** What a model looked at while it wrote a story. */
  HtmlPage attention(String words, AttentionChart.Element map) {
    return add(figure(words, map));
  }

  private static String figure(String words, AttentionChart.Element map) {
    return """
        <figure>
        <div class="map scroll" tabindex="0" role="img" aria-label="%1$s">
        <div style="width:%2$dpx">%3$s</div>
        </div>
        <figcaption>%1$s</figcaption>
        </figure>"""
        .formatted(escaped(words), map.width(), map.svg());
  }

  /** What is folded away under a few words; nothing without content. */
  HtmlPage details(String words, Consumer<HtmlPage> content) {
    HtmlPage part = new HtmlPage("");
    content.accept(part);
    return part.body.isEmpty() ? this : add(folded(words, part.body.toString().strip()));
  }

  private static String folded(String words, String html) {
    return "<details><summary>%s</summary>\n%s\n</details>".formatted(escaped(words), html);
  }

  /**
   * Stories for one prompt, beside each other.
   *
   * @param stories by who wrote them, a model's first
   * @param map what the first of them was drawn from; empty if nobody looked
   */
  HtmlPage stories(
      String prompt, Map<String, String> stories, Optional<AttentionChart.Element> map) {
    String attention =
        map.map(
                drawn ->
                    "\n"
                        + folded(
                            "what the model looked at",
                            figure(
                                "How much each word of the story (down) was drawn from each of the"
                                    + " prompt (across): the fuller, the more",
                                drawn)))
            .orElse("");
    List<String> columns =
        stories.entrySet().stream()
            .map(
                story ->
                    "<div><h4>%s</h4><p class=\"story\">%s</p></div>"
                        .formatted(escaped(story.getKey()), escaped(story.getValue())))
            .toList();
    return add(
        "<article>\n<h3>%s</h3>\n<div class=\"beside\">\n%s%s\n%s\n</div>\n</article>"
            .formatted(
                escaped(prompt),
                columns.get(0),
                attention,
                String.join("\n", columns.subList(1, columns.size()))));
  }

  private HtmlPage add(String html) {
    body.append(heading).append(html).append('\n');
    heading = "";
    return this;
  }

  /** The whole file. */
  String html() {
    return PAGE.formatted(escaped(title), STYLE, body, isWide ? " class=\"wide\"" : "");
  }

  private static String escaped(String text) {
    return Entities.escape(text).replace("\"", "&quot;");
  }
}
