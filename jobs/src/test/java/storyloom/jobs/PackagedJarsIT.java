package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import storyloom.model.fixture.JarBill;
import storyloom.model.fixture.JarLicences;
import storyloom.model.fixture.PackagedJar;

/** The jars that spark-submit takes, as {@code mvn package} left them beside this module's POM. */
final class PackagedJarsIT {

  private static final Pattern SPARK_BRINGS =
      Pattern.compile("(org/apache/(spark|hadoop|logging)|org/slf4j|scala)/.*");

  /** dl4j-spark keeps this class in Spark's package to reach what is private there. */
  private static final String SHIM_OF_DL4J = "org/apache/spark/TaskContextHelper";

  private static PackagedJar open(String name) throws IOException {
    return new PackagedJar(Path.of(name + ".jar"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "generate", "evaluate", "tune"})
  void jarStartsItsJob(String name) throws IOException {
    try (PackagedJar jar = open(name)) {
      String job = name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1) + "Job";
      assertThat(jar.mainClass()).isEqualTo("storyloom.jobs." + job);
      assertThat(jar.names()).contains("storyloom/jobs/" + job + ".class");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "generate", "evaluate", "tune"})
  void jarHoldsNothingThatSparkBrings(String name) throws IOException {
    try (PackagedJar jar = open(name)) {
      assertThat(jar.names())
          .filteredOn(SPARK_BRINGS.asMatchPredicate())
          .allMatch(entry -> entry.startsWith(SHIM_OF_DL4J));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "generate", "evaluate", "tune"})
  void jarHoldsEachEntryOnceAndNoSignatureOrModuleOfAnotherJar(String name) throws IOException {
    try (PackagedJar jar = open(name)) {
      assertThat(jar.names()).doesNotHaveDuplicates();
      assertThat(jar.leftovers()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "generate", "evaluate", "tune"})
  void everyProviderThatAServiceFileNamesIsThere(String name) throws IOException {
    try (PackagedJar jar = open(name)) {
      assertThat(jar.services()).contains("META-INF/services/org.nd4j.linalg.factory.Nd4jBackend");
      assertThat(jar.missingProviders()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "generate", "evaluate", "tune"})
  void jarKeepsTheLicencesOfAllThatItBundles(String name) throws IOException {
    try (JarLicences licences = new JarLicences(Path.of(name + ".jar"))) {
      assertThat(licences.own("LICENSE")).isEqualTo(Files.readString(Path.of("../LICENSE")));
      assertThat(licences.own("NOTICE")).isEqualTo(Files.readString(Path.of("../NOTICE")));
      assertThat(licences.bundled()).hasSizeGreaterThan(20);
      assertThat(licences.index()).containsKeys(licences.bundled().toArray(String[]::new));
      assertThat(licences.index().values()).doesNotContain("", "none");
      assertThat(licences.lost()).isEmpty();
    }
  }

  @Test
  void theBillOfMaterialsNamesAllThatTheJarsBundle() throws IOException {
    JarBill bill = JarBill.read(Path.of("spark-jars.cdx.json"));

    assertThat(bill.format()).isEqualTo("CycloneDX 1.6");
    assertThat(bill.libraries()).doesNotHaveDuplicates();
    assertThat(bill.licences()).doesNotContain("", "none");
    assertThat(bill.libraries()).anyMatch(one -> one.startsWith("pkg:maven/com.ibm.icu/icu4j@"));
    try (JarLicences licences = new JarLicences(Path.of("train.jar"))) {
      assertThat(bill.files()).containsAll(licences.bundled());
    }
  }
}
