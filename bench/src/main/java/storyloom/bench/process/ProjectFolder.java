package storyloom.bench.process;

import java.nio.file.Path;
import storyloom.model.UserException;

/** The project's own folder, whose commands and jars some benchmarks start. */
public final class ProjectFolder {

  /** {@code bin/bench} says where it lies; tests have a property for it. */
  private static final String VARIABLE = "STORYLOOM_ROOT";

  private static final String PROPERTY = "storyloom.root";

  private ProjectFolder() {}

  /**
   * A file of the project.
   *
   * @param below its name, folder by folder
   * @throws UserException of usage if this process was not started by {@code bin/bench}
   */
  public static Path file(String... below) {
    String root = System.getProperty(PROPERTY, System.getenv(VARIABLE));
    if (root == null) {
      throw UserException.usage(VARIABLE + " is not set: start this by bin/bench");
    }
    return Path.of(root, below);
  }
}
