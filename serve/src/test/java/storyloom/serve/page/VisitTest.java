package storyloom.serve.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The stories of a visit, which stay. */
@ExtendWith({Chromium.class, Services.Once.class})
class VisitTest {

  private static final String PROMPT = "The fox and an owl.";

  private final Browser browser;
  private final Services services;
  private StoryPage page;

  VisitTest(Browser browser, Services services) {
    this.browser = browser;
    this.services = services;
  }

  @BeforeEach
  void open() {
    page = StoryPage.open(browser, services.usual().port());
    page.openMore();
  }

  @AfterEach
  void close() {
    page.close();
  }

  /** Writes the story of a number; gives its text. */
  private String write(int seed) {
    page.seed().fill(Integer.toString(seed));
    page.write(PROMPT);
    return page.story().innerText();
  }

  private Locator entry(int at) {
    return page.visit().nth(at);
  }

  private Locator box(int at) {
    return entry(at).getByRole(AriaRole.CHECKBOX);
  }

  private Locator pin(int at) {
    return entry(at).getByText("Pin");
  }

  @Test
  void theNewestStoryComesFirstAndAnOlderOneIsOpened() {
    String first = write(1);
    write(2);
    assertThat(page.visit()).hasCount(2);
    assertThat(entry(0)).containsText("from 2");
    assertThat(entry(0).locator(".open")).hasAttribute("aria-current", "true");

    entry(1).locator(".open").click();

    assertThat(page.story()).hasText(first);
    assertThat(entry(1).locator(".open")).hasAttribute("aria-current", "true");
    page.word(1).hover();
    assertThat(page.figures()).anyMatch(figure -> figure.contains("%"));
  }

  @Test
  void backAndForwardShowTheStoriesBeforeAndBehind() {
    String first = write(1);
    String second = write(2);

    page.page().goBack();
    assertThat(page.story()).hasText(first);
    assertThat(page.colophon()).containsText("from 1");
    page.page().goForward();
    assertThat(page.story()).hasText(second);
    page.page().goBack();
    page.page().goBack();
    assertThat(page.story()).isHidden();
    assertThat(page.visit()).hasCount(2);
  }

  @Test
  void theWayBackLeavesAloneWhatIsBeingTyped() {
    write(1);
    write(2);
    page.prompt().fill("A hen ran");

    page.page().goBack();

    assertThat(page.colophon()).containsText("from 1");
    assertThat(page.prompt()).hasValue("A hen ran");
  }

  @Test
  void aReloadKeepsStoriesAndWhatTheModelLookedAtButAnotherTabHasNone() {
    write(1);
    String second = write(2);
    page.word(2).hover();
    var figures = page.figures();

    page.page().reload();

    assertThat(page.visit()).hasCount(2);
    assertThat(page.story()).hasText(second);
    page.word(2).hover();
    assertThat(page.figures()).isEqualTo(figures);
    assertThat(page.requests().stream().filter(request -> request.endsWith("/generate")))
        .hasSize(2);
    try (Page other = page.page().context().newPage()) {
      other.navigate("http://127.0.0.1:" + services.usual().port() + "/");
      assertThat(other.locator("#model")).containsText("Trained on");
      assertThat(other.locator("#visit-list > li")).hasCount(0);
    }
  }

  @Test
  void aPinnedStoryStaysFirst() {
    write(1);
    pin(0).click();
    write(2);

    assertThat(entry(0)).containsText("from 1");
    assertThat(pin(0)).hasAttribute("aria-pressed", "true");
    page.page().reload();
    assertThat(entry(0)).containsText("from 1");
    pin(0).click();
    assertThat(entry(0)).containsText("from 2");
  }

  @Test
  void whatIsPinnedStaysWhereOlderStoriesHaveToGo() {
    write(1);
    page.button("Pin").click();
    write(2);
    String there = page.page().url();
    page.page().navigate("http://127.0.0.1:" + services.usual().port() + "/model");
    page.page()
        .evaluate(
            "const kept = JSON.parse(sessionStorage.getItem('storyloom.stories'));"
                + "for (let i = 0; i < 60; i++) kept.push({...kept[1], id: 'copy' + i});"
                + "sessionStorage.setItem('storyloom.stories', JSON.stringify(kept));");
    page.page().navigate(there);
    assertThat(page.visit()).hasCount(62);

    write(3);

    assertThat(page.visit()).hasCount(40);
    assertThat(entry(0)).containsText("from 1");
    assertThat(entry(1)).containsText("from 3");
  }

  @Test
  void aFullStoreForgetsTheOldestStory() {
    write(1);
    write(2);
    page.page()
        .evaluate(
            "let filled = 'x'.repeat(1 << 20);"
                + "try { for (let i = 0; ; i++) sessionStorage.setItem('filled' + i, filled); } catch {}"
                + "filled = 'x'.repeat(200);"
                + "try { for (let i = 0; ; i++) sessionStorage.setItem('more' + i, filled); } catch {}");
    write(3);

    assertThat(entry(0)).containsText("from 3");
    assertThat(page.story()).isVisible();
    assertThat(page.complaints()).isEmpty();
  }

  @Test
  void twoStoriesAreComparedSideBySide() {
    String first = write(1);
    String second = write(2);
    assertThat(page.button("Compare")).isDisabled();
    box(0).check();
    box(1).check();
    page.button("Compare the 2 ticked").click();

    assertThat(page.story()).hasText(new String[] {second, first});
    assertThat(page.page().locator("#story-heading")).isFocused();
    double left = page.card(0).boundingBox().x;
    assertThat(page.card(1).boundingBox().x).isGreaterThan(left + 100);
    assertThat(page.card(1).boundingBox().y).isEqualTo(page.card(0).boundingBox().y);
    page.page().goBack();
    assertThat(page.story()).hasText(second);
  }

  @Test
  void storiesOfSeveralPromptsSayTheirs() {
    page.write("A fox.");
    assertThat(page.card(0).locator(".about")).isHidden();
    page.write("A hen.");
    box(0).check();
    box(1).check();
    page.button("Compare the 2 ticked").click();

    assertThat(page.page().locator(".card .about")).hasText(new String[] {"A hen.", "A fox."});
    assertThat(page.button("Others")).isHidden();
  }

  @Test
  void threeAreComparedAtMost() {
    for (int seed = 1; seed <= 4; seed++) {
      write(seed);
    }
    for (int at = 0; at < 3; at++) {
      box(at).check();
    }

    assertThat(box(3)).isDisabled();
    box(0).uncheck();
    assertThat(box(3)).isEnabled();
  }

  @Test
  void allOfItCanBeDoneWithTheKeyboard() {
    String first = write(1);
    String second = write(2);

    box(0).press("Space");
    page.page().keyboard().press("Tab");
    assertThat(entry(0).locator(".open")).isFocused();
    page.page().keyboard().press("Tab");
    page.page().keyboard().press("Space");
    assertThat(pin(0)).hasAttribute("aria-pressed", "true");
    assertThat(pin(0)).isFocused();
    page.page().keyboard().press("Tab");
    page.page().keyboard().press("Space");
    page.page().keyboard().press("Tab");
    page.page().keyboard().press("Tab");
    page.page().keyboard().press("Tab");
    assertThat(page.button("Compare the 2 ticked")).isFocused();
    page.page().keyboard().press("Enter");

    assertThat(page.story()).hasText(new String[] {second, first});
  }

  @Test
  void aStoryIsSavedAsTextAndAsMarkdown() throws IOException {
    page.seed().fill("7");
    page.write("# _The_ fox");
    String story = page.story().innerText().strip();

    Download plain = page.page().waitForDownload(() -> page.button("Save as text").click());
    assertThat(plain.suggestedFilename()).isEqualTo("the-fox-7.txt");
    assertThat(Files.readString(plain.path()))
        .startsWith("# _The_ fox\n\n" + story + "\n\nWritten by Storyloom: model ")
        .endsWith(", boldness 0.8, started from 7\n");

    Download marked = page.page().waitForDownload(() -> page.button("Save as Markdown").click());
    assertThat(marked.suggestedFilename()).isEqualTo("the-fox-7.md");
    assertThat(Files.readString(marked.path()))
        .startsWith("# \\# \\_The\\_ fox\n\n" + story + "\n\n*Written by Storyloom");
  }

  /** Two words of a story are there; the others are held back. */
  private static void begin(Line line, StoryPage slow) {
    line.hold();
    slow.ask(PROMPT);
    line.pass(2);
    assertThat(slow.word(1)).isVisible();
  }

  @Test
  void aStoryThatWasStoppedStaysOnTheList() {
    try (Line line = new Line(services.usual().port());
        StoryPage slow = StoryPage.open(browser, line.port())) {
      begin(line, slow);
      slow.button("Stop").click();
      assertThat(slow.visit()).hasCount(1);

      line.passAll();
      slow.button("Another one").click();
      slow.awaitEnd();
      assertThat(slow.visit()).hasCount(2);
    }
  }

  @Test
  void aReloadWhileAStoryIsWrittenKeepsWhatIsThere() {
    try (Line line = new Line(services.usual().port());
        StoryPage slow = StoryPage.open(browser, line.port())) {
      begin(line, slow);

      slow.page().reload();

      assertThat(slow.words()).hasCount(2);
      assertThat(slow.status()).containsText("What was written stays here.");
    }
  }
}
