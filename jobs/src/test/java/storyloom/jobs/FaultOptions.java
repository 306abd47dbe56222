package storyloom.jobs;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Options of spark-submit that let tasks suffer by the plugin of pipeline's tests. */
final class FaultOptions {

  private FaultOptions() {}

  /**
   * Hands the plugin to all JVMs of an application.
   *
   * @param settings {@code longest-delay=100} and the like
   */
  static List<String> of(String... settings) throws IOException {
    Path target = BinCommand.ROOT.resolve("pipeline/target");
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(target, "*-tests.jar")) {
      Stream<String> plugin =
          Stream.of(
              "--jars",
              jars.iterator().next().toString(),
              "--conf",
              "spark.plugins=storyloom.pipeline.fault.FaultPlugin");
      Stream<String> said =
          Stream.of(settings).flatMap(each -> Stream.of("--conf", "spark.faults." + each));
      return Stream.concat(plugin, said).toList();
    }
  }
}
