package storyloom.serve;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The service stands on the model alone. */
@AnalyzeClasses(packages = "storyloom", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {

  @ArchTest
  static final ArchRule serviceKnowsNoSparkAndNoTraining =
      noClasses()
          .that()
          .resideInAPackage("storyloom.serve..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.spark..", "scala..", "storyloom.pipeline..", "storyloom.jobs..");

  @ArchTest
  static final ArchRule modelKnowsNoService =
      noClasses()
          .that()
          .resideInAPackage("storyloom.model..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("storyloom.serve..");

  /** Layers are for training, rules of cleaning for corpora. */
  @ArchTest
  static final ArchRule serviceUsesOfModelWhatIsForOthers =
      noClasses()
          .that()
          .resideInAPackage("storyloom.serve..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("storyloom.model.nn.layer..", "storyloom.model.text.clean..");

  @ArchTest
  static final ArchRule storiesKnowNoHttp =
      noClasses()
          .that()
          .resideInAPackage("storyloom.serve.story..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("storyloom.serve.http..", "io.javalin..", "org.eclipse.jetty..");

  @ArchTest
  static final ArchRule noPackageReachesItself =
      slices().matching("storyloom.(**)").should().beFreeOfCycles();
}
