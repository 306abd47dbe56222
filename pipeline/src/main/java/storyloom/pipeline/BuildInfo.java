package storyloom.pipeline;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.apache.spark.package$;

/** Which program this is, and what it runs on. */
public final class BuildInfo {

  private static final String UNKNOWN = "unknown";

  /** DL4J's jars hold a file each with the version; it survives being packed into another. */
  private static final Map<String, String> EXACT_VERSIONS =
      Map.of(
          "deeplearning4j", "/org/eclipse/org.deeplearning4j-deeplearning4j-nn-git.properties",
          "dl4j-spark", "/org/eclipse/org.deeplearning4j-dl4j-spark_2.12-git.properties",
          "nd4j", "/org/eclipse/org.nd4j-nd4j-native-git.properties");

  private BuildInfo() {}

  /** The commit that this program was built from, if its jar says so. */
  public static String gitCommit() {
    return manifestValue("Git-Commit").orElse(UNKNOWN);
  }

  /** Versions of the program, of what it stands on, and of the machine. */
  public static SortedMap<String, String> versions() {
    SortedMap<String, String> versions = new TreeMap<>();
    versions.put("storyloom", manifestValue("Implementation-Version").orElse(UNKNOWN));
    versions.put("java", Runtime.version().toString());
    versions.put("spark", package$.MODULE$.SPARK_VERSION());
    versions.put("scala", scala.util.Properties.versionNumberString());
    versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    versions.put("cpu", System.getProperty("os.arch"));
    EXACT_VERSIONS.forEach((name, resource) -> versions.put(name, buildVersion(resource)));
    return versions;
  }

  private static String buildVersion(String resource) {
    try (InputStream in = BuildInfo.class.getResourceAsStream(resource)) {
      Properties properties = new Properties();
      if (in != null) {
        properties.load(in);
      }
      return properties.getProperty("git.build.version", UNKNOWN);
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  private static Optional<String> manifestValue(String name) {
    try {
      Path program =
          Path.of(BuildInfo.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (!Files.isRegularFile(program)) {
        return Optional.empty(); // classes of a build that is not packed yet
      }
      try (JarFile jar = new JarFile(program.toFile())) {
        Manifest manifest = jar.getManifest();
        return Optional.ofNullable(manifest)
            .map(present -> present.getMainAttributes().getValue(name));
      }
    } catch (IOException | URISyntaxException e) {
      return Optional.empty();
    }
  }
}
