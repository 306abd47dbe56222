package storyloom.model.registry;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import storyloom.model.UserException;
import storyloom.model.files.AtomicFile;

/** The records of the versions in a folder: {@code <version>.json}, one line each. */
final class VersionRecords {

  private static final String ENDING = ".json";

  private final Path folder;
  private final Configuration configuration;

  VersionRecords(Path folder, Configuration configuration) {
    this.folder = folder;
    this.configuration = configuration;
  }

  /** The version that a file of this name is about; the name itself if it is no record. */
  static String versionOf(String file) {
    return file.endsWith(ENDING) ? file.substring(0, file.length() - ENDING.length()) : file;
  }

  /**
   * What is known of a version; {@link VersionRecord#NONE} if nothing is.
   *
   * @throws UserException of data if that cannot be read
   */
  VersionRecord of(String version) {
    Path file = file(version);
    try {
      return new AtomicFile(file, configuration)
          .read()
          .map(line -> VersionRecord.read(line, file.toString()))
          .orElse(VersionRecord.NONE);
    } catch (IOException e) {
      throw UserException.data("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Replaces what is known of a version.
   *
   * @throws UserException of data if that cannot be written
   */
  void write(String version, VersionRecord known) {
    Path file = file(version);
    try {
      new AtomicFile(file, configuration).replace(known.line());
    } catch (IOException e) {
      throw UserException.data("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  private Path file(String version) {
    return new Path(folder, version + ENDING);
  }
}
