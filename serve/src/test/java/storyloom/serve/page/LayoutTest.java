package storyloom.serve.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.net.URI;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How the page looks, wherever it is looked at. What axe says of each width and each colour scheme
 * is asked for once; the two other pairs of them are soak tests.
 */
@ExtendWith({Chromium.class, Services.Once.class})
class LayoutTest {

  private static final String PROMPT = "The fox and an owl.";

  private final Browser browser;
  private final Services services;

  LayoutTest(Browser browser, Services services) {
    this.browser = browser;
    this.services = services;
  }

  @ParameterizedTest
  @CsvSource({"360,LIGHT", "1440,DARK"})
  void axeFindsNothing(int width, ColorScheme scheme) {
    assertAccessible(width, scheme);
  }

  @ParameterizedTest
  @CsvSource({"360,DARK", "1440,LIGHT"})
  @Tag("soak")
  void axeFindsNothingTheOtherWayRound(int width, ColorScheme scheme) {
    assertAccessible(width, scheme);
  }

  /** Before there is a story, and with all that belongs to one. */
  private void assertAccessible(int width, ColorScheme scheme) {
    try (StoryPage page = open(width, scheme)) {
      page.ask("owl ".repeat(100));
      assertThat(page.problem()).isVisible();
      assertAccessible(page);

      page.write(PROMPT);
      page.openMore();
      page.page().getByText("Every word and what the model looked at").click();
      page.word(1).focus();
      assertAccessible(page);
    }
  }

  @ParameterizedTest
  @CsvSource({"360,DARK", "1440,LIGHT"})
  void axeFindsNothingWhereStoriesStandSideBySide(int width, ColorScheme scheme) {
    assertAccessibleSideBySide(width, scheme);
  }

  @ParameterizedTest
  @CsvSource({"360,LIGHT", "1440,DARK"})
  @Tag("soak")
  void axeFindsNothingSideBySideTheOtherWayRound(int width, ColorScheme scheme) {
    assertAccessibleSideBySide(width, scheme);
  }

  private void assertAccessibleSideBySide(int width, ColorScheme scheme) {
    try (StoryPage page = open(width, scheme)) {
      page.label("Three").check();
      page.ask(PROMPT);
      page.awaitEnd(3);
      page.visit().first().getByText("Pin").click();
      assertAccessible(page);

      page.visit().nth(0).getByRole(AriaRole.CHECKBOX).check();
      page.visit().nth(1).getByRole(AriaRole.CHECKBOX).check();
      page.button("Compare the 2 ticked").click();
      page.card(1).locator("article span").first().focus();
      assertThat(page.card(2)).isHidden();
      assertAccessible(page);
      assertNothingHangsOver(page);
    }
  }

  @ParameterizedTest
  @CsvSource({"360", "1440"})
  void nothingMovesWhenAWordIsPointedAt(int width) {
    try (StoryPage page = open(width, ColorScheme.LIGHT)) {
      page.label("Three").check();
      page.ask(PROMPT);
      page.awaitEnd(3);
      page.card(0).scrollIntoViewIfNeeded();
      Locator article = page.card(0).locator("article");
      Object before = article.evaluate("story => story.offsetTop");

      page.card(0).locator("article span").nth(2).hover();

      assertThat(page.card(0).locator(".looked-at")).containsText("%");
      assertThat(article.evaluate("story => story.offsetTop")).isEqualTo(before);
    }
  }

  /** Before anything is typed, and with all that may stand below a prompt. */
  @ParameterizedTest
  @CsvSource({"1440,900", "360,740"})
  void theButtonStandsAboveTheFold(int width, int height) {
    try (StoryPage page = open(width, height, ColorScheme.LIGHT)) {
      assertAbove(page.generate(), height);

      page.prompt().fill("owl ".repeat(9));
      assertThat(page.page().locator("#too-long")).isVisible();
      assertThat(page.page().locator("#unknown")).isVisible();
      assertAbove(page.generate(), height);
    }
  }

  private static void assertAbove(Locator part, int fold) {
    BoundingBox box = part.boundingBox();
    assertThat(box.y + box.height).isLessThanOrEqualTo(fold);
  }

  @ParameterizedTest
  @CsvSource({"360", "1440"})
  void nothingHangsOverTheEdge(int width) {
    try (StoryPage page = open(width, ColorScheme.LIGHT)) {
      page.write("owl " + "x".repeat(5_000) + " lantern");
      page.word(0).focus();
      assertNothingHangsOver(page);
      assertThat(page.heatMap().evaluate("list => list.scrollWidth - list.clientWidth"))
          .isEqualTo(0);

      page.ask("y".repeat(60_000));
      assertNothingHangsOver(page);
    }
  }

  @Test
  void promptsFromRightToLeftAreSetSo() {
    try (StoryPage page = open(1440, ColorScheme.LIGHT)) {
      page.write("ינשוף מצא פנס.");

      assertThat(page.prompt()).hasCSS("direction", "rtl");
      assertThat(page.heatMap()).hasCSS("direction", "rtl");
    }
  }

  @Test
  void storiesFromRightToLeftAreWalkedTheirWay() {
    try (StoryPage page = StoryPage.open(browser, services.hebrew().port())) {
      page.write("ינשוף מצא פנס.");
      assertThat(page.story()).hasCSS("direction", "rtl");

      page.word(0).focus();
      page.page().keyboard().press("ArrowLeft");

      assertThat(page.word(1)).isFocused();
    }
  }

  @Test
  void nothingMovesForThoseWhoDoNotLikeIt() {
    try (StoryPage page =
        StoryPage.open(
            browser,
            services.usual().port(),
            "",
            new Browser.NewContextOptions().setReducedMotion(ReducedMotion.REDUCE))) {
      page.page()
          .evaluate("document.addEventListener('animationstart', () => window.moved = true)");
      page.write(PROMPT);

      assertThat(page.page().evaluate("window.moved")).isNull();
      assertThat(page.generate()).hasCSS("transition-duration", "0s");
    }
  }

  @Test
  void allComesFromTheServiceAndNothingIsBlocked() {
    try (StoryPage page = open(1440, ColorScheme.DARK)) {
      page.write(PROMPT);
      page.word(0).hover();

      assertThat(page.requests())
          .extracting(request -> URI.create(request.substring(request.indexOf(' ') + 1)).getPort())
          .containsOnly(services.usual().port());
      assertThat(page.complaints()).isEmpty();
    }
  }

  @Test
  void theIconIsAPicture() {
    try (StoryPage page = open(1440, ColorScheme.LIGHT)) {
      String icon = page.page().locator("link[rel=icon]").evaluate("e => e.href").toString();

      assertThat(page.page().request().get(icon).headers())
          .containsEntry("content-type", "image/svg+xml");
    }
  }

  private StoryPage open(int width, ColorScheme scheme) {
    return open(width, 800, scheme);
  }

  private StoryPage open(int width, int height, ColorScheme scheme) {
    return StoryPage.open(
        browser,
        services.usual().port(),
        "",
        new Browser.NewContextOptions()
            .setViewportSize(width, height)
            .setColorScheme(scheme)
            .setReducedMotion(ReducedMotion.REDUCE));
  }

  private static void assertAccessible(StoryPage page) {
    assertThat(Axe.violations(page.page())).isEmpty();
  }

  private static void assertNothingHangsOver(StoryPage page) {
    assertThat(page.page().evaluate("document.documentElement.scrollWidth - innerWidth"))
        .isEqualTo(0);
  }
}
