package storyloom.serve.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static storyloom.serve.http.TestService.await;
import static storyloom.serve.http.TestService.problem;

import java.lang.management.ManagementFactory;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.serve.http.Problem.ProblemException;

/**
 * Names that clients make up are forgotten, so that nobody fills the service's memory with them.
 */
final class MadeUpNamesTest extends OneService {

  private static final int NAMES = 300;
  private static final String OVERRIDE = "X-HTTP-Method-Override";

  /** Letters alone, as Javalin takes them for a method. */
  private static String madeUp(int number) {
    StringBuilder name = new StringBuilder("MADEUP");
    Integer.toString(number).chars().forEach(digit -> name.append((char) (digit - '0' + 'A')));
    return name.toString();
  }

  private static double counted(String method) {
    return service
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("storyloom_requests_seconds_count{"))
        .filter(line -> line.contains("method=\"" + method + "\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static Set<String> values(String label) {
    return Pattern.compile("\\b%s=\"([^\"]*)\"".formatted(label))
        .matcher(service.get("/metrics").body())
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toSet());
  }

  @Test
  void methodsThatAreMadeUpAreCountedTogether() {
    double before = counted(RequestFilter.OTHER);

    for (int i = 0; i < NAMES; i++) {
      service.send(madeUp(i), i % 2 == 0 ? "/model" : "/path" + i);
    }

    await("all are counted", () -> counted(RequestFilter.OTHER) == before + NAMES);
    assertThat(values("method")).contains(RequestFilter.OTHER).allMatch(MadeUpNamesTest::isListed);
    assertThat(values("route")).contains("none").noneMatch(route -> route.startsWith("/path"));
  }

  private static boolean isListed(String method) {
    return method.equals(RequestFilter.OTHER) || RequestFilter.METHODS.contains(method);
  }

  @Test
  void aHeaderWithAMethodIsCountedAsIfItWereNotThere() {
    double before = counted("GET");

    for (int i = 0; i < NAMES; i++) {
      assertThat(service.send("GET", "/health/live", OVERRIDE, madeUp(i)).statusCode())
          .isEqualTo(200);
    }

    await("all are counted", () -> counted("GET") >= before + NAMES);
    assertThat(values("method")).allMatch(MadeUpNamesTest::isListed);
  }

  @Test
  void noHeaderTurnsARequestIntoAnother() {
    problem(service.send("GET", "/generate", OVERRIDE, "POST"), 405);
    problem(service.send("POST", "/model", OVERRIDE, "GET"), 405);
    problem(service.send("GET", "/admin/reload", "x-http-method-override", "POST"), 405);
  }

  /** BEFORE and AFTER are methods to Javalin, and what is not of capital letters is a failure. */
  @ParameterizedTest
  @ValueSource(strings = {"BREW", "BEFORE", "AFTER", "get", "Post", "M-SEARCH", "A1", "!", "OTHER"})
  void everyTokenIsAMethodThatMayBeRefused(String method) {
    problem(service.send(method, "/model"), 405);
    problem(service.send(method, "/nothing"), 404);
  }

  /** Four thousand names of ten thousand characters. */
  @Test
  void namesOfFieldsThatAreMadeUpAreForgotten() {
    String padding = "x".repeat(10_000);
    IntFunction<byte[]> body = i -> "{\"%s%d\": 1}".formatted(padding, i).getBytes(UTF_8);
    long before = usedHeap();

    for (int i = 0; i < 4000; i++) {
      Json.Fields fields = Json.fields(body.apply(i));
      assertThatThrownBy(fields::refuseOthers).isInstanceOf(ProblemException.class);
    }

    assertThat(usedHeap() - before).isLessThan(20L << 20);
  }

  private static long usedHeap() {
    System.gc();
    System.gc(); // what the first one has found out about references
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
