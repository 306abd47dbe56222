package storyloom.model.registry;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import storyloom.model.OneLine;
import storyloom.model.UserException;
import storyloom.model.files.AtomicFile;
import storyloom.model.files.HadoopFiles;

/**
 * The models below a home directory: {@code models/<version>/} are bundles that never change,
 * {@code models/<version>.json} is what was decided of each, {@code models/current} names the one
 * to use. Readers follow that name and never look for the newest.
 */
public final class Registry {

  /** Names that begin with {@code _} or {@code .} are temporary. */
  private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  private static final String CURRENT = "current";

  private final Configuration configuration;
  private final FileSystem files;
  private final Path models;
  private final AtomicFile current;

  /**
   * @param home any Hadoop URI; {@code .} is the working directory
   * @throws UserException of usage if that is no URI or there is no such file system
   */
  public Registry(String home, Configuration configuration) {
    Path named = new Path(path("home", home), "models");
    this.configuration = configuration;
    this.files = HadoopFiles.of(named, configuration);
    this.models = files.makeQualified(named);
    this.current = new AtomicFile(new Path(models, CURRENT), configuration);
  }

  /** {@code <home>/models}, with scheme and absolute path; need not exist. */
  public Path modelsDir() {
    return models;
  }

  /** The directory of a version; need not exist. */
  public Path modelDir(String version) {
    return new Path(models, version);
  }

  /**
   * Makes a version the current one. Readers see the one before or this one, never anything else.
   *
   * @throws UserException of data if there is no such version or the file cannot be written
   */
  public void promote(String version) {
    require(version);
    try {
      Optional<String> before = current.read().filter(each -> !each.equals(version));
      VersionRecord known = record(version);
      // first, so that whatever is current has a record that tells the one before
      known.promoted(before.orElse(known.before())).write(models, version, configuration);
      current.replace(version);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /**
   * Notes that a version is not to be used.
   *
   * @param reason in one line
   * @throws UserException of data if there is no such version or that cannot be written
   */
  public void refuse(String version, String reason) {
    require(version);
    record(version).refused(reason).write(models, version, configuration);
  }

  /**
   * Notes what was measured of a version; what was decided stays.
   *
   * @throws UserException of data if there is no such version or that cannot be written
   */
  public void measured(String version, SortedMap<String, Double> figures) {
    require(version);
    record(version).with(figures).write(models, version, configuration);
  }

  /**
   * Makes the version current that was current before, and refuses the one that is.
   *
   * @return the version that is current now
   * @throws UserException of data if there is none to go back to
   */
  public String rollback() {
    String left = current().orElseThrow(this::nothingCurrent);
    String back =
        before(left)
            .orElseThrow(
                () ->
                    UserException.data(
                        "there is no model to go back to from %s: make another one current with promote"
                            .formatted(left)));
    try {
      current.replace(back);
    } catch (IOException e) {
      throw unwritable(e);
    }
    refuse(left, "rolled back to " + back);
    return back;
  }

  /** The version that {@link #rollback} goes to from this one; refused ones are passed over. */
  public Optional<String> before(String version) {
    Set<String> seen = new HashSet<>(Set.of(version));
    String each = record(version).before();
    while (each != null && isVersion(each) && seen.add(each)) {
      VersionRecord known = record(each);
      if (known.state() != VersionRecord.State.REFUSED && exists(each)) {
        return Optional.of(each);
      }
      each = known.before();
    }
    return Optional.empty();
  }

  /**
   * What is known of a version besides its bundle; {@link VersionRecord#NONE} if nothing is.
   *
   * @throws UserException of data if that cannot be read
   */
  public VersionRecord record(String version) {
    return VersionRecord.read(models, version, configuration);
  }

  /**
   * The current version; empty before the first promotion.
   *
   * @throws UserException of data if {@code models/current} names a version that does not exist
   */
  public Optional<String> current() {
    try {
      Optional<String> version = current.read();
      if (version.isPresent() && !exists(version.get())) {
        throw UserException.data(
            "%s/%s names the model \"%s\", which is not there: bring it back, or train again"
                .formatted(models, CURRENT, OneLine.of(version.get())));
      }
      return version;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * The directory of the model to use.
   *
   * @param model a version or a directory; empty for the current one
   * @throws UserException of data if there is none
   */
  public Path resolve(Optional<String> model) {
    if (model.isPresent()) {
      return named(model.get());
    }
    return current().map(this::modelDir).orElseThrow(this::nothingCurrent);
  }

  private Path named(String model) {
    try {
      if (exists(model)) {
        return modelDir(model);
      }
      Path directory = path("--model", model);
      FileSystem itsFiles = HadoopFiles.of(directory, configuration);
      if (isDirectory(itsFiles, directory)) {
        return itsFiles.makeQualified(directory);
      }
    } catch (IOException e) {
      throw UserException.data("cannot read " + model + ": " + e.getMessage(), e);
    }
    throw UserException.data(
        "there is no model %s: it is neither a directory nor a version under %s"
            .formatted(OneLine.of(model), models));
  }

  private UserException nothingCurrent() {
    List<String> versions = versions();
    return UserException.data(
        versions.isEmpty()
            ? "there is no model under %s: train one first (spark-submit jobs/train.jar) or name one with --model DIR"
                .formatted(models)
            : "no model under %s is the current one: name one with --model, such as --model %s"
                .formatted(models, versions.get(versions.size() - 1)));
  }

  /** All versions, the oldest first; none if there is no models directory. */
  public List<String> versions() {
    try {
      return Arrays.stream(files.listStatus(models))
          .filter(FileStatus::isDirectory)
          .map(status -> status.getPath().getName())
          .filter(VERSION.asMatchPredicate())
          .sorted()
          .toList();
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * Sees to it that there is a version.
   *
   * @throws UserException of data if there is not
   */
  public void require(String version) {
    if (!exists(version)) {
      throw UserException.data("there is no model " + OneLine.of(version) + " under " + models);
    }
  }

  private boolean exists(String version) {
    try {
      return isVersion(version) && isDirectory(files, modelDir(version));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static boolean isVersion(String name) {
    return VERSION.matcher(name).matches();
  }

  private static boolean isDirectory(FileSystem files, Path path) throws IOException {
    try {
      return files.getFileStatus(path).isDirectory();
    } catch (FileNotFoundException e) {
      return false;
    }
  }

  private static Path path(String name, String value) {
    try {
      return new Path(value);
    } catch (IllegalArgumentException e) {
      throw UserException.usage(
          "%s must be a path or a URI, not \"%s\": %s".formatted(name, value, e.getMessage()), e);
    }
  }

  private UserException unwritable(IOException e) {
    return UserException.data(
        "cannot write %s/%s: %s".formatted(models, CURRENT, e.getMessage()), e);
  }

  private UserException unreadable(IOException e) {
    return UserException.data("cannot read " + models + ": " + e.getMessage(), e);
  }
}
