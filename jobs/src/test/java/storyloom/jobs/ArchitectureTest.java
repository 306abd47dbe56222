package storyloom.jobs;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import storyloom.model.nn.kernel.NativeLibraries;
import storyloom.model.nn.kernel.OffHeapLimits;

/**
 * Which package may use which: jobs → pipeline → model, and of each module only the packages that
 * are meant for others. Whatever else is public there is public for its own module.
 */
@AnalyzeClasses(packages = "storyloom", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {

  private static final String SOURCES = "src/main/java";
  private static final String PACKAGE_INFO = "package-info.java";
  private static final int MOST_CLASSES = 25;

  /** Packages that cannot be cut without a cycle. */
  private static final Set<String> LARGE =
      Set.of("storyloom/model/nn/kernel", "storyloom/serve/http");

  @ArchTest
  static final ArchRule modelKnowsNoSpark =
      noClasses()
          .that()
          .resideInAPackage("storyloom.model..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.spark..", "scala..");

  @ArchTest
  static final ArchRule modelKnowsNeitherPipelineNorJobs =
      noClasses()
          .that()
          .resideInAPackage("storyloom.model..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("storyloom.pipeline..", "storyloom.jobs..");

  @ArchTest
  static final ArchRule pipelineKnowsNoJobs =
      noClasses()
          .that()
          .resideInAPackage("storyloom.pipeline..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("storyloom.jobs..");

  @ArchTest
  static final ArchRule corpusKnowsNoNetwork =
      noClasses()
          .that()
          .resideInAPackage("storyloom.pipeline.corpus..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.deeplearning4j..", "org.nd4j..");

  /** JavaCPP itself may be used elsewhere too: it is how the bytes of an array are reached. */
  @ArchTest
  static final ArchRule onlyTheKernelsCallNativeLibraries =
      noClasses()
          .that()
          .resideOutsideOfPackage("storyloom.model.nn.kernel..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("org.bytedeco..")
                  .and(resideOutsideOfPackage("org.bytedeco.javacpp..")));

  @ArchTest
  static final ArchRule noPackageReachesItself =
      slices().matching("storyloom.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule pipelineUsesOfModelWhatIsForOthers =
      noClasses()
          .that()
          .resideInAPackage("storyloom.pipeline..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("storyloom.model..")
                  .and(
                      resideOutsideOfPackages(
                          "storyloom.model",
                          "storyloom.model.bundle",
                          "storyloom.model.decode..",
                          "storyloom.model.eval",
                          "storyloom.model.files",
                          "storyloom.model.nn..",
                          "storyloom.model.registry",
                          "storyloom.model.settings",
                          "storyloom.model.text..")));

  /** Layers, kernels and cleaning rules are for pipeline; jobs set memory and threads. */
  @ArchTest
  static final ArchRule jobsUseOfModelWhatIsForOthers =
      noClasses()
          .that()
          .resideInAPackage("storyloom.jobs..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("storyloom.model..")
                  .and(
                      resideOutsideOfPackages(
                          "storyloom.model",
                          "storyloom.model.bundle",
                          "storyloom.model.decode..",
                          "storyloom.model.eval",
                          "storyloom.model.files",
                          "storyloom.model.nn",
                          "storyloom.model.nn.config",
                          "storyloom.model.nn.loss",
                          "storyloom.model.process",
                          "storyloom.model.registry",
                          "storyloom.model.settings",
                          "storyloom.model.text",
                          "storyloom.model.text.token"))
                  .and(not(type(OffHeapLimits.class)))
                  .and(not(type(NativeLibraries.class))));

  /** How workers' weights are averaged and how pairs are cleaned is pipeline's own business. */
  @ArchTest
  static final ArchRule jobsUseOfPipelineWhatIsForOthers =
      noClasses()
          .that()
          .resideInAPackage("storyloom.jobs..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("storyloom.pipeline..")
                  .and(
                      resideOutsideOfPackages(
                          "storyloom.pipeline",
                          "storyloom.pipeline.batch",
                          "storyloom.pipeline.corpus",
                          "storyloom.pipeline.corpus.read",
                          "storyloom.pipeline.corpus.report",
                          "storyloom.pipeline.evaluate",
                          "storyloom.pipeline.generate",
                          "storyloom.pipeline.prepare",
                          "storyloom.pipeline.train",
                          "storyloom.pipeline.train.checkpoint",
                          "storyloom.pipeline.train.plan",
                          "storyloom.pipeline.tune",
                          "storyloom.pipeline.vocabulary")));

  @ArchTest
  static final ArchRule commandsAreUsedByNothing =
      noClasses()
          .that()
          .resideInAPackage("storyloom.jobs.*..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("storyloom.jobs");

  @ArchTest
  static final ArchRule onlyTrackingKnowsMlflow =
      noClasses()
          .that()
          .resideOutsideOfPackage("storyloom.jobs.tracking")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.mlflow..");

  /** Those of all modules, as folders of sources, {@code storyloom/model/nn} and so on. */
  private static Map<String, List<String>> filesByPackage() throws IOException {
    Map<String, List<String>> files = new TreeMap<>();
    try (DirectoryStream<Path> roots =
        Files.newDirectoryStream(Path.of(".."), each -> Files.isDirectory(each.resolve(SOURCES)))) {
      for (Path root : roots) {
        try (Stream<Path> found = Files.walk(root.resolve(SOURCES))) {
          found
              .filter(file -> file.toString().endsWith(".java"))
              .map(root.resolve(SOURCES)::relativize)
              .forEach(
                  file ->
                      files
                          .computeIfAbsent(file.getParent().toString(), name -> new ArrayList<>())
                          .add(file.getFileName().toString()));
        }
      }
    }
    return files;
  }

  @Test
  void packagesAreSmallEnoughToBeLookedThrough() throws IOException {
    Map<String, List<String>> files = filesByPackage();
    assertThat(files).containsKeys("storyloom/jobs/cli", "storyloom/model/nn/kernel");

    files.keySet().removeAll(LARGE);
    assertThat(files)
        .allSatisfy(
            (name, sources) ->
                assertThat(sources.stream().filter(each -> !each.equals(PACKAGE_INFO)).count())
                    .as(name)
                    .isLessThanOrEqualTo(MOST_CLASSES));
  }
}
