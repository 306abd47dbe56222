package storyloom.jobs.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import storyloom.model.settings.Settings;

/** The options by which every command takes its settings; before or behind its sub-command. */
public final class CommonOptions {

  @Option(
      names = "--config",
      scope = ScopeType.INHERIT,
      paramLabel = "FILE",
      description = "Settings that replace the defaults: HOCON or JSON, any Hadoop URI.")
  private String config;

  @Option(
      names = "--set",
      scope = ScopeType.INHERIT,
      paramLabel = "KEY=VALUE",
      description = "One setting, such as train.epochs=3; goes before --config. Repeatable.")
  private List<String> assignments = new ArrayList<>();

  /** The defaults, the file over them, single settings over both. */
  public Settings settings() {
    return Settings.load(Optional.ofNullable(config), assignments);
  }

  /** What commands take besides whose executors may run on other hosts. */
  public static final class OfJob {

    @Mixin private CommonOptions common;

    @Option(
        names = "--shared-files",
        description = "Paths of the local file system are the same files on all hosts.")
    private boolean sharedFiles;

    /** The defaults, the file over them, single settings over both. */
    public Settings settings() {
      return common.settings();
    }

    /** Whether local paths may be used by executors on other hosts. */
    public boolean sharedFiles() {
      return sharedFiles;
    }
  }
}
