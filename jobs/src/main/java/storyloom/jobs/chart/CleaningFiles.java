package storyloom.jobs.chart;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import storyloom.model.UserException;
import storyloom.model.files.ChecksummedDirectory;
import storyloom.model.files.HadoopFiles;
import storyloom.pipeline.corpus.report.CleaningReport;

/**
 * Puts a cleaning report into the folder of a run: {@code cleaning.json}, its twenty pairs as
 * {@code cleaning.txt}, and {@code cleaning.png}.
 */
public final class CleaningFiles {

  /** The report, for programs. */
  public static final String JSON = "cleaning.json";

  /** The report as a picture; missing if this machine cannot draw. */
  private static final String PICTURE = "cleaning.png";

  private static final String PAIRS = "cleaning.txt";

  private CleaningFiles() {}

  /**
   * Writes the files; those of an earlier state of the report are replaced.
   *
   * @param folder the run's, any Hadoop URI; made if need be
   * @throws UserException of data if a file cannot be written
   */
  public static void write(CleaningReport report, Path folder, Configuration configuration) {
    write(new Path(folder, JSON), report.json().getBytes(UTF_8), configuration);
    write(new Path(folder, PAIRS), report.pairsText().getBytes(UTF_8), configuration);
    Picture.drawn("the cleaning report", () -> CleaningChart.png(report))
        .ifPresent(png -> write(new Path(folder, PICTURE), png, configuration));
  }

  /** Keeps a report with the corpus that it is about, for {@link #copy}. */
  public static void write(CleaningReport report, ChecksummedDirectory.Writer corpus) {
    corpus.write(JSON, out -> out.write(report.json().getBytes(UTF_8)));
  }

  /**
   * Puts the report that is kept with a corpus into the folder of a run.
   *
   * @throws UserException of data if it cannot be read, or not be written
   */
  public static void copy(Path corpus, Path folder, Configuration configuration) {
    Path file = new Path(corpus, JSON);
    try (InputStream in = HadoopFiles.of(file, configuration).open(file)) {
      String json = new String(in.readAllBytes(), UTF_8);
      write(CleaningReport.read(json, file.toString()), folder, configuration);
    } catch (IOException e) {
      throw UserException.data("cannot read %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static void write(Path file, byte[] content, Configuration configuration) {
    FileSystem files = HadoopFiles.of(file, configuration);
    try {
      HadoopFiles.write(files, file, true, out -> out.write(content));
    } catch (IOException e) {
      throw UserException.data("cannot write %s: %s".formatted(file, e.getMessage()), e);
    }
  }
}
