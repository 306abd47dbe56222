package storyloom.serve.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the page says where there is no story. */
@ExtendWith({Chromium.class, Services.Once.class})
class ProblemTest {

  private static final String PROMPT = "The fox and an owl.";

  private final Browser browser;
  private final Services services;

  ProblemTest(Browser browser, Services services) {
    this.browser = browser;
    this.services = services;
  }

  @Test
  void aPromptOfTooManyWordsIsToBeChanged() {
    try (StoryPage page = StoryPage.open(browser, services.usual().port())) {
      page.ask("owl ".repeat(100));

      assertThat(page.problem())
          .containsText("The prompt is too long. Shorten it by 92 words: this model reads 8.");
      assertThat(page.story()).isHidden();
      assertThat(page.prompt()).hasValue("owl ".repeat(100));
    }
  }

  @Test
  void aPromptLargerThanTheServiceTakesIsToBeShortened() {
    try (StoryPage page = StoryPage.open(browser, services.usual().port())) {
      page.ask("owl ".repeat(16_384));

      assertThat(page.problem()).containsText("The prompt is too long. Shorten it");
    }
  }

  @Test
  void aBusyServiceSaysWhenToComeBack() {
    try (StoryPage page = StoryPage.open(browser, services.guarded().port())) {
      page.ask(PROMPT);
      page.label("Access token").fill(Services.TOKEN);
      page.generate().click();
      page.awaitEnd();
      page.button("Another one").click();

      assertThat(page.problem())
          .containsText(
              Pattern.compile("The service is busy\\. Try again in (a|\\d+) seconds?\\."));
    }
  }

  @Test
  void aTokenIsAskedForWhereTheServiceWantsOne() {
    try (StoryPage page = StoryPage.open(browser, services.guarded().port())) {
      assertThat(page.label("Access token")).isHidden();
      page.ask(PROMPT);

      assertThat(page.problem()).containsText("This service asks for an access token.");
      assertThat(page.label("Access token")).isFocused();
    }
  }

  @Test
  void aTokenThatEvenTheModelAsksForIsShownToIt() {
    try (StoryPage page = StoryPage.open(browser, services.usual().port())) {
      page.visit(services.closed().port(), "");
      assertThat(page.problem()).containsText("This service asks for an access token.");
      page.label("Access token").fill(Services.TOKEN);
      page.ask(PROMPT);
      page.awaitEnd();

      assertThat(page.word(0)).isVisible();
      assertThat(page.problem()).isHidden();
      assertThat(page.model()).containsText("Trained on ");
    }
  }

  @Test
  void aStoryThatTakesTooLongIsSaidToDoSo() {
    try (StoryPage page = StoryPage.open(browser, services.hasty().port())) {
      page.ask(PROMPT);

      assertThat(page.problem()).containsText("The story took too long. Try again in a moment.");
    }
  }

  @Test
  void aLostConnectionKeepsWhatIsWritten() {
    try (Line line = new Line(services.usual().port());
        StoryPage page = StoryPage.open(browser, line.port())) {
      line.hold();
      page.ask(PROMPT);
      line.pass(2);
      assertThat(page.word(1)).isVisible();

      line.cut();

      assertThat(page.problem())
          .containsText("The connection was lost before the story was finished.");
      assertThat(page.words()).hasCount(2);
      assertThat(page.status()).hasText("It was not finished. What was written stays here.");
      assertThat(page.button("Stop")).isHidden();
    }
  }

  @Test
  void aProblemTakesNoStoryAway() {
    try (StoryPage page = StoryPage.open(browser, services.usual().port())) {
      page.write(PROMPT);
      String before = page.story().innerText();
      page.ask("owl ".repeat(100));
      assertThat(page.problem()).isVisible();

      assertThat(page.story()).hasText(before);
    }
  }

  @Test
  void aServiceThatIsGoneCannotBeReached() {
    try (Line line = new Line(services.usual().port());
        StoryPage page = StoryPage.open(browser, line.port())) {
      line.cut();
      page.ask(PROMPT);

      assertThat(page.problem()).containsText("The service cannot be reached.");
    }
  }

  @Test
  void aProblemGoesAwayWithTheNextStory() {
    try (StoryPage page = StoryPage.open(browser, services.usual().port())) {
      page.ask("owl ".repeat(100));
      assertThat(page.problem()).isVisible();

      page.write(PROMPT);

      assertThat(page.problem()).isHidden();
    }
  }
}
