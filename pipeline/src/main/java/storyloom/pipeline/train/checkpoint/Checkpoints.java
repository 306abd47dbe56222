package storyloom.pipeline.train.checkpoint;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import storyloom.model.UserException;
import storyloom.model.files.ChecksummedDirectory;
import storyloom.model.files.HadoopFiles;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.settings.Settings;
import storyloom.pipeline.train.average.OuterOptimizer;
import storyloom.pipeline.train.plan.TrainingPosition;
import storyloom.pipeline.train.plan.TrainingProgress.EpochReport;

/**
 * The checkpoints of one training: directories named {@code <epoch>-<round>}, both counted from 0
 * and padded with zeros, so that their order is that of their names. The newest ones stay, and the
 * one at the end of the best epoch.
 */
public final class Checkpoints {

  /**
   * When a training is saved, besides at its start and after each epoch.
   *
   * @param rounds after so many; 0 for any number
   * @param minutes after the first round that ends so long after the last checkpoint; 0 for any
   *     time
   * @param kept how many checkpoints stay, the newest ones
   */
  public record Schedule(int rounds, double minutes, int kept) {

    /**
     * @throws IllegalArgumentException if none would stay
     */
    public Schedule {
      if (kept < 1) {
        throw new IllegalArgumentException(
            "train.checkpoints-kept must be at least 1, not " + kept);
      }
    }

    /** What the settings say. */
    public static Schedule of(Settings settings) {
      return new Schedule(
          settings.integer("train.checkpoint-rounds"),
          settings.number("train.checkpoint-minutes"),
          settings.integer("train.checkpoints-kept"));
    }

    /** Whether it is time, so long after the last one. */
    boolean isDue(int roundsSince, double secondsSince) {
      return (rounds > 0 && roundsSince >= rounds)
          || (minutes > 0 && secondsSince >= minutes * SECONDS_A_MINUTE);
    }
  }

  private static final double SECONDS_A_MINUTE = 60;
  private static final Pattern NAME = Pattern.compile("\\d{5}-\\d{8}");

  private final Path folder;
  private final Configuration configuration;
  private final FileSystem files;
  private final Schedule schedule;
  private final Checkpoint.Metadata metadata;

  private Runnable before = () -> {};
  private int roundsSince;
  private long lastNanos = System.nanoTime();

  /**
   * @param folder where they lie, or will
   * @param schedule when to save, and how many to keep
   * @param metadata what each says besides its numbers
   */
  public Checkpoints(
      Path folder, Configuration configuration, Schedule schedule, Checkpoint.Metadata metadata) {
    this.folder = folder;
    this.configuration = configuration;
    this.files = HadoopFiles.of(folder, configuration);
    this.schedule = schedule;
    this.metadata = metadata;
  }

  /** Besides does this before each that is written: what a checkpoint is behind must stay. */
  public Checkpoints andBefore(Runnable action) {
    before = action;
    return this;
  }

  /**
   * Saves a training if it is time, to be called after each round.
   *
   * @throws UserException if it cannot be written; the checkpoints so far are left as they are
   */
  public void roundDone(Seq2SeqGraph model, OuterOptimizer outer, TrainingPosition position) {
    roundsSince++;
    if (schedule.isDue(roundsSince, (System.nanoTime() - lastNanos) / 1e9)) {
      save(model, outer, position);
    }
  }

  /**
   * Saves a training, unless that was the last thing done.
   *
   * @throws UserException if it cannot be written; the checkpoints so far are left as they are
   */
  public void save(Seq2SeqGraph model, OuterOptimizer outer, TrainingPosition position) {
    String name = name(position.epoch(), position.round());
    if (!isWhole(name)) {
      remove(name);
      before.run();
      Checkpoint.write(folder, name, configuration, metadata, model, outer, position);
      prune(name, position);
    }
    roundsSince = 0;
    lastNanos = System.nanoTime();
  }

  private static String name(int epoch, int round) {
    return "%05d-%08d".formatted(epoch, round);
  }

  /** The one in which an epoch has just ended. */
  private static String name(EpochReport epoch) {
    return name(epoch.epoch() + 1, 0);
  }

  private boolean isWhole(String name) {
    if (!names(folder, files).contains(name)) {
      return false;
    }
    try {
      ChecksummedDirectory.open(new Path(folder, name), configuration).verify();
      return true;
    } catch (UserException damaged) {
      return false;
    }
  }

  /**
   * Removes old ones, those that a killed process has left unfinished, and those behind the newest:
   * they are damaged, else the training would not have been resumed from before them.
   */
  private void prune(String newest, TrainingPosition position) {
    List<String> names = names(folder, files);
    int end = names.indexOf(newest) + 1;
    Optional<String> best = position.best().map(Checkpoints::name);
    names(folder, files, ChecksummedDirectory.Writer::isUnfinished).forEach(this::remove);
    names.subList(end, names.size()).forEach(this::remove);
    names.subList(0, Math.max(0, end - schedule.kept())).stream()
        .filter(old -> !best.equals(Optional.of(old)))
        .forEach(this::remove);
  }

  private void remove(String name) {
    Path checkpoint = new Path(folder, name);
    try {
      files.delete(checkpoint, true);
    } catch (IOException e) {
      throw UserException.data("cannot remove " + checkpoint + ": " + e.getMessage(), e);
    }
  }

  /** The newest one's directory; empty before the first. */
  public Optional<Path> newest() {
    return names(folder, files).stream()
        .max(Comparator.naturalOrder())
        .map(name -> new Path(folder, name));
  }

  /** Reads the weights that an epoch ended with. */
  public Checkpoint readEnd(EpochReport epoch) {
    return Checkpoint.read(end(epoch), configuration);
  }

  /** Where the weights lie that an epoch ended with. */
  public Path end(EpochReport epoch) {
    return end(folder, epoch.epoch());
  }

  /**
   * The same, of the checkpoints in a folder.
   *
   * @param epoch counted from 0
   */
  public static Path end(Path folder, int epoch) {
    return new Path(folder, name(epoch + 1, 0));
  }

  /**
   * Reads the newest checkpoint in a folder that is not damaged.
   *
   * @param warnings hears, in one line each, of newer ones that are
   * @return empty if there is no checkpoint
   * @throws UserException of data if all are damaged; that of the newest
   */
  public static Optional<Checkpoint> readNewest(
      Path folder, Configuration configuration, Consumer<String> warnings) {
    List<String> names = names(folder, HadoopFiles.of(folder, configuration));
    UserException first = null;
    for (int i = names.size() - 1; i >= 0; i--) {
      try {
        return Optional.of(Checkpoint.read(new Path(folder, names.get(i)), configuration));
      } catch (UserException damaged) {
        warnings.accept(damaged.getMessage());
        first = first == null ? damaged : first;
      }
    }
    if (first != null) {
      throw first;
    }
    return Optional.empty();
  }

  private static List<String> names(Path folder, FileSystem files) {
    return names(folder, files, NAME.asMatchPredicate());
  }

  private static List<String> names(Path folder, FileSystem files, Predicate<String> wanted) {
    try {
      return Arrays.stream(files.listStatus(folder))
          .filter(FileStatus::isDirectory)
          .map(status -> status.getPath().getName())
          .filter(wanted)
          .sorted()
          .toList();
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw UserException.data("cannot read " + folder + ": " + e.getMessage(), e);
    }
  }
}
