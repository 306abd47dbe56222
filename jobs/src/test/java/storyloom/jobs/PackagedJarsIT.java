package storyloom.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jars that spark-submit takes, as {@code mvn package} left them beside this module's POM. */
final class PackagedJarsIT {

  private static final String SERVICES = "META-INF/services/";
  private static final Pattern SPARK_BRINGS =
      Pattern.compile("(org/apache/(spark|hadoop|logging)|org/slf4j|scala)/.*");
  private static final Pattern LEFT_OUT =
      Pattern.compile("META-INF/[^/]+\\.(SF|DSA|RSA|EC)|(.*/)?module-info\\.class");

  /** dl4j-spark keeps this class in Spark's package to reach what is private there. */
  private static final String SHIM_OF_DL4J = "org/apache/spark/TaskContextHelper";

  @ParameterizedTest
  @ValueSource(strings = {"train", "generate", "evaluate"})
  void jarStartsItsJob(String name) throws IOException {
    try (JarFile jar = open(name)) {
      String job = name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1) + "Job";
      assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
          .isEqualTo("storyloom.jobs." + job);
      assertThat(jar.getEntry("storyloom/jobs/" + job + ".class")).isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "generate", "evaluate"})
  void jarHoldsNothingThatSparkBrings(String name) throws IOException {
    try (JarFile jar = open(name)) {
      assertThat(names(jar))
          .filteredOn(SPARK_BRINGS.asMatchPredicate())
          .allMatch(entry -> entry.startsWith(SHIM_OF_DL4J));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "generate", "evaluate"})
  void jarHoldsEachEntryOnceAndNoSignatureOrModuleOfAnotherJar(String name) throws IOException {
    try (JarFile jar = open(name)) {
      assertThat(names(jar)).doesNotHaveDuplicates();
      assertThat(names(jar)).filteredOn(LEFT_OUT.asMatchPredicate()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "generate", "evaluate"})
  void everyProviderThatAServiceFileNamesIsThere(String name) throws IOException {
    try (JarFile jar = open(name)) {
      List<String> services =
          names(jar).stream().filter(entry -> entry.startsWith(SERVICES)).toList();
      assertThat(services).contains(SERVICES + "org.nd4j.linalg.factory.Nd4jBackend");
      for (String service : services) {
        for (String provider : providers(jar, service)) {
          assertThat(jar.getEntry(provider.replace('.', '/') + ".class"))
              .as("%s of %s", provider, service)
              .isNotNull();
        }
      }
    }
  }

  private static JarFile open(String name) throws IOException {
    return new JarFile(Path.of(name + ".jar").toFile());
  }

  private static List<String> names(JarFile jar) {
    return jar.stream().map(ZipEntry::getName).toList();
  }

  private static List<String> providers(JarFile jar, String service) throws IOException {
    try (InputStream in = jar.getInputStream(jar.getEntry(service))) {
      return new String(in.readAllBytes(), UTF_8)
          .lines()
          .map(line -> line.replaceFirst("#.*", "").strip())
          .filter(line -> !line.isEmpty())
          .toList();
    }
  }
}
