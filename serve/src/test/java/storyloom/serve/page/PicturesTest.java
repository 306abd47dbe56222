package storyloom.serve.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import storyloom.serve.http.TestService;

/** Takes the pictures of the documents anew: of bin/demo's model, and of what it says. */
@ExtendWith(Chromium.class)
class PicturesTest {

  private static final Path PICTURES = Path.of("../docs/pictures");
  private static final long LARGEST = 300_000;
  private static final int LAST_LINES = 44;

  /** One line a round is for logs; who looks at a terminal sees a bar in its place. */
  private static final Pattern ROUND = Pattern.compile(", round \\d+ of|WARNING: Using incubator");

  private final Browser browser;

  PicturesTest(Browser browser) {
    this.browser = browser;
  }

  @Test
  @EnabledIfSystemProperty(named = "pictures.home", matches = ".+")
  void thePageWithAStoryAndWhatTheModelLookedAt() throws IOException {
    Path home = Path.of(System.getProperty("pictures.home"));
    try (TestService service = TestService.at(home);
        StoryPage page = StoryPage.open(browser, service.port(), "#seed=7", options(1280, 960))) {
      page.write("In the attic, a donkey finds a coat. All he wants is to talk to the moon.");
      page.seed().fill("");
      page.page().locator("#more").evaluate("more => more.open = false");
      page.page().evaluate("scrollTo(0, 0)");
      page.words().getByText(Pattern.compile("^donkey$")).first().hover();
      take(page.page(), "page.png");
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "pictures.home", matches = ".+")
  void storiesSideBySide() throws IOException {
    Path home = Path.of(System.getProperty("pictures.home"));
    try (TestService service = TestService.at(home);
        StoryPage page = StoryPage.open(browser, service.port(), "#seed=7", options(1440, 1000))) {
      page.label("Three").check();
      page.ask("A goblin who wants to plant a tree finds a violin in the desert.");
      page.awaitEnd(3);
      page.page().locator("#more").evaluate("more => more.open = false");
      page.page().evaluate("scrollTo(0, 0)");
      page.card(0).locator("article span").nth(1).hover();
      take(page.page(), "stories.png");
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "pictures.terminal", matches = ".+")
  void theTerminalAfterTheDemo() throws IOException {
    Path captured = Path.of(System.getProperty("pictures.terminal"));
    List<String> lines =
        Files.readAllLines(captured).stream()
            .map(line -> line.replace(captured.toAbsolutePath().getParent().toString(), "~"))
            .filter(line -> !ROUND.matcher(line).find())
            .toList();
    try (BrowserContext window = browser.newContext(options(1000, 900))) {
      Page terminal = window.newPage();
      terminal.setContent(
          """
          <style>
            body { margin: 0; padding: 20px 24px; background: #1f1d1b; color: #ece6da; }
            pre { margin: 0; font: 13px/1.45 "DejaVu Sans Mono", monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
          </style>
          <pre></pre>
          """);
      terminal
          .locator("pre")
          .evaluate(
              "(pre, text) => pre.textContent = text",
              "$ bin/demo\n…\n"
                  + String.join(
                      "\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size())));
      terminal.setViewportSize(
          1000, ((Number) terminal.evaluate("document.body.offsetHeight")).intValue());
      take(terminal, "demo.png");
    }
  }

  private static Browser.NewContextOptions options(int width, int height) {
    return new Browser.NewContextOptions()
        .setViewportSize(width, height)
        .setColorScheme(ColorScheme.LIGHT)
        .setReducedMotion(ReducedMotion.REDUCE);
  }

  private static void take(Page page, String name) throws IOException {
    Path file = Files.createDirectories(PICTURES).resolve(name);
    page.screenshot(new Page.ScreenshotOptions().setPath(file));
    assertThat(Files.size(file)).isLessThan(LARGEST);
  }
}
