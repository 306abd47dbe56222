package storyloom.jobs.models;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import storyloom.jobs.cli.Console;
import storyloom.jobs.run.PreparedStore;
import storyloom.jobs.run.TrainingRun;
import storyloom.jobs.train.TrainingSummary;
import storyloom.jobs.tune.TuningFolder;
import storyloom.model.registry.HomeLock;
import storyloom.model.registry.HomeSweep;
import storyloom.model.registry.Registry;
import storyloom.model.registry.Retention;
import storyloom.model.settings.Settings;

/** Keeps home from filling up. To be used under its lock. */
public final class Housekeeping {

  private static final Pattern DRAFT = Pattern.compile("_.+-draft-[0-9a-f-]{36}");
  private static final String RUNS = "runs";
  private static final List<String> FOLDERS =
      List.of("models", "checkpoints", "prepared", RUNS, "tunings");
  private static final double MILLIS = 60_000;

  private final Settings settings;
  private final Configuration configuration;
  private final String home;

  /** Works on the home that the settings name. */
  public Housekeeping(Settings settings, Configuration configuration) {
    this.settings = settings;
    this.configuration = configuration;
    this.home = settings.text("home");
  }

  /**
   * Takes the lock of home, and says so if it breaks one.
   *
   * @throws storyloom.model.UserException locked if another run holds it
   */
  public static HomeLock lock(Settings settings, Configuration configuration) {
    Duration silence =
        Duration.ofMillis(Math.round(settings.number("registry.lock-minutes") * MILLIS));
    return HomeLock.take(settings.text("home"), configuration, silence, Console::warn);
  }

  /**
   * Removes what killed processes have left, and trainings, checkpoints of searches, models and
   * reports that are too many.
   *
   * @return the versions that were removed
   * @throws storyloom.model.UserException of data if something cannot be removed
   */
  public List<String> prune() {
    int unfinished = settings.integer("registry.keep-checkpoints");
    TrainingRun.clear(home, configuration, unfinished);
    TuningFolder.clear(home, configuration, unfinished)
        .forEach(name -> Console.remark("removed the checkpoints of the tuning " + name));
    sweep("prepared").removeLeftovers();
    removeOldDrafts();
    removeOldReports();
    return new Retention(
            settings.integer("registry.keep-promoted"), settings.integer("registry.keep-refused"))
        .prune(new Registry(home, configuration), configuration);
  }

  /** Stories may be written to home without its lock, but not for days. */
  private void removeOldDrafts() {
    HomeSweep sweep = new HomeSweep(new Path(home), configuration);
    for (FileStatus each : sweep.list()) {
      String name = each.getPath().getName();
      if (DRAFT.matcher(name).matches() && PreparedStore.isOld(each)) {
        sweep.remove(name);
      }
    }
  }

  /** Of the oldest runs only the summary stays, which the trend is drawn from. */
  private void removeOldReports() {
    int kept = settings.integer("registry.keep-reports");
    sweep(RUNS).list().stream()
        .filter(FileStatus::isDirectory)
        .map(FileStatus::getPath)
        .sorted(Comparator.comparing(Path::getName, Comparator.reverseOrder()))
        .skip(kept == 0 ? Long.MAX_VALUE : kept)
        .forEach(this::removeReport);
  }

  private void removeReport(Path run) {
    HomeSweep sweep = new HomeSweep(run, configuration);
    List<String> files = sweep.list().stream().map(each -> each.getPath().getName()).toList();
    if (files.contains(TrainingSummary.FILE)) {
      files.stream().filter(name -> !name.equals(TrainingSummary.FILE)).forEach(sweep::remove);
    } else {
      sweep(RUNS).remove(run.getName());
    }
  }

  /** How much home takes, and each of its folders, in one line. */
  public String diskUse() {
    long all = 0;
    List<String> folders = new ArrayList<>();
    for (String folder : FOLDERS) {
      long size = sweep(folder).size();
      all += size;
      folders.add(folder + " " + ModelListing.size(size));
    }
    return "%s takes %s: %s".formatted(home, ModelListing.size(all), String.join(", ", folders));
  }

  private HomeSweep sweep(String folder) {
    return new HomeSweep(new Path(home, folder), configuration);
  }
}
