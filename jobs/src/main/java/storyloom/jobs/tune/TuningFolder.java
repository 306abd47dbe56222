package storyloom.jobs.tune;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
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
    return all(home, configuration).filter(TuningFolder::isUnfinished).findFirst();
  }

  /**
   * Removes the checkpoints that nobody needs: of searches that are done, whose driver died before
   * it could, and of unfinished ones that are too many. All else of them stays, and those can still
   * be resumed; the trials that go on begin again then. To be called under the lock of home, when
   * no search is under way.
   *
   * @param kept unfinished searches that keep theirs, the newest ones; 0 for all
   * @return the names of those that have lost theirs, the newest first
   * @throws UserException of data if home cannot be read or something cannot be removed
   */
  public static List<String> clear(String home, Configuration configuration, int kept) {
    List<TuningFolder> some =
        all(home, configuration).filter(TuningFolder::hasCheckpoints).toList();
    List<TuningFolder> staying =
        some.stream()
            .filter(TuningFolder::isUnfinished)
            .limit(kept == 0 ? Long.MAX_VALUE : kept)
            .toList();
    List<TuningFolder> cleared = some.stream().filter(each -> !staying.contains(each)).toList();
    cleared.forEach(TuningFolder::removeCheckpoints);
    return cleared.stream().map(TuningFolder::name).toList();
  }

  /** Every search of a home, the newest first. */
  private static Stream<TuningFolder> all(String home, Configuration configuration) {
    return new HomeSweep(tunings(home, configuration), configuration)
        .list().stream()
            .filter(FileStatus::isDirectory)
            .map(FileStatus::getPath)
            .filter(path -> RunName.is(path.getName()))
            .sorted(Comparator.comparing(Path::getName).reversed())
            .map(path -> new TuningFolder(path, configuration));
  }

  private boolean isUnfinished() {
    return TrialRecord.isUnfinished(record(), configuration);
  }

  private boolean hasCheckpoints() {
    return !new HomeSweep(checkpoints(), configuration).list().isEmpty();
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
