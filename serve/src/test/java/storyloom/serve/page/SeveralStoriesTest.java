package storyloom.serve.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two or three stories for one prompt. */
@ExtendWith({Chromium.class, Services.Once.class})
class SeveralStoriesTest {

  private static final String PROMPT = "The fox and an owl.";

  private final Browser browser;
  private final Services services;

  SeveralStoriesTest(Browser browser, Services services) {
    this.browser = browser;
    this.services = services;
  }

  @Test
  void eachStoryIsThatOfItsOwnNumberWithItsOwnAttention() {
    try (StoryPage page = StoryPage.open(browser, services.usual().port())) {
      page.label("Three").check();
      page.openMore();
      page.seed().fill("7");
      page.ask(PROMPT);
      page.awaitEnd(3);

      for (int at = 0; at < 3; at++) {
        JsonNode alone = Services.answer(services.usual(), PROMPT, 7 + at);
        Locator card = page.card(at);
        assertThat(card.locator("article")).hasText(alone.get("story").textValue());
        assertThat(card.locator(".colophon")).containsText("started from " + (7 + at));
        card.locator("article span").nth(3).hover();
        assertThat(card.locator(".figure").allTextContents()).isEqualTo(percentages(alone, 3));
      }
      assertThat(page.visit()).hasCount(3);
    }
  }

  private static List<String> percentages(JsonNode answer, int word) {
    return StreamSupport.stream(
            answer.at("/attention/words/" + word + "/weights").spliterator(), false)
        .map(weight -> Math.round(weight.doubleValue() * 100) + "\u00a0%")
        .toList();
  }

  @Test
  void allAppearWordByWordAtOnceUntilTheyAreStopped() {
    try (Line line = new Line(services.usual().port());
        StoryPage page = StoryPage.open(browser, line.port())) {
      page.label("Two").check();
      line.hold();
      page.ask(PROMPT);
      line.pass(6);

      assertThat(page.words()).hasCount(6);
      assertThat(page.card(0).locator(".status")).hasText("Writing…");
      assertThat(page.card(1).locator(".status")).hasText("Writing…");
      page.button("Stop").click();

      assertThat(page.page().getByText("Writing…")).hasCount(0);
      assertThat(page.words()).hasCount(6);
    }
  }

  @Test
  void oneOfThemIsHadAgainByItsLink() {
    try (StoryPage page = StoryPage.open(browser, services.usual().port())) {
      page.page().context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
      page.label("Two").check();
      page.ask(PROMPT);
      page.awaitEnd(2);
      String second = page.story().nth(1).innerText();
      page.card(1).getByText("Copy a link").click();
      assertThat(page.card(1).locator(".status")).hasText("The link is copied.");
      String link = page.page().evaluate("navigator.clipboard.readText()").toString();

      page.label("One").check();
      page.go(services.usual().port(), link.substring(link.indexOf('#')));
      page.generate().click();
      page.awaitEnd();

      assertThat(page.story()).hasText(second);
    }
  }

  @Test
  void othersFollowOthers() {
    try (StoryPage page = StoryPage.open(browser, services.usual().port())) {
      page.label("Two").check();
      page.ask(PROMPT);
      page.awaitEnd(2);
      List<String> before = page.story().allInnerTexts();

      page.button("Others").click();
      page.awaitEnd(2);

      assertThat(page.story().allInnerTexts()).doesNotContainAnyElementsOf(before);
      assertThat(page.visit()).hasCount(4);
      page.page().goBack();
      assertThat(page.story()).hasText(before.toArray(String[]::new));
    }
  }

  @Test
  void whereChanceHasNoPartThereIsOneStory() {
    try (StoryPage page = StoryPage.open(browser, services.usual().port())) {
      page.label("Three").check();
      page.openMore();
      page.label("How words are chosen").selectOption("greedy");
      assertThat(page.label("Three")).isDisabled();
      page.write(PROMPT);

      assertThat(page.story()).hasCount(1);
    }
  }

  @Test
  void aTokenThatMayAskOnceHasOneStoryAndIsToldWhenToComeBack() {
    try (StoryPage page = StoryPage.open(browser, services.twice().port())) {
      page.label("Three").check();
      page.ask(PROMPT);
      page.label("Access token").fill(Services.TOKEN);
      page.generate().click();

      assertThat(page.problem()).containsText("The service is busy.");
      page.awaitEnd(2);
      assertThat(page.visit()).hasCount(2);
    }
  }
}
