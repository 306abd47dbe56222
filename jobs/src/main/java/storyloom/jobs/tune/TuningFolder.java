package storyloom.jobs.tune;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import storyloom.jobs.run.CorpusOwner;
import storyloom.jobs.run.RunName;
import storyloom.model.UserException;
import storyloom.model.files.HadoopFiles;
import storyloom.model.registry.HomeSweep;

/**
 * A search's places below home, {@code tunings/<tuning>/}:
 *
 * <pre>
 *   trials.jsonl    {@link TrialRecord}
 *   checkpoints/    trial-00000/ and so on, of the trials that may still be needed
 *   best.conf       what the best trial was trained with
 *   report.html     all of it, for people
 *   cleaning.*      how the corpus was cleaned
 * </pre>
 */
public final class TuningFolder implements CorpusOwner {

  private static final String CHECKPOINTS = "checkpoints";

  private final Path folder;
  private final Configuration configuration;
  private final Set<String> corpora = new HashSet<>();

  private TuningFolder(Path folder, Configuration configuration) {
    this.folder = folder;
    this.configuration = configuration;
  }

  private static Path tunings(String home, Configuration configuration) {
    Path named = new Path(home, "tunings");
    return HadoopFiles.of(named, configuration).makeQualified(named);
  }

  /** A new one, which is not made before something is written into it. */
  public static TuningFolder next(String home, Configuration configuration) {
    return new TuningFolder(new Path(tunings(home, configuration), RunName.next()), configuration);
  }

  /**
   * The newest one that is not done.
   *
   * @throws UserException of data if home cannot be read
   */
  public static Optional<TuningFolder> newestUnfinished(String home, Configuration configuration) {
    Path tunings = tunings(home, configuration);
    FileSystem files = HadoopFiles.of(tunings, configuration);
    try {
      return Arrays.stream(files.listStatus(tunings))
          .filter(FileStatus::isDirectory)
          .map(FileStatus::getPath)
          .filter(path -> RunName.is(path.getName()))
          .sorted(Comparator.comparing(Path::getName).reversed())
          .map(path -> new TuningFolder(path, configuration))
          .filter(each -> TrialRecord.isUnfinished(each.record(), configuration))
          .findFirst();
    } catch (FileNotFoundException none) {
      return Optional.empty();
    } catch (IOException e) {
      throw UserException.data("cannot read %s: %s".formatted(tunings, e.getMessage()), e);
    }
  }

  /** When it began and a random number. */
  public String name() {
    return folder.getName();
  }

  /** What was begun and what came of it. */
  public Path record() {
    return new Path(folder, "trials.jsonl");
  }

  /** Folder of the trials' checkpoints. */
  public Path checkpoints() {
    return new Path(folder, CHECKPOINTS);
  }

  /** What the best trial was trained with, as a configuration file. */
  public Path best() {
    return new Path(folder, "best.conf");
  }

  /** The page for people. */
  public Path report() {
    return new Path(folder, "report.html");
  }

  @Override
  public void need(String name, String own) {
    corpora.add(name);
  }

  /** The prepared corpora that are needed until this process ends. */
  public Set<String> corpora() {
    return Set.copyOf(corpora);
  }

  @Override
  public Path reports() {
    return folder;
  }

  /**
   * Writes one of the files above, over what stands there.
   *
   * @throws UserException of data if it cannot be written
   */
  public void write(Path file, String text) {
    try {
      HadoopFiles.write(
          HadoopFiles.of(file, configuration), file, true, out -> out.write(text.getBytes(UTF_8)));
    } catch (IOException e) {
      throw UserException.data("cannot write %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** Removes all checkpoints. */
  public void removeCheckpoints() {
    new HomeSweep(folder, configuration).remove(CHECKPOINTS);
  }
}
