package storyloom.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import storyloom.model.settings.Settings;

/** The options that all jobs have. */
final class CommonOptions {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings that replace the defaults: HOCON or JSON, any Hadoop URI.")
  private String config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One setting, such as train.epochs=3; goes before --config. Repeatable.")
  private List<String> assignments = new ArrayList<>();

  @Option(
      names = "--shared-files",
      description = "Paths of the local file system are the same files on all hosts.")
  private boolean sharedFiles;

  /** The defaults, the file over them, single settings over both. */
  Settings settings() {
    return Settings.load(Optional.ofNullable(config), assignments);
  }

  /** Whether local paths may be used by executors on other hosts. */
  boolean sharedFiles() {
    return sharedFiles;
  }
}
