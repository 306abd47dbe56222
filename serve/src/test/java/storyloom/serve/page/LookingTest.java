package storyloom.serve.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the model looked at, for those who point and for those who do not. */
@ExtendWith({Chromium.class, Services.Once.class})
class LookingTest {

  private static final String PROMPT = "The fox and an owl.";

  private final Browser browser;
  private final Services services;
  private StoryPage page;

  LookingTest(Browser browser, Services services) {
    this.browser = browser;
    this.services = services;
  }

  @BeforeEach
  void write() {
    page = StoryPage.open(browser, services.usual().port());
    page.openMore();
    page.seed().fill("7");
    page.write(PROMPT);
  }

  @AfterEach
  void close() {
    page.close();
  }

  @Test
  void pointingAtAWordShowsWhatTheServiceTellsOfIt() {
    assertThat(percentages(2)).isNotEqualTo(percentages(8));
    page.word(2).hover();

    assertThat(page.heatMap().locator(".word"))
        .hasText(new String[] {"the", "fox", "and", "an", "owl", "."});
    assertThat(page.figures()).isEqualTo(percentages(2));
  }

  @Test
  void shadesGrowWithFigures() {
    page.word(2).hover();
    Locator words = page.heatMap().locator("li");
    assertThat(words).hasCount(6);

    for (int one = 0; one < words.count(); one++) {
      double shade = number(words.nth(one), "getComputedStyle(e).getPropertyValue('--shade')");
      double figure =
          number(words.nth(one), "parseInt(e.querySelector('.figure').textContent) / 100");
      assertThat(shade * shade).isBetween(figure - 0.006, figure + 0.006);
    }
  }

  @Test
  void lookingAwayTakesTheFiguresAway() {
    page.word(2).hover();
    page.prompt().hover();

    assertThat(page.figures()).isNotEmpty().containsOnly("–");
  }

  @Test
  void theKeyboardWalksFromWordToWord() {
    page.word(0).focus();
    page.page().keyboard().press("ArrowRight");
    page.page().keyboard().press("ArrowRight");

    assertThat(page.word(2)).isFocused();
    assertThat(page.figures()).isEqualTo(percentages(2));
    page.page().keyboard().press("ArrowLeft");
    assertThat(page.word(1)).isFocused();
    page.page().keyboard().press("End");
    assertThat(page.lastWord()).isFocused();
    page.page().keyboard().press("ArrowUp");
    assertThat(page.lastWord()).not().isFocused();
    page.page().keyboard().press("Home");
    assertThat(page.word(0)).isFocused();
  }

  @Test
  void aStoryIsOneStopForTheTabulator() {
    page.word(0).focus();
    page.page().keyboard().press("ArrowRight");
    assertThat(page.story().locator("[tabindex='0']")).hasCount(1);

    page.page().keyboard().press("Tab");
    assertThat(page.button("Copy the story")).isFocused();
    page.page().keyboard().press("Shift+Tab");
    assertThat(page.word(1)).isFocused();
  }

  @Test
  void aFocusedWordIsTold() {
    page.word(3).focus();

    assertThat(page.page().locator("#spoken"))
        .hasText(
            Pattern.compile(
                "“\u2068%s\u2069”: .+ \\d+\\s%%, .+\\s%%".formatted(page.word(3).innerText())));
  }

  @Test
  void aTableHoldsAllOfIt() {
    page.page().getByText("Every word and what the model looked at").click();

    assertThat(page.page().locator("tbody th"))
        .hasText(page.words().allTextContents().toArray(String[]::new));
    assertThat(page.page().locator("tbody td").first()).containsText("%");
  }

  @Test
  void allCanBeDoneWithTheKeyboard() {
    try (StoryPage fresh = StoryPage.open(browser, services.usual().port())) {
      fresh.page().keyboard().press("Tab");
      fresh.page().keyboard().press("Tab");
      fresh.page().keyboard().press("Tab");
      assertThat(fresh.prompt()).isFocused();
      fresh.page().keyboard().type(PROMPT);
      fresh.page().keyboard().press("Control+Enter");
      fresh.awaitEnd();
      fresh.page().getByText("Skip to the story").press("Enter");
      fresh.page().keyboard().press("Tab");
      fresh.page().keyboard().press("Tab");

      assertThat(fresh.word(0)).isFocused();
    }
  }

  @Test
  void aModelWithoutAttentionSaysSo() {
    try (StoryPage blind = StoryPage.open(browser, services.blind().port())) {
      blind.write(PROMPT);

      assertThat(blind.page().getByText("This model has no attention")).isVisible();
      assertThat(blind.heatMap()).isHidden();
      assertThat(blind.story().locator("[tabindex]")).hasCount(0);
    }
  }

  private List<String> percentages(int word) {
    JsonNode weights =
        Services.answer(services.usual(), PROMPT, 7).at("/attention/words/" + word + "/weights");
    return StreamSupport.stream(weights.spliterator(), false)
        .map(weight -> Math.round(weight.doubleValue() * 100) + "\u00a0%")
        .toList();
  }

  private static double number(Locator one, String expression) {
    return Double.parseDouble(one.evaluate("e => " + expression).toString());
  }
}
