package storyloom.jobs.report;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import storyloom.model.UserException;
import storyloom.model.files.HadoopFiles;

/** Where an evaluation leaves its files: a folder below {@code runs/}, named by the time. */
public final class EvaluationFolder {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Path folder;
  private final FileSystem files;

  /**
   * @param home any Hadoop URI; the folder is made with its first file
   */
  public EvaluationFolder(String home, Configuration configuration) {
    folder = new Path(home, "runs/evaluate-" + TIME.format(Instant.now()));
    files = HadoopFiles.of(folder, configuration);
  }

  /**
   * Writes a file.
   *
   * @return where it lies
   * @throws UserException of data if it cannot be written
   */
  Path write(String name, byte[] content) {
    Path file = new Path(folder, name);
    try {
      HadoopFiles.write(files, file, true, out -> out.write(content));
      return file;
    } catch (IOException e) {
      throw UserException.data("cannot write %s: %s".formatted(file, e.getMessage()), e);
    }
  }
}
