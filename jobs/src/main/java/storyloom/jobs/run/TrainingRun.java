package storyloom.jobs.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import storyloom.model.UserException;
import storyloom.model.files.HadoopFiles;
import storyloom.model.registry.HomeSweep;

/**
 * A training's places below home, by its name: {@code checkpoints/<run>/}, which is removed when it
 * is done, and {@code runs/<run>/} for what it reports. A run with a checkpoint that is not done
 * stays, to be resumed; {@code checkpoints/<run>/_prepared} says which prepared corpus it needs,
 * and in a second line what it would call that if it had made it.
 */
public final class TrainingRun implements CorpusOwner, AutoCloseable {

  private static final String CHECKPOINTS = "checkpoints";
  private static final String PREPARED = "_prepared";
  private static final String ATTEMPTS = "_attempts";

  private final String home;
  private final String name;
  private final FileSystem files;
  private boolean done;

  private TrainingRun(String home, String name, Configuration configuration) {
    this.home = home;
    this.name = name;
    this.files = HadoopFiles.of(new Path(home), configuration);
  }

  /**
   * A new run, named by the time and a random number.
   *
   * @param home any Hadoop URI
   * @throws UserException of data if nothing can be written there
   */
  public static TrainingRun create(String home, Configuration configuration) {
    TrainingRun run = new TrainingRun(home, RunName.next(), configuration);
    try {
      if (!run.files.mkdirs(run.checkpoints())) {
        throw new IOException("the folder cannot be made");
      }
      return run;
    } catch (IOException e) {
      throw UserException.data("cannot write " + run.checkpoints() + ": " + e.getMessage(), e);
    }
  }

  /**
   * The newest run that left a checkpoint and is not done; empty if there is none.
   *
   * @throws UserException of data if home cannot be read
   */
  public static Optional<TrainingRun> newestUnfinished(String home, Configuration configuration) {
    return begun(home, configuration).filter(TrainingRun::hasCheckpoint).findFirst();
  }

  /**
   * Removes what nobody will resume: runs that died before their first checkpoint, and those that
   * are too many. To be called under the lock of home, when none is under way.
   *
   * @param kept unfinished runs that stay, the newest ones; 0 for all
   * @throws UserException of data if home cannot be read or something cannot be removed
   */
  public static void clear(String home, Configuration configuration, int kept) {
    int unfinished = 0;
    for (TrainingRun run : begun(home, configuration).toList()) {
      new HomeSweep(run.checkpoints(), configuration).removeLeftovers();
      unfinished += run.hasCheckpoint() ? 1 : 0;
      run.done = kept > 0 && unfinished > kept;
      run.close();
    }
    new HomeSweep(new Path(home, CHECKPOINTS), configuration).removeLeftovers();
  }

  /**
   * The names of the prepared corpora that runs need: those that may be resumed, and those that
   * began less than a day ago and have no checkpoint yet.
   *
   * @throws UserException of data if home cannot be read
   */
  public static Set<String> neededCorpora(String home, Configuration configuration) {
    return begun(home, configuration)
        .filter(run -> run.hasCheckpoint() || !run.isAbandoned())
        .flatMap(run -> run.corpus().stream())
        .collect(Collectors.toSet());
  }

  /** Every run that is not done, the newest first. */
  private static Stream<TrainingRun> begun(String home, Configuration configuration) {
    Path folder = new Path(home, CHECKPOINTS);
    try {
      return Arrays.stream(HadoopFiles.of(folder, configuration).listStatus(folder))
          .filter(FileStatus::isDirectory)
          .map(status -> status.getPath().getName())
          .filter(RunName::is)
          .sorted(Comparator.reverseOrder())
          .map(name -> new TrainingRun(home, name, configuration));
    } catch (FileNotFoundException e) {
      return Stream.empty();
    } catch (IOException e) {
      throw UserException.data("cannot read " + folder + ": " + e.getMessage(), e);
    }
  }

  /** When it began and a random number, such as {@code 20260101T000000-0000000a}. */
  public String name() {
    return name;
  }

  /**
   * Says which prepared corpus this run needs, until it is done.
   *
   * @param name of the prepared corpus
   * @param own the name it would have if this run had made it
   * @throws UserException of data if that cannot be written
   */
  @Override
  public void need(String name, String own) {
    note(PREPARED, name + "\n" + own);
  }

  /**
   * Counts one more attempt to resume this run.
   *
   * @return how many there have been, this one included
   * @throws UserException of data if that cannot be written
   */
  public int attempt() {
    String marks = noted(ATTEMPTS).orElse("") + "x"; // a torn file counts as none
    note(ATTEMPTS, marks);
    return marks.length();
  }

  /** The name of the prepared corpus that this run needs; empty before it has said so. */
  public Optional<String> corpus() {
    return corpusNames().stream().findFirst();
  }

  /** That name, and the one that the corpus would have if this run had made it. */
  public List<String> corpusNames() {
    return noted(PREPARED).orElse("").lines().toList(); // a torn file names none
  }

  private void note(String name, String content) {
    Path file = new Path(checkpoints(), name);
    try {
      HadoopFiles.write(files, file, true, out -> out.write(content.getBytes(UTF_8)));
    } catch (IOException e) {
      throw UserException.data("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  private Optional<String> noted(String name) {
    Path file = new Path(checkpoints(), name);
    try (InputStream in = files.open(file)) {
      return Optional.of(new String(in.readAllBytes(), UTF_8).strip());
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw UserException.data("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private boolean isAbandoned() {
    try {
      return PreparedStore.isOld(files.getFileStatus(checkpoints()));
    } catch (IOException done) {
      return true;
    }
  }

  /** Folder of the checkpoints. */
  public Path checkpoints() {
    return folder(CHECKPOINTS);
  }

  /** Folder of what a run reports, which stays. */
  @Override
  public Path reports() {
    return folder("runs");
  }

  private Path folder(String kind) {
    return files.makeQualified(new Path(new Path(home, kind), name));
  }

  private boolean hasCheckpoint() {
    try {
      return Arrays.stream(files.listStatus(checkpoints()))
          .anyMatch(status -> !status.getPath().getName().startsWith("_"));
    } catch (FileNotFoundException e) {
      return false;
    } catch (IOException e) {
      throw UserException.data("cannot read " + checkpoints() + ": " + e.getMessage(), e);
    }
  }

  /** Nothing is left to resume: its checkpoints may go. */
  public void done() {
    done = true;
  }

  /** Removes what nobody will resume, and the folder around it if nothing else is in there. */
  @Override
  public void close() {
    if (!done && hasCheckpoint()) {
      return;
    }
    Path folder = checkpoints();
    try {
      files.delete(folder, true);
      if (files.exists(folder.getParent()) && files.listStatus(folder.getParent()).length == 0) {
        files.delete(folder.getParent(), false);
      }
    } catch (IOException e) {
      throw UserException.data("cannot remove " + folder + ": " + e.getMessage(), e);
    }
  }
}
