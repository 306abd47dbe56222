package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The recipes of the images copy what there is, and end as a user without rights. */
final class DockerfileTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** Beside what git has there is what {@code mvn package} makes. */
  private static final List<String> MADE =
      List.of(
          "jobs/train.jar",
          "jobs/generate.jar",
          "jobs/evaluate.jar",
          "jobs/tune.jar",
          "jobs/serve.jar");

  private static final Pattern CONTINUED = Pattern.compile("\\\\\\n\\s*");

  private static List<String> lines(String name) throws IOException {
    String text = Files.readString(ROOT.resolve("conf/docker").resolve(name));
    return CONTINUED.matcher(text).replaceAll("").lines().toList();
  }

  private static List<List<String>> of(String name, String instruction) throws IOException {
    return lines(name).stream()
        .map(line -> List.of(line.split(" +")))
        .filter(words -> words.get(0).equals(instruction))
        .map(words -> words.subList(1, words.size()))
        .toList();
  }

  /** What is copied out of Storyloom's folder, not from another stage. */
  private static Stream<String> copied(String name) throws IOException {
    return of(name, "COPY").stream()
        .filter(words -> !words.get(0).startsWith("--from="))
        .flatMap(words -> words.subList(0, words.size() - 1).stream());
  }

  @ParameterizedTest
  @ValueSource(strings = {"jobs.Dockerfile", "serve.Dockerfile"})
  void whatIsCopiedIsThereOnceTheProjectIsPackaged(String name) throws IOException {
    List<String> let = Files.readAllLines(ROOT.resolve(".dockerignore"));

    assertThat(copied(name))
        .isNotEmpty()
        .allSatisfy(
            source -> {
              if (!MADE.contains(source)) {
                assertThat(ROOT.resolve(source)).exists();
              }
              String first = source.split("/")[0];
              assertThat(let)
                  .as(".dockerignore lets it through")
                  .containsAnyOf("!" + first, "!" + first + "/*.jar");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"jobs.Dockerfile", "serve.Dockerfile"})
  void theLastUserIsANumberThatIsNotRoot(String name) throws IOException {
    List<List<String>> users = of(name, "USER");

    assertThat(users).isNotEmpty();
    assertThat(users.get(users.size() - 1).get(0)).matches("[1-9]\\d+");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jobs.Dockerfile", "serve.Dockerfile"})
  void basesAreArgumentsAndFileSystemsAreOfTheHadoopThatSparkBrings(String name)
      throws IOException {
    assertThat(of(name, "FROM")).hasSize(2).allMatch(words -> words.get(0).startsWith("${"));
    String hadoop =
        Pattern.compile("<hadoop.version>(.+)</hadoop.version>")
            .matcher(Files.readString(ROOT.resolve("pom.xml")))
            .results()
            .map(found -> found.group(1))
            .findFirst()
            .orElseThrow();
    assertThat(lines(name)).anyMatch(line -> line.contains("hadoop-aws:" + hadoop + " "));
  }
}
