package storyloom.jobs.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import storyloom.model.settings.Settings;

/** The options that all jobs have. */
public final class CommonOptions {

  @Mixin private SettingOptions settings;

  @Option(
      names = "--shared-files",
      description = "Paths of the local file system are the same files on all hosts.")
  private boolean sharedFiles;

  /** The defaults, the file over them, single settings over both. */
  public Settings settings() {
    return settings.settings();
  }

  /** Whether local paths may be used by executors on other hosts. */
  public boolean sharedFiles() {
    return sharedFiles;
  }
}
