package storyloom.serve.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the page tells of a prompt while it is typed: to models that read eight words. */
@ExtendWith({Chromium.class, Services.Once.class})
class TypingTest {

  private final Browser browser;
  private final Services services;

  TypingTest(Browser browser, Services services) {
    this.browser = browser;
    this.services = services;
  }

  private static Locator count(StoryPage page) {
    return page.page().locator("#count");
  }

  private static Locator tooLong(StoryPage page) {
    return page.page().locator("#too-long");
  }

  private static Locator unknown(StoryPage page) {
    return page.page().locator("#unknown");
  }

  private static Locator marks(StoryPage page, String kind) {
    return page.page().locator("#marks mark." + kind);
  }

  @Test
  void wordsAreCountedAsTheServiceCountsThem() {
    try (StoryPage page = StoryPage.open(browser, services.usual().port())) {
      page.prompt().pressSequentially("The fox");
      assertThat(count(page)).hasText("2 of 8 words");
      page.prompt().pressSequentially(", and a hen.");
      assertThat(count(page)).hasText("7 of 8 words");
      page.prompt().fill("The fox and a hen ran home the fox");
      assertThat(count(page)).hasText("9 of 8 words");

      page.prompt().fill(" ");
      assertThat(count(page)).isHidden();
    }
  }

  @Test
  void aPromptThatIsTooLongIsToldWhileItIsTyped() {
    try (StoryPage page = StoryPage.open(browser, services.usual().port())) {
      page.prompt().fill("The fox and a hen ran home the fox sang");

      assertThat(tooLong(page))
          .hasText("The prompt is too long. Shorten it by 2 words: this model reads 8.");
      assertThat(marks(page, "beyond")).hasText("fox sang");
      assertThat(page.prompt()).hasAttribute("aria-invalid", "true");
      assertThat(page.requests()).noneMatch(request -> request.endsWith("/generate"));

      page.prompt().fill("The fox and a hen ran home");
      assertThat(tooLong(page)).isHidden();
      assertThat(marks(page, "beyond")).hasCount(0);
    }
  }

  @Test
  void wordsThatTheModelDoesNotKnowAreMarkedBeforeAndAfter() {
    try (StoryPage page = StoryPage.open(browser, services.usual().port())) {
      page.prompt().fill("The Owl sang to the fox & owl");

      assertThat(marks(page, "unknown")).hasText(new String[] {"Owl", "to", "&", "owl"});
      assertThat(unknown(page)).containsText("Unknown to the model: “owl”, “to”, “&”.");

      page.generate().click();
      page.awaitEnd();
      assertThat(page.heatMap().locator(".unknown .word"))
          .hasText(new String[] {"owl", "to", "&", "owl"});
      assertThat(page.page().getByText("Dotted: unknown to the model")).isVisible();
    }
  }

  @Test
  void nothingIsUnknownToAModelThatCopies() {
    try (StoryPage page = StoryPage.open(browser, services.copying().port())) {
      page.prompt().fill("The owl sang");
      assertThat(count(page)).hasText("3 of 8 words");
      assertThat(unknown(page)).isHidden();
      assertThat(marks(page, "unknown")).hasCount(0);

      page.generate().click();
      page.awaitEnd();
      assertThat(page.heatMap().locator(".unknown")).hasCount(0);
      assertThat(page.page().getByText("Dotted: unknown to the model")).isHidden();
    }
  }

  @Test
  void whatIsTypedAtOnceIsReadOnce() {
    try (StoryPage page = StoryPage.open(browser, services.usual().port())) {
      page.prompt().fill("The fox");
      assertThat(count(page)).hasText("2 of 8 words");

      page.generate().click();
      page.awaitEnd();

      assertThat(page.requests().stream().filter(request -> request.endsWith("/prompt")))
          .hasSize(1);
    }
  }

  @Test
  void aPromptFromALinkOrAnExampleIsReadAsWell() {
    try (StoryPage page = StoryPage.open(browser, services.usual().port())) {
      page.go(services.usual().port(), "#prompt=A+fox+ran");
      assertThat(count(page)).hasText("3 of 8 words");

      page.page().locator(".example").first().click();
      assertThat(tooLong(page)).isVisible();
    }
  }

  /** Line by line where the letters are, or the marks would stand elsewhere. */
  @ParameterizedTest
  @ValueSource(ints = {360, 1440})
  void marksLieBelowTheirLetters(int width) {
    try (StoryPage page =
        StoryPage.open(
            browser,
            services.usual().port(),
            "",
            new Browser.NewContextOptions().setViewportSize(width, 800))) {
      page.prompt().fill("the fox and an owl-lantern\n\nran home, ".repeat(12) + "x".repeat(90));

      assertThat(marks(page, "beyond")).isVisible();
      for (String side : List.of("scrollHeight", "clientWidth", "clientHeight")) {
        assertThat(page.page().locator("#marks").evaluate("layer => layer." + side))
            .as(side)
            .isEqualTo(page.prompt().evaluate("field => field." + side));
      }
      page.prompt().evaluate("field => field.scrollTo(0, 9999)");
      page.page()
          .waitForCondition(
              () ->
                  (boolean)
                      page.page()
                          .locator("#marks")
                          .evaluate(
                              "layer => layer.scrollTop > 0 && layer.scrollTop"
                                  + " === document.getElementById('prompt').scrollTop"));
    }
  }

  @Test
  void whoHasShownNoTokenIsNotAskedForOneWhileTyping() {
    try (StoryPage page = StoryPage.open(browser, services.guarded().port())) {
      page.prompt().fill("The fox");
      page.page().waitForResponse(response -> response.status() == 401, () -> {});
      page.prompt().fill("The fox ran");

      assertThat(page.problem()).isHidden();
      page.label("Access token").evaluate("field => field.closest('.setting').hidden = false");
      page.label("Access token").fill(Services.TOKEN);
      assertThat(count(page)).hasText("3 of 8 words");
      assertThat(page.requests().stream().filter(request -> request.endsWith("/prompt")))
          .hasSize(2);
    }
  }
}
