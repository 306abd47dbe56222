package storyloom.serve.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileUtil;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import storyloom.model.fixture.SmallBundle;
import storyloom.model.nn.config.AttentionKind;
import storyloom.model.registry.Registry;
import storyloom.serve.http.TestService;

/** Services with small models, each started when a test first asks for it, until all have ended. */
final class Services implements CloseableResource {

  /** What {@link #guarded} lets in. */
  static final String TOKEN = "a-token-of-the-page";

  private static final List<String> WORDS =
      List.of("a", "fox", "hen", "and", "the", "moon", "sang", "ran", "home");
  private static final String LONG_ENOUGH = "decode.min-tokens=20";
  private static final String SHORT_ENOUGH = "decode.max-tokens=40";

  private final Path folder;
  private final Map<String, TestService> started = new TreeMap<>();

  private Services() {
    try {
      folder = Files.createTempDirectory("services-");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Whose stories have 20 to 40 words in one paragraph. */
  TestService usual() {
    return service("usual", model(WORDS), LONG_ENOUGH, SHORT_ENOUGH);
  }

  /** Whose stories have full stops and paragraphs. */
  TestService paragraphs() {
    return service("paragraphs", SmallBundle.ofDozenWords(), LONG_ENOUGH, SHORT_ENOUGH);
  }

  /** Whose stories go from right to left. */
  TestService hebrew() {
    return service(
        "hebrew", model(List.of("ינשוף", "מצא", "פנס", "בלילה")), LONG_ENOUGH, SHORT_ENOUGH);
  }

  /** Whose model copies what it does not know. */
  TestService copying() {
    return service("copying", model(WORDS).withCopying(), LONG_ENOUGH, SHORT_ENOUGH);
  }

  /** Whose model has no attention. */
  TestService blind() {
    return service("blind", model(WORDS).with(AttentionKind.NONE), LONG_ENOUGH, SHORT_ENOUGH);
  }

  /** Whose stories are empty. */
  TestService silent() {
    return service(
        "silent", model(List.of("word")), "decode.min-tokens=0", "decode.banned-words=word");
  }

  /** Which gives stories less time than they take. */
  TestService hasty() {
    return service(
        "hasty",
        model(WORDS),
        "decode.min-tokens=1000",
        "decode.max-tokens=1000",
        "serve.request-seconds=0.001");
  }

  /** Whose model writes pieces of words. */
  TestService pieces() {
    return started.computeIfAbsent(
        "pieces",
        name -> {
          Path home = folder.resolve(name);
          String version = model(WORDS).writeInPiecesTo(home.resolve("models"));
          new Registry(home.toString(), new Configuration()).promote(version);
          return TestService.at(home, LONG_ENOUGH, SHORT_ENOUGH);
        });
  }

  /** Which wants {@link #TOKEN}, and takes one request a minute. */
  TestService guarded() {
    return guarded("guarded", "serve.requests-per-minute=1");
  }

  /** Which wants {@link #TOKEN}, and takes two requests a minute. */
  TestService twice() {
    return guarded("twice", "serve.requests-per-minute=2");
  }

  /** Which wants {@link #TOKEN} even of those who ask for its model. */
  TestService closed() {
    return guarded("closed", "serve.open-paths=");
  }

  private TestService guarded(String name, String setting) {
    try {
      Path tokens = TestService.tokensFile(folder, "page " + TOKEN);
      return service(
          name,
          model(WORDS),
          LONG_ENOUGH,
          SHORT_ENOUGH,
          "serve.tokens-file=" + tokens,
          "serve.unauthorized-seconds=0.1",
          setting);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** What a service answers to a prompt and a seed, with attention. */
  static JsonNode answer(TestService service, String prompt, long seed) {
    return service.story(Map.of("prompt", prompt, "seed", seed, "attention", true));
  }

  /** The words of a story as they come, each with the space before it. */
  static List<String> words(JsonNode answer) {
    return StreamSupport.stream(answer.at("/attention/words").spliterator(), false)
        .map(word -> word.get("text").textValue())
        .toList();
  }

  private TestService service(String name, SmallBundle model, String... settings) {
    return started.computeIfAbsent(
        name, each -> TestService.start(folder.resolve(each), model, settings));
  }

  private static SmallBundle model(List<String> words) {
    return new SmallBundle(words, 64, 96, AttentionKind.DOT, false, 3);
  }

  @Override
  public void close() {
    started.values().forEach(TestService::close);
    FileUtil.fullyDelete(folder.toFile());
  }

  /** Gives them to all test classes whose constructor asks for them. */
  static final class Once implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext extension) {
      return parameter.getParameter().getType() == Services.class;
    }

    @Override
    public Services resolveParameter(ParameterContext parameter, ExtensionContext extension) {
      return extension
          .getRoot()
          .getStore(Namespace.GLOBAL)
          .getOrComputeIfAbsent(Services.class, type -> new Services(), Services.class);
    }
  }
}
