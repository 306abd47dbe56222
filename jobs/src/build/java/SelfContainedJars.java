import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * Writes self-contained jars, such as spark-submit takes: all that is on the class path this program
 * runs with in one jar, once for each {@code NAME=MAIN_CLASS}.
 *
 * <p>Entries are copied as they are compressed. The native libraries are 400 MB unpacked, so
 * maven-shade-plugin, which deflates them anew, takes half a minute a jar where this takes a second.
 */
public final class SelfContainedJars {

  private static final Pattern LEFT_OUT =
      Pattern.compile(
          "META-INF/(MANIFEST\\.MF|INDEX\\.LIST|[^/]+\\.(SF|DSA|RSA|EC))"
              + "|(META-INF/versions/\\d+/)?module-info\\.class");
  private static final Pattern VERSIONED_CLASS = Pattern.compile("META-INF/versions/\\d+/.+\\.class");
  private static final String MANIFEST = "META-INF/MANIFEST.MF";
  private static final String SERVICES = "META-INF/services/";

  private static final String LICENCES = "META-INF/licenses/";

  private record Source(ZipFile jar, ZipArchiveEntry entry) {}

  /** What provenance reads; the jar of the module's own classes says it. */
  private static final List<String> KEPT = List.of("Implementation-Version", "Git-Commit");

  /** What comes before the file of beginnings of names that a jar does without. */
  private static final String WITHOUT = "without:";

  private final Instant stamp;
  private final Manifest own;
  private final List<String> unwanted = new ArrayList<>();
  private final Map<String, Source> entries = new LinkedHashMap<>();
  private final Map<String, Set<String>> services = new LinkedHashMap<>();

  private SelfContainedJars(Instant stamp, Manifest own) {
    this.stamp = stamp;
    this.own = own;
  }

  /**
   * Arguments: the directory to write to, the jar of the module's own classes, the jar of {@code
   * BundledLicences}, the instant that entries made here are stamped with, then {@code
   * NAME=MAIN_CLASS} for each jar, before them {@code without:FILE} where they do without what begins
   * with a line of that file.
   */
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    Path own = Path.of(arguments[1]);
    SelfContainedJars jars = new SelfContainedJars(Instant.parse(arguments[3]), manifestOf(own));
    List<String> rest = new ArrayList<>(Arrays.asList(arguments).subList(4, arguments.length));
    if (rest.get(0).startsWith(WITHOUT)) {
      jars.leaveOut(Path.of(rest.remove(0).substring(WITHOUT.length())));
    }
    List<ZipFile> open = new ArrayList<>();
    try {
      List<Path> sources = new ArrayList<>(List.of(Path.of(arguments[2])));
      for (String element : System.getProperty("java.class.path").split(File.pathSeparator)) {
        sources.add(jarOf(Path.of(element), own));
      }
      for (Path source : sources) {
        ZipFile jar = ZipFile.builder().setPath(source).get();
        open.add(jar);
        jars.add(jar, LICENCES + source.getFileName() + "/");
      }
      for (String job : rest) {
        int equals = job.indexOf('=');
        jars.write(directory.resolve(job.substring(0, equals) + ".jar"), job.substring(equals + 1));
      }
    } finally {
      for (ZipFile jar : open) {
        jar.close();
      }
    }
  }

  /** Maven puts a module's own classes on its class path as the directory that its jar was made of. */
  private static Path jarOf(Path element, Path own) {
    if (!Files.isDirectory(element)) {
      return element;
    }
    if (!element.getParent().equals(own.getParent())) {
      throw new IllegalStateException(element + " is not packaged; run mvn package -am");
    }
    return own;
  }

  /** Lines that begin with # are for people. */
  private void leaveOut(Path list) throws IOException {
    Files.readAllLines(list).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .forEach(unwanted::add);
  }

  private boolean isUnwanted(String name) {
    return unwanted.stream().anyMatch(name::startsWith);
  }

  /**
   * The first jar that has an entry wins, as on a class path; service files are merged, and licences
   * stay where {@code BundledLicences} has put them.
   */
  private void add(ZipFile jar, String licences) throws IOException {
    for (ZipArchiveEntry entry : Collections.list(jar.getEntries())) {
      String name = entry.getName();
      if (entry.isDirectory()
          || LEFT_OUT.matcher(name).matches()
          || isUnwanted(name)
          || entries.containsKey(licences + name)) {
        continue;
      }
      if (name.startsWith(SERVICES)) {
        try (InputStream in = jar.getInputStream(entry)) {
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !isUnwanted(line.strip().replace('.', '/')))
              .forEach(services.computeIfAbsent(name, n -> new LinkedHashSet<>())::add);
        }
      } else {
        entries.putIfAbsent(name, new Source(jar, entry));
      }
    }
  }

  /** Written aside and renamed: an interrupted build leaves no half jar. */
  private void write(Path file, String mainClass) throws IOException {
    Path aside = file.resolveSibling("." + file.getFileName() + ".part");
    try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(aside)) {
      put(out, MANIFEST, manifest(mainClass));
      services.values().removeIf(Set::isEmpty);
      for (Map.Entry<String, Set<String>> service : services.entrySet()) {
        String lines = String.join("\n", service.getValue()) + "\n";
        put(out, service.getKey(), lines.getBytes(StandardCharsets.UTF_8));
      }
      for (Source source : entries.values()) {
        try (InputStream raw = source.jar().getRawInputStream(source.entry())) {
          out.addRawArchiveEntry(source.entry(), raw);
        }
      }
    }
    Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static Manifest manifestOf(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.getManifest();
    }
  }

  private byte[] manifest(String mainClass) throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, mainClass);
    for (String name : KEPT) {
      String value = own.getMainAttributes().getValue(name);
      if (value != null && !value.startsWith("${")) { // no commit: not built in a git clone
        attributes.putValue(name, value);
      }
    }
    if (entries.keySet().stream().anyMatch(name -> VERSIONED_CLASS.matcher(name).matches())) {
      attributes.put(Attributes.Name.MULTI_RELEASE, "true");
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    manifest.write(bytes);
    return bytes.toByteArray();
  }

  private void put(ZipArchiveOutputStream out, String name, byte[] content) throws IOException {
    ZipArchiveEntry entry = new ZipArchiveEntry(name);
    entry.setTime(stamp.toEpochMilli());
    out.putArchiveEntry(entry);
    out.write(content);
    out.closeArchiveEntry();
  }
}
