package storyloom.pipeline.generate;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import storyloom.model.UserException;
import storyloom.model.files.HadoopFiles;
import storyloom.model.registry.Registry;

/**
 * Where a model is looked for: in a folder of its own, or in the one that a registry says is the
 * current one.
 *
 * @param name a bundle's directory, or {@code <home>/models/current}; any Hadoop URI
 */
public record BundlePlace(String name) {

  private static final String MODELS = "models";
  private static final String CURRENT = "current";

  /**
   * @throws UserException of usage if that is no path
   */
  public BundlePlace {
    try {
      new Path(name);
    } catch (IllegalArgumentException e) {
      throw UserException.usage(
          "bundle must be a path or a URI, not \"%s\": %s".formatted(name, e.getMessage()), e);
    }
  }

  /** Whether the name is that of a registry's current model, whichever that is. */
  public boolean followsRegistry() {
    Path path = new Path(name);
    return path.getName().equals(CURRENT)
        && path.getParent() != null
        && path.getParent().getName().equals(MODELS);
  }

  /**
   * The bundle's directory now, with scheme and absolute path.
   *
   * @throws UserException of data if a registry is followed that has no current model
   */
  public Path directory(Configuration configuration) {
    Path path = new Path(name);
    if (followsRegistry()) {
      Path home = HadoopFiles.of(path, configuration).makeQualified(path).getParent().getParent();
      Registry registry = new Registry(home.toString(), configuration);
      return registry
          .current()
          .map(registry::modelDir)
          .orElseThrow(
              () ->
                  UserException.data(
                      "%s names no model: promote one, or set bundle to the folder of one"
                          .formatted(path)));
    }
    return HadoopFiles.of(path, configuration).makeQualified(path);
  }
}
