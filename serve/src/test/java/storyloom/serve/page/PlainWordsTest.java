package storyloom.serve.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The page speaks as people do. */
@ExtendWith({Chromium.class, Services.Once.class})
class PlainWordsTest {

  /** The model reads it with five tokens that no text holds. */
  private static final String MARKED = "fox(hen)\nran";

  private final Browser browser;
  private final Services services;

  PlainWordsTest(Browser browser, Services services) {
    this.browser = browser;
    this.services = services;
  }

  @Test
  void tokensOfTheModelsOwnAppearNowhere() {
    try (StoryPage page = StoryPage.open(browser, services.usual().port())) {
      page.write(MARKED);
      page.page().getByText("Every word and what the model looked at").click();
      page.word(0).focus();

      assertThat(page.heatMap().locator(".word"))
          .hasText(new String[] {"fox", "(", "hen", ")", "↵", "ran"});
      assertThat(page.page().locator("body").innerText()).doesNotContain("<", "OOV");
      assertThat(page.page().locator("#spoken").textContent()).doesNotContain("<");
      assertThat(total(page)).isBetween(97, 103);
    }
  }

  /** What the words of the prompt have of the attention, in per cent. */
  private static int total(StoryPage page) {
    return page.figures().stream()
        .mapToInt(figure -> Integer.parseInt(figure.replaceAll("\\D", "")))
        .sum();
  }

  @Test
  void aStorySpeaksOfWordsAndNumbers() {
    try (StoryPage page = StoryPage.open(browser, services.usual().port())) {
      page.write("The fox");
      page.openMore();

      assertThat(page.status()).containsText("words");
      assertThat(page.boldness()).hasAttribute("title", "Known as temperature.");
      assertThat(page.page().locator("main").innerText())
          .doesNotContainIgnoringCase("token")
          .doesNotContainIgnoringCase("temperature")
          .doesNotContainIgnoringCase("seed");
    }
  }

  @Test
  void piecesOfWordsAreCalledSo() {
    try (StoryPage page = StoryPage.open(browser, services.pieces().port())) {
      page.prompt().fill("fox foxes");

      assertThat(page.page().locator("#count"))
          .hasText(Pattern.compile("^\\d of 8 pieces of words$"));
      assertThat(page.page().locator("#length-value")).hasText("40 pieces of words");
      page.generate().click();
      page.awaitEnd();
      assertThat(page.heatMap().locator(".word")).hasText(new String[] {"fox", "foxes"});
    }
  }

  @Test
  void theModelIsIntroducedByDateAndStoriesWithALinkToMore() {
    try (StoryPage page = StoryPage.open(browser, services.usual().port())) {
      assertThat(page.model())
          .hasText("Trained on 1 January 1970 on 1,200 stories. About the model");
      page.page().getByText("About the model").click();

      assertThat(page.page()).hasURL("http://127.0.0.1:" + services.usual().port() + "/model");
      assertThat(page.page().locator("body")).containsText("\"tokenizer\":\"words\"");
    }
  }
}
