package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the project's documents say of the project is there. */
final class DocumentsTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final List<String> MODULES =
      List.of("model", "pipeline", "jobs", "serve", "bench");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.+)$");
  private static final Pattern INLINE_CODE = Pattern.compile("`[^`\\n]*`");
  private static final Pattern MODULE = Pattern.compile("(?ms)^  subgraph (\\w+)\n(.*?)^  end");
  private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^```.*?^```");

  static Stream<Path> documents() throws IOException {
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"));
        Stream<Path> root = Files.list(ROOT)) {
      return Stream.concat(docs, root)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void everyLinkLeadsToAFileAndToAHeadingInIt(Path document) throws IOException {
    String text = INLINE_CODE.matcher(prose(document)).replaceAll("");
    assertThat(LINK.matcher(text).results().map(found -> found.group(1)))
        .filteredOn(link -> !link.contains("://"))
        .allSatisfy(
            link -> {
              String[] parts = link.split("#", 2);
              Path target =
                  parts[0].isEmpty() ? document : document.resolveSibling(parts[0]).normalize();
              assertThat(target).as(link).exists();
              if (parts.length == 2) {
                assertThat(headings(target)).as(link).contains(parts[1]);
              }
            });
  }

  @Test
  void everyPackageSaysWhatLivesThereAndStandsInTheArchitecture() throws IOException {
    String architecture = Files.readString(ROOT.resolve("docs/architecture.md"));
    List<Path> packages = packages();

    assertThat(packages).hasSizeGreaterThan(40);
    assertThat(packages)
        .allSatisfy(
            folder -> {
              assertThat(folder.resolve("package-info.java")).exists();
              assertThat(architecture).contains("`" + name(folder) + "`");
            });
  }

  /** Those between packages; those between modules hold by the POMs. */
  @Test
  void everyArrowOfTheArchitectureIsAnImport() throws IOException {
    List<Arrow> arrows = arrows(Files.readString(ROOT.resolve("docs/architecture.md")));

    assertThat(arrows).hasSizeGreaterThan(30);
    for (Arrow arrow : arrows) {
      StringBuilder sources = new StringBuilder();
      for (Path folder : packages()) {
        if (arrow.from().contains(name(folder))) {
          sources.append(sources(folder));
        }
      }
      assertThat(arrow.to())
          .as("%s", arrow)
          .anyMatch(
              to ->
                  Pattern.compile("import (static )?storyloom\\.%s\\.[A-Z]".formatted(to))
                      .matcher(sources)
                      .find());
    }
  }

  /** Packages, of which one knows one. */
  private record Arrow(List<String> from, List<String> to) {}

  /** Of the drawing's parts, each of which is a module. */
  private static List<Arrow> arrows(String document) {
    List<Arrow> arrows = new ArrayList<>();
    MODULE
        .matcher(document)
        .results()
        .forEach(
            module -> {
              Map<String, List<String>> known = new HashMap<>();
              for (String line : module.group(2).strip().split("\n")) {
                List<String> before = null;
                for (String node : line.strip().split(" --> ")) {
                  List<String> packages = packages(module.group(1), node, known);
                  if (before != null) {
                    arrows.add(new Arrow(before, packages));
                  }
                  before = packages;
                }
              }
            });
    return arrows;
  }

  /**
   * What a node of the drawing stands for: its label tells the first time, its name later.
   *
   * @param node such as {@code nn["nn, nn.layer"]}, {@code files} or {@code commands["jobs: …"]}
   */
  private static List<String> packages(
      String module, String node, Map<String, List<String>> known) {
    String[] parts = node.split("\\[", 2);
    String label = parts.length == 1 ? node : parts[1].replaceAll("[\"\\]]|: .*", "");
    return known.computeIfAbsent(
        parts[0],
        first ->
            Stream.of(label.split(", "))
                .map(each -> each.equals(module) ? module : module + "." + each)
                .toList());
  }

  private static String sources(Path folder) throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        text.append(Files.readString(file));
      }
    }
    return text.toString();
  }

  /** All folders with classes, of all modules. */
  private static List<Path> packages() throws IOException {
    Stream.Builder<Path> found = Stream.builder();
    for (String module : MODULES) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
        files.filter(file -> file.toString().endsWith(".java")).map(Path::getParent).forEach(found);
      }
    }
    return found.build().distinct().sorted().toList();
  }

  /** Such as model.text.clean. */
  private static String name(Path folder) {
    String path = folder.toString().replace('\\', '/');
    return path.substring(path.indexOf("/storyloom/", path.indexOf("/src/main/java/")) + 11)
        .replace('/', '.');
  }

  /** The anchors of a document's headings, as GitHub makes them. */
  private static List<String> headings(Path document) throws IOException {
    return HEADING
        .matcher(prose(document))
        .results()
        .map(found -> found.group(1).toLowerCase(Locale.ROOT))
        .map(title -> title.replaceAll("\\]\\([^)]*\\)", "").replaceAll("[^\\p{L}\\p{N}\\- _]", ""))
        .map(title -> title.strip().replace(' ', '-'))
        .toList();
  }

  private static String prose(Path document) throws IOException {
    return CODE_BLOCK.matcher(Files.readString(document)).replaceAll("");
  }
}
