package storyloom.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class HtmlPageTest {

  @Test
  void aSectionWithoutContentLeavesNothing() {
    String html =
        new HtmlPage("t")
            .section("Blank")
            .facts("vacant", Map.of())
            .cards("vacant", List.of("a"), List.of())
            .details("nothing", part -> part.settings("vacant", Map.of()))
            .picture("vacant", Optional.empty())
            .section("Full")
            .paragraph("word")
            .html();

    assertThat(html).contains("<h2>Full</h2>").doesNotContain("Blank", "vacant", "nothing");
  }

  @Test
  void textIsNoMarkup() {
    String evil = "\"><script>alert('x')</script>";

    String html =
        new HtmlPage(evil)
            .section(evil)
            .facts(evil, Map.of(evil, evil))
            .cards(evil, List.of(evil), List.of(List.of(HtmlPage.Cell.link(evil, evil))))
            .stories(evil, Map.of(evil, evil), Optional.empty())
            .html();

    assertThat(html).doesNotContain("<script");
  }
}
