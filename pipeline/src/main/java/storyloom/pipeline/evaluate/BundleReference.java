package storyloom.pipeline.evaluate;

import java.io.Serializable;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;
import storyloom.model.UserException;
import storyloom.model.bundle.Bundle;
import storyloom.model.bundle.SharedBundle;
import storyloom.model.files.HadoopFiles;

/**
 * Which bundle all tasks of a measure are to use: each JVM reads it by itself.
 *
 * @param directory which all executors reach
 * @param version that was found there at first; another one is refused
 */
record BundleReference(String directory, String version, SerializableConfiguration configuration)
    implements Serializable {

  /**
   * What stands in a directory now.
   *
   * @throws UserException of data if the bundle cannot be used
   */
  static BundleReference of(Path bundle, Configuration configuration) {
    String directory = HadoopFiles.of(bundle, configuration).makeQualified(bundle).toString();
    try (SharedBundle held = SharedBundle.hold(directory, configuration)) {
      return new BundleReference(
          directory, held.bundle().version(), new SerializableConfiguration(configuration));
    }
  }

  /** Holds the bundle open for a while; it is read once in a JVM. */
  <T> T with(Function<Bundle, T> use) {
    try (SharedBundle held = SharedBundle.hold(directory, version, configuration.value())) {
      return use.apply(held.bundle());
    }
  }
}
