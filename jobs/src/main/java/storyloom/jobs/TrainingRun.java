package storyloom.jobs;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import storyloom.model.UserException;
import storyloom.model.bundle.RawFiles;

/**
 * A training's places below home, all by its name: {@code prepared/<run>/} for encoded pairs and
 * {@code checkpoints/<run>/}, which are removed when it is done; {@code runs/<run>/} for what it
 * tells. A run with a checkpoint that is not done stays, to be gone on with.
 */
final class TrainingRun implements AutoCloseable {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final Pattern NAME = Pattern.compile("\\d{8}T\\d{6}-[0-9a-f]{8}");
  private static final String PREPARED = "prepared";
  private static final String CHECKPOINTS = "checkpoints";

  private final String home;
  private final String name;
  private final FileSystem files;
  private boolean done;

  private TrainingRun(String home, String name, Configuration configuration) {
    this.home = home;
    this.name = name;
    this.files = RawFiles.of(new Path(home), configuration);
  }

  /**
   * A new run, named by the time and by chance.
   *
   * @param home any Hadoop URI
   * @throws UserException of data if nothing can be written there
   */
  static TrainingRun create(String home, Configuration configuration) {
    String chance = UUID.randomUUID().toString().substring(0, 8);
    TrainingRun run =
        new TrainingRun(home, TIME.format(Instant.now()) + "-" + chance, configuration);
    try {
      if (!run.files.mkdirs(run.prepared())) {
        throw new IOException("the folder cannot be made");
      }
      return run;
    } catch (IOException e) {
      throw UserException.data("cannot write " + run.prepared() + ": " + e.getMessage(), e);
    }
  }

  /**
   * The newest run that left a checkpoint and is not done; empty if there is none.
   *
   * @throws UserException of data if home cannot be read
   */
  static Optional<TrainingRun> newestUnfinished(String home, Configuration configuration) {
    Path folder = new Path(home, CHECKPOINTS);
    try {
      return Arrays.stream(RawFiles.of(folder, configuration).listStatus(folder))
          .filter(FileStatus::isDirectory)
          .map(status -> status.getPath().getName())
          .filter(NAME.asMatchPredicate())
          .sorted(Comparator.reverseOrder())
          .map(name -> new TrainingRun(home, name, configuration))
          .filter(TrainingRun::hasCheckpoint)
          .findFirst();
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw UserException.data("cannot read " + folder + ": " + e.getMessage(), e);
    }
  }

  String name() {
    return name;
  }

  /** Folder of the training split's shards. */
  Path train() {
    return new Path(prepared(), "train");
  }

  /** Folder of the validation split's shards. */
  Path valid() {
    return new Path(prepared(), "valid");
  }

  /** Folder of the checkpoints. */
  Path checkpoints() {
    return folder(CHECKPOINTS);
  }

  /** Folder of what a run tells, which stays. */
  Path told() {
    return folder("runs");
  }

  private Path prepared() {
    return folder(PREPARED);
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

  /** Nothing is left to go on with: its pairs and checkpoints may go. */
  void done() {
    done = true;
  }

  /** Removes what nobody will go on with, and the folders around it if nothing else is in there. */
  @Override
  public void close() {
    if (done || !hasCheckpoint()) {
      remove(prepared());
      remove(checkpoints());
    }
  }

  private void remove(Path folder) {
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
