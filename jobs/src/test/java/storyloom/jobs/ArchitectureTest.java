package storyloom.jobs;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the rooms of the house: jobs → pipeline → model. */
@AnalyzeClasses(packages = "storyloom", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {

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
}
