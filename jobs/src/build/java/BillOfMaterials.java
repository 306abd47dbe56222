import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;

/**
 * Writes which jars of other projects are on the class path this program runs with, and what those
 * bundle in their turn, as a CycloneDX bill of materials: <a
 * href="https://cyclonedx.org/docs/1.6/json/">cyclonedx.org</a>. The same class path gives the same
 * bytes.
 *
 * <p>cyclonedx-maven-plugin does the same, but takes eight digests of 200 MB of native libraries, three
 * of them ten times as slow as this one, and refuses to work offline.
 */
public final class BillOfMaterials {

  private static final String INDEX = "META-INF/licenses/INDEX";
  private static final String WITHOUT = "without:";

  /** What Maven leaves in a jar of each project that went into it. */
  private static final Pattern BUNDLED = Pattern.compile("META-INF/maven/([^/]+)/([^/]+)/pom\\.properties");

  private static final Pattern VERSION = Pattern.compile("(?m)^version=(\\S+)");

  private record Library(String group, String name, String version, String classifier) {

    /** From where the jar lies in Maven's local repository. */
    static Library of(Path jar, Path repository) {
      Path folder = jar.getParent();
      String version = folder.getFileName().toString();
      String name = folder.getParent().getFileName().toString();
      String group = repository.relativize(folder.getParent().getParent()).toString();
      String end = jar.getFileName().toString().substring((name + "-" + version).length());
      return new Library(
          group.replace(File.separatorChar, '.'), name, version, end.replaceFirst("^-?(.*)\\.jar$", "$1"));
    }

    String address() {
      return "pkg:maven/%s/%s@%s?%stype=jar"
          .formatted(group, name, version, classifier.isEmpty() ? "" : "classifier=" + classifier + "&");
    }
  }

  private BillOfMaterials() {}

  /**
   * Arguments: the file to write, name and version of what is bundled, the jar of {@code
   * BundledLicences}, Maven's local repository, the instant of the build, and {@code without:FILE}
   * as {@code SelfContainedJars} takes it.
   */
  public static void main(String[] arguments) throws Exception {
    Path repository = Path.of(arguments[4]);
    Map<String, String> licences = licences(Path.of(arguments[3]));
    List<String> unwanted = arguments.length > 6 ? beginnings(arguments[6]) : List.of();
    List<String> components = new ArrayList<>();
    for (String element : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path jar = Path.of(element);
      if (jar.startsWith(repository)) {
        Library library = Library.of(jar, repository);
        String more =
            ", \"hashes\": [{\"alg\": \"SHA-256\", \"content\": %s}], \"licenses\": [{\"license\": {\"name\": %s}}], \"components\": [%s]"
                .formatted(
                    quoted(sha256(jar)),
                    quoted(licences.get(jar.getFileName().toString())),
                    String.join(", ", bundled(jar, library, unwanted)));
        components.add("\n    " + component("library", library, "", more));
      }
    }
    components.sort(null);
    Library whole = new Library("storyloom", arguments[1], arguments[2], "");
    String body =
        "  \"version\": 1,\n  \"metadata\": {\"timestamp\": %s, \"component\": %s},\n  \"components\": [%s]\n}\n"
            .formatted(
                quoted(arguments[5]), component("application", whole, "", ""), String.join(",", components));
    UUID serial = UUID.nameUUIDFromBytes(body.getBytes(StandardCharsets.UTF_8));
    Files.writeString(
        Path.of(arguments[0]),
        "{\n  \"bomFormat\": \"CycloneDX\",\n  \"specVersion\": \"1.6\",\n  \"serialNumber\": \"urn:uuid:%s\",\n%s"
            .formatted(serial, body));
  }

  /** The licence of each jar by its file name. */
  private static Map<String, String> licences(Path jar) throws IOException {
    Map<String, String> licences = new HashMap<>();
    try (JarFile file = new JarFile(jar.toFile());
        InputStream in = file.getInputStream(file.getEntry(INDEX))) {
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split("\t"))
          .forEach(columns -> licences.put(columns[0], columns[1]));
    }
    return licences;
  }

  private static List<String> beginnings(String without) throws IOException {
    return Files.readAllLines(Path.of(without.substring(WITHOUT.length()))).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .toList();
  }

  /** What a jar says that it holds of other projects. */
  private static List<String> bundled(Path jar, Library library, List<String> unwanted) throws IOException {
    List<String> bundled = new ArrayList<>();
    try (JarFile file = new JarFile(jar.toFile())) {
      for (ZipEntry entry : file.stream().collect(Collectors.toList())) {
        Matcher parts = BUNDLED.matcher(entry.getName());
        if (!parts.matches()
            || parts.group(2).equals(library.name())
            || unwanted.stream().anyMatch(entry.getName()::startsWith)) {
          continue;
        }
        try (InputStream in = file.getInputStream(entry)) {
          Matcher version = VERSION.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
          if (version.find()) {
            Library inner = new Library(parts.group(1), parts.group(2), version.group(1), "");
            bundled.add(component("library", inner, library.address() + "#", ""));
          }
        }
      }
    }
    bundled.sort(null);
    return bundled;
  }

  /** What stands twice, by itself and in another jar, is told apart by where it is. */
  private static String component(String type, Library library, String where, String more) {
    return "{\"type\": %s, \"bom-ref\": %s, \"group\": %s, \"name\": %s, \"version\": %s, \"purl\": %s%s}"
        .formatted(
            quoted(type),
            quoted(where + library.address()),
            quoted(library.group()),
            quoted(library.name()),
            quoted(library.version()),
            quoted(library.address()),
            more);
  }

  private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
