package storyloom.serve.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import storyloom.serve.http.TestService;

@ExtendWith({Chromium.class, Services.Once.class})
class WritingTest {

  private static final String PROMPT = "The fox and an owl.";

  /** Written otherwise in an address. */
  private static final String LINKED = "A fox & 7 % of #hens";

  private final Browser browser;
  private final Services services;
  private Line line;
  private StoryPage page;

  WritingTest(Browser browser, Services services) {
    this.browser = browser;
    this.services = services;
  }

  @BeforeEach
  void open() {
    line = new Line(services.usual().port());
    page = StoryPage.open(browser, line.port());
  }

  @AfterEach
  void close() {
    page.close();
    line.close();
  }

  @Test
  void aStoryAppearsWordByWord() {
    line.hold();
    page.ask(PROMPT);

    for (int words = 1; words <= 3; words++) {
      line.pass(1);
      assertThat(page.words()).hasCount(words);
    }
    assertThat(page.status()).hasText("Writing…");
    line.passAll();
    page.awaitEnd();
    assertThat(page.words().count()).isBetween(20, 40);
  }

  @Test
  void thePageShowsTheStoryThatTheServiceWrites() {
    page.openMore();
    page.seed().fill("7");
    page.write(PROMPT);

    assertThat(page.story()).hasText(story(services.usual(), PROMPT));
    assertThat(page.colophon()).containsText("started from 7");
  }

  @Test
  void paragraphsAreSetApart() {
    String story = story(services.paragraphs(), PROMPT);
    assertThat(story).containsPattern("\\S\n+\\S");

    page.go(services.paragraphs().port(), "#seed=7");
    page.write(PROMPT);

    assertThat(page.story().locator("p:not(:empty)")).hasText(story.strip().split("\\s*\n\\s*"));
  }

  @Test
  void stopKeepsWhatIsWritten() {
    line.hold();
    page.ask(PROMPT);
    line.pass(2);
    assertThat(page.word(1)).isVisible();

    page.button("Stop").click();

    assertThat(page.status()).hasText("Stopped. What was written stays here.");
    assertThat(page.words()).hasCount(2);
    assertThat(page.button("Stop")).isHidden();
    assertThat(page.button("Another one")).isFocused();
  }

  @Test
  void anotherOneIsOfAnotherSeed() {
    page.openMore();
    page.seed().fill("7");
    page.write(PROMPT);
    String before = page.story().innerText();

    page.button("Another one").click();
    page.awaitEnd();

    assertThat(page.seed()).hasValue("");
    assertThat(page.colophon()).not().containsText(Pattern.compile("from 7$"));
    assertThat(page.story().innerText()).isNotEqualTo(before);
  }

  @Test
  void whatIsAskedForWhileAStoryIsWrittenTakesItsPlace() {
    line.hold();
    page.ask(PROMPT);
    line.pass(1);
    assertThat(page.word(0)).isVisible();
    page.openMore();
    page.seed().fill("7");
    page.ask("A hen.");
    line.passAll();
    page.awaitEnd();

    assertThat(page.story()).hasText(story(services.usual(), "A hen."));
  }

  @Test
  void lengthAndStrategyReachTheService() {
    page.label("Length, at most").fill("12");
    page.openMore();
    page.label("How words are chosen").selectOption("greedy");
    page.write(PROMPT);

    assertThat(page.status()).containsText("cut at its greatest length, 12 words");
    assertThat(page.boldness()).isDisabled();
    assertThat(page.colophon()).not().containsText("from");
  }

  @Test
  void aSearchShowsItsStoryAllAtOnce() {
    page.openMore();
    page.label("How words are chosen").selectOption("beam");
    page.write(PROMPT);

    assertThat(page.words().first()).isVisible();
    assertThat(page.page().getByText("A search for the likeliest story cannot show")).isVisible();
  }

  @Test
  void anExampleFillsThePrompt() {
    String example = page.page().locator(".example").first().innerText();
    page.page().locator(".example").first().click();

    assertThat(page.prompt()).hasValue(example);
    assertThat(page.prompt()).isFocused();
  }

  @Test
  void theStoryIsCopiedAsItIs() {
    page.page().context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
    page.openMore();
    page.seed().fill("7");
    page.write(PROMPT);

    page.button("Copy the story").click();

    assertThat(page.status()).hasText("The story is copied.");
    assertThat(clipboard()).isEqualTo(story(services.usual(), PROMPT));
  }

  @Test
  void aLinkWritesNothingUntilAskedAndThenTheSameStory() {
    page.page().context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
    page.boldness().fill("1.37");
    page.label("Length, at most").fill("25");
    page.write(LINKED);
    page.button("Copy a link").click();
    assertThat(page.status()).hasText("The link is copied.");
    String link = clipboard();

    try (StoryPage shared =
        StoryPage.open(
            browser,
            line.port(),
            link.substring(link.indexOf('#')),
            new Browser.NewContextOptions())) {
      assertThat(shared.prompt()).hasValue(LINKED);
      assertThat(shared.boldness()).hasValue("1.37");
      assertThat(shared.requests()).noneMatch(request -> request.endsWith("/generate"));

      shared.generate().click();
      shared.awaitEnd();

      assertThat(shared.story().innerText()).isEqualTo(page.story().innerText());
      assertThat(shared.colophon()).hasText(page.colophon().innerText());
    }
  }

  @Test
  void settingsMayStandAfterAQuestionMarkAsWell() {
    page.go(line.port(), "?prompt=A+fox&seed=12&strategy=nonsense&temperature=hot&length=20");

    assertThat(page.prompt()).hasValue("A fox");
    assertThat(page.seed()).hasValue("12");
    assertThat(page.label("Length, at most")).hasValue("20");
    assertThat(page.label("How words are chosen")).hasValue("sample");
    assertThat(page.boldness()).hasValue("0.8");
  }

  @Test
  void noPromptIsSentInAnAddress() {
    page.write(PROMPT);
    page.page().reload();

    assertThat(page.prompt()).hasValue(PROMPT);
    assertThat(line.addresses())
        .contains("POST /generate HTTP/1.1")
        .noneMatch(address -> address.contains("owl"));
  }

  @Test
  void anEmptyStoryIsSaidToBeOne() {
    try (StoryPage silent = StoryPage.open(browser, services.silent().port())) {
      silent.ask(PROMPT);

      assertThat(silent.status())
          .hasText(Pattern.compile("^The model wrote an empty story\\. Another one"));
      assertThat(silent.button("Copy the story")).isHidden();
    }
  }

  private static String story(TestService service, String prompt) {
    return Services.answer(service, prompt, 7).get("story").textValue();
  }

  private String clipboard() {
    return page.page().evaluate("navigator.clipboard.readText()").toString();
  }
}
