package storyloom.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Media;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.serve.page.Axe;
import storyloom.serve.page.Chromium;

/**
 * How the pages of runs, evaluations and searches look, wherever they are looked at. Each is looked
 * at in each width and in each colour scheme once; the two other pairs of them are soak tests.
 */
@ExtendWith(Chromium.class)
final class LayoutTest {

  private static final int PATIENCE = 120_000;
  private static final int PHONE = 360;
  private static final int DESK = 1440;
  private static final long LARGEST = 300_000;

  @TempDir static Path folder;

  private static Map<String, String> pages;

  private final Browser browser;

  LayoutTest(Browser browser) {
    this.browser = browser;
  }

  @BeforeAll
  static void makePages() throws IOException {
    pages = PagesOfRecords.all(folder.resolve("run"));
    for (Map.Entry<String, String> page : pages.entrySet()) {
      Files.writeString(file(page.getKey()), page.getValue());
    }
  }

  private static Path file(String page) {
    return folder.resolve(page + ".html");
  }

  /** A page in a window of its own; what it complains of is kept. */
  private record Window(BrowserContext window, Page page, List<String> complaints)
      implements AutoCloseable {

    @Override
    public void close() {
      window.close();
    }
  }

  private Window open(String name, int width, ColorScheme scheme) {
    BrowserContext window =
        browser.newContext(
            new Browser.NewContextOptions().setViewportSize(width, 900).setColorScheme(scheme));
    window.setDefaultTimeout(PATIENCE);
    Page page = window.newPage();
    List<String> complaints = new ArrayList<>();
    page.onConsoleMessage(message -> complaints.add(message.text()));
    page.onRequest(
        request -> {
          if (!request.url().startsWith("file:")) {
            complaints.add(request.url());
          }
        });
    page.navigate(file(name).toUri().toString());
    page.locator("details").evaluateAll("all => all.forEach(each => each.open = true)");
    return new Window(window, page, complaints);
  }

  private static Stream<Arguments> windows() {
    return eachPage(ColorScheme.LIGHT, ColorScheme.DARK);
  }

  private static Stream<Arguments> theOtherWayRound() {
    return eachPage(ColorScheme.DARK, ColorScheme.LIGHT);
  }

  private static Stream<Arguments> eachPage(ColorScheme onAPhone, ColorScheme atADesk) {
    return Stream.of("run", "index", "evaluation", "comparison", "tuning")
        .flatMap(
            page ->
                Stream.of(Arguments.of(page, PHONE, onAPhone), Arguments.of(page, DESK, atADesk)));
  }

  @ParameterizedTest
  @MethodSource("windows")
  void axeFindsNothingAndNothingHangsOverTheEdge(String name, int width, ColorScheme scheme) {
    assertAccessible(name, width, scheme);
  }

  @ParameterizedTest
  @MethodSource("theOtherWayRound")
  @Tag("soak")
  void axeFindsNothingTheOtherWayRound(String name, int width, ColorScheme scheme) {
    assertAccessible(name, width, scheme);
  }

  private void assertAccessible(String name, int width, ColorScheme scheme) {
    try (Window window = open(name, width, scheme)) {
      assertThat(window.page().evaluate("document.documentElement.scrollWidth - innerWidth"))
          .isEqualTo(0);
      assertThat(Axe.violations(window.page())).isEmpty();
      assertThat(window.complaints()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {PHONE, DESK})
  void theIndexNeedsNoScrollingAndBreaksNoWord(int width) {
    try (Window window = open("index", width, ColorScheme.LIGHT)) {
      assertThat(
              window
                  .page()
                  .locator(".scroll")
                  .evaluateAll("all => all.every(each => each.scrollWidth <= each.clientWidth)"))
          .isEqualTo(true);
      assertThat(
              window
                  .page()
                  .locator("td.good span")
                  .evaluateAll("all => all.map(each => each.getClientRects().length)"))
          .as("lines of each promoted")
          .isEqualTo(List.of(1, 1));
    }
  }

  /** Of those that are written from left to right; nor does one touch another. */
  @ParameterizedTest
  @ValueSource(ints = {PHONE, DESK})
  void noLabelOfAChartStandsOverAnother(int width) {
    for (String name : List.of("run", "index", "tuning")) {
      try (Window window = open(name, width, ColorScheme.LIGHT)) {
        assertThat(window.page().locator("figure svg text").count()).isPositive();
        assertThat(
                window
                    .page()
                    .locator("figure svg")
                    .evaluateAll(
                        """
                        charts => charts.flatMap(chart => {
                          const labels = [...chart.querySelectorAll('text')]
                            .filter(text => text.getCTM()?.b === 0)
                            .map(text => ({words: text.textContent, box: text.getBoundingClientRect()}))
                            .filter(label => label.box.width > 0);
                          return labels.flatMap((one, i) => labels.slice(i + 1)
                            .filter(other =>
                              Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left) > -4 &&
                              Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top) > 4)
                            .map(other => one.words + ' over ' + other.words));
                        })"""))
            .as(name)
            .isEqualTo(List.of());
      }
    }
  }

  @Test
  void letterAndLineFollowTheDark() {
    List<Object> colours = new ArrayList<>();
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      try (Window window = open("run", DESK, scheme)) {
        colours.add(
            window
                .page()
                .locator("figure .wide [style*=chart-first]")
                .first()
                .evaluate("line => getComputedStyle(line).stroke + getComputedStyle(line).fill"));
      }
    }

    assertThat(colours.get(0)).isNotEqualTo(colours.get(1));
  }

  @Test
  void attentionStandsUnderTheModelsStoryOnAPhone() {
    try (Window window = open("evaluation", PHONE, ColorScheme.LIGHT)) {
      assertThat(
              window
                  .page()
                  .locator("article")
                  .first()
                  .evaluate(
                      """
                      article => {
                        const top = element => element.getBoundingClientRect().top;
                        const [model, people] = article.querySelectorAll('.beside > div');
                        const attention = article.querySelector('details');
                        return top(model) < top(attention) && top(attention) < top(people);
                      }"""))
          .isEqualTo(true);
    }
  }

  @Test
  void paperHasAllThatIsFoldedAway() {
    try (Window window = open("run", DESK, ColorScheme.DARK)) {
      window.page().locator("details").evaluateAll("all => all.forEach(each => each.open = false)");
      window.page().emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));

      assertThat(window.page().getByText("text.drop.max-prompt-words").first().boundingBox().height)
          .isPositive();
    }
  }

  /** Not a test, but the picture of the documents: {@code -Dpictures=true}. */
  @Test
  @EnabledIfSystemProperty(named = "pictures", matches = "true")
  void thePictureOfAReport() throws IOException {
    Path picture = Path.of("../docs/pictures/report.png");
    try (Window window = open("run", 1100, ColorScheme.LIGHT)) {
      window.page().setViewportSize(1100, 1300);
      window.page().screenshot(new Page.ScreenshotOptions().setPath(picture));
    }
    assertThat(Files.size(picture)).isLessThan(LARGEST);
    for (Arguments each : Stream.concat(windows(), theOtherWayRound()).toList()) {
      String name = (String) each.get()[0];
      int width = (int) each.get()[1];
      ColorScheme scheme = (ColorScheme) each.get()[2];
      try (Window window = open(name, width, scheme)) {
        window
            .page()
            .screenshot(
                new Page.ScreenshotOptions()
                    .setFullPage(true)
                    .setPath(
                        Path.of("target/pages", "%s-%d-%s.png".formatted(name, width, scheme))));
      }
    }
  }
}
