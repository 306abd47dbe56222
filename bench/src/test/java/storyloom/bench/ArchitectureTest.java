package storyloom.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Benchmarks stand on everything else, and nothing stands on them. */
@AnalyzeClasses(packages = "storyloom", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {

  @ArchTest
  static final ArchRule nothingKnowsTheBenchmarks =
      noClasses()
          .that()
          .resideOutsideOfPackage("storyloom.bench..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("storyloom.bench..");

  @ArchTest
  static final ArchRule kernelsAreMeasuredAlone =
      noClasses()
          .that()
          .resideInAPackage("storyloom.bench.kernel..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.spark..", "storyloom.pipeline..", "storyloom.jobs..");

  @ArchTest
  static final ArchRule noPackageReachesItself =
      slices().matching("storyloom.(**)").should().beFreeOfCycles();
}
