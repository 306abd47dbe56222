package storyloom.serve.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/** The page as a person has it before them, in a window of its own. */
final class StoryPage implements AutoCloseable {

  /** How long anything may take; long, as machines may be busy. Unit: milliseconds. */
  static final int PATIENCE = 120_000;

  private static final Pattern OVER = Pattern.compile("^The story (is finished|was cut)");

  private final BrowserContext window;
  private final Page page;
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  private StoryPage(BrowserContext window) {
    this.window = window;
    this.page = window.newPage();
    page.onPageError(complaints::add);
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error")) {
            complaints.add(message.text());
          }
        });
    page.onRequest(request -> requests.add(request.method() + " " + request.url()));
  }

  /** The page of the service at a port, in a window as wide as a desk's. */
  static StoryPage open(Browser browser, int port) {
    return open(browser, port, "", new Browser.NewContextOptions().setViewportSize(1440, 900));
  }

  /**
   * The page of the service at a port.
   *
   * @param settings what follows on / in the address
   */
  static StoryPage open(
      Browser browser, int port, String settings, Browser.NewContextOptions options) {
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE);
    BrowserContext window = browser.newContext(options);
    window.setDefaultTimeout(PATIENCE);
    StoryPage opened = new StoryPage(window);
    opened.go(port, settings);
    return opened;
  }

  /** Opens an address of the service in this window, and waits until its model is known. */
  void go(int port, String settings) {
    visit(port, settings);
    assertThat(model()).hasText(Pattern.compile("^Trained on "));
  }

  /** Opens an address of a service in this window, which may not tell of its model. */
  void visit(int port, String settings) {
    page.navigate("http://127.0.0.1:" + port + "/" + settings);
  }

  /** Asks for a story. */
  void ask(String prompt) {
    prompt().fill(prompt);
    generate().click();
  }

  /** Asks for a story and waits for its end. */
  void write(String prompt) {
    ask(prompt);
    awaitEnd();
  }

  /** Waits until the story is over. */
  void awaitEnd() {
    awaitEnd(1);
  }

  /** Waits until so many stories that stand side by side are over. */
  void awaitEnd(int stories) {
    assertThat(status()).hasText(Collections.nCopies(stories, OVER).toArray(Pattern[]::new));
  }

  Locator model() {
    return page.locator("#model");
  }

  Locator prompt() {
    return page.getByLabel("What should the story be about?");
  }

  Locator generate() {
    return button("Write the story");
  }

  Locator button(String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  Locator label(String name) {
    return page.getByLabel(name, new Page.GetByLabelOptions().setExact(true));
  }

  /** How bold words are drawn, as a slider. */
  Locator boldness() {
    return label("Boldness");
  }

  /** The number that a story starts from; out of sight at first. */
  Locator seed() {
    return label("Start from another number");
  }

  /** The parts of the form that are out of sight at first. */
  void openMore() {
    page.getByText("More", new Page.GetByTextOptions().setExact(true)).click();
  }

  /** The story, where there is one. */
  Locator story() {
    return page.getByRole(AriaRole.ARTICLE);
  }

  /** All that belongs to a story, of those that stand side by side. */
  Locator card(int at) {
    return page.locator(".card").nth(at);
  }

  /** The stories of this visit, as a list. */
  Locator visit() {
    return page.locator("#visit-list > li");
  }

  Locator words() {
    return story().locator("span");
  }

  Locator word(int at) {
    return words().nth(at);
  }

  Locator lastWord() {
    return words().last();
  }

  /** How it goes, in words. */
  Locator status() {
    return page.locator(".card .status");
  }

  /** What went wrong. */
  Locator problem() {
    return page.getByRole(AriaRole.ALERT);
  }

  /** Model and number of the story. */
  Locator colophon() {
    return page.locator(".colophon");
  }

  /** The words of the prompt, shaded. */
  Locator heatMap() {
    return page.getByRole(
        AriaRole.LIST, new Page.GetByRoleOptions().setName("What the model looked at"));
  }

  /** The figures of the heat map. */
  List<String> figures() {
    return heatMap().locator(".figure").allTextContents();
  }

  /** The page itself, for what is not said here. */
  Page page() {
    return page;
  }

  /** What the browser was not content with. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** All requests so far, such as {@code GET http://127.0.0.1:8080/page.css}. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  @Override
  public void close() {
    window.close();
  }
}
