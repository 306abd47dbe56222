import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Collects the licences and notices of other projects' jars on the class path this program runs with,
 * for the jars that {@code SelfContainedJars} makes of them.
 *
 * <p>It writes a jar that holds each such file as {@code META-INF/licenses/JAR/PATH}, and {@code
 * META-INF/licenses/INDEX}: a line for each of those jars.
 */
public final class BundledLicences {

  private static final String FOLDER = "META-INF/licenses/";
  private static final String HEADER = "jar\tlicence that its POM names\tlicences and notices in it";
  private static final String NONE = "none";

  /** The files by their names, or all in a folder of such a name; not what is compiled. */
  private static final Pattern LICENCE =
      Pattern.compile(
          "(META-INF/)?([^/]*licen[cs]e[^/]*/.+"
              + "|[^/]*(licen[cs]e|notice|copying|copyright|third-party)[^/]*"
              + "|dependencies|about\\.html)(?<!\\.class)",
          Pattern.CASE_INSENSITIVE);

  private BundledLicences() {}

  /**
   * Arguments: the jar to write, Maven's local repository, which has all jars of other projects, and
   * the instant that entries are stamped with.
   */
  public static void main(String[] arguments) throws Exception {
    Path repository = Path.of(arguments[1]);
    Map<String, byte[]> entries = new TreeMap<>();
    List<String> index = new ArrayList<>();
    for (String element : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path jar = Path.of(element);
      if (jar.startsWith(repository)) {
        Map<String, byte[]> files = licenceFiles(jar);
        String names = files.isEmpty() ? NONE : String.join(" ", files.keySet());
        index.add(jar.getFileName() + "\t" + licence(pomBeside(jar), repository) + "\t" + names);
        files.forEach((name, bytes) -> entries.put(FOLDER + jar.getFileName() + "/" + name, bytes));
      }
    }
    String lines = index.stream().sorted().collect(Collectors.joining("\n", HEADER + "\n", "\n"));
    entries.put(FOLDER + "INDEX", lines.getBytes(StandardCharsets.UTF_8));
    write(Path.of(arguments[0]), entries, Instant.parse(arguments[2]));
  }

  private static Map<String, byte[]> licenceFiles(Path jar) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (JarFile file = new JarFile(jar.toFile())) {
      for (JarEntry entry : file.stream().toList()) {
        if (!entry.isDirectory() && LICENCE.matcher(entry.getName()).matches()) {
          files.put(entry.getName(), file.getInputStream(entry).readAllBytes());
        }
      }
    }
    return files;
  }

  /** A jar with a classifier has the POM of the one without. */
  private static Path pomBeside(Path jar) {
    Path version = jar.getParent();
    return version.resolve(version.getParent().getFileName() + "-" + version.getFileName() + ".pom");
  }

  /** What the POM says, or else the nearest of its parents that says something. */
  private static String licence(Path pom, Path repository) throws Exception {
    if (!Files.exists(pom)) {
      return NONE;
    }
    Element project =
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile()).getDocumentElement();
    for (Element licences : children(project, "licenses")) {
      return children(licences, "license").stream()
          .map(one -> (text(one, "name") + " " + text(one, "url")).strip())
          .collect(Collectors.joining("; "));
    }
    for (Element parent : children(project, "parent")) {
      String artifact = text(parent, "artifactId");
      String version = text(parent, "version");
      Path folder = repository.resolve(text(parent, "groupId").replace('.', '/')).resolve(artifact);
      return licence(folder.resolve(version).resolve(artifact + "-" + version + ".pom"), repository);
    }
    return NONE;
  }

  private static List<Element> children(Element of, String name) {
    NodeList all = of.getElementsByTagName(name);
    return IntStream.range(0, all.getLength())
        .mapToObj(i -> (Element) all.item(i))
        .filter(child -> child.getParentNode().isSameNode(of))
        .toList();
  }

  private static String text(Element of, String name) {
    return children(of, name).stream()
        .map(child -> child.getTextContent().strip().replaceAll("\\s+", " "))
        .findFirst()
        .orElse("");
  }

  private static void write(Path jar, Map<String, byte[]> entries, Instant stamp) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        ZipEntry header = new ZipEntry(entry.getKey());
        header.setTime(stamp.toEpochMilli());
        out.putNextEntry(header);
        out.write(entry.getValue());
        out.closeEntry();
      }
    }
  }
}
