package storyloom.jobs;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import storyloom.jobs.cli.CommandRunner;
import storyloom.jobs.cli.CommonOptions;
import storyloom.jobs.cli.Console;
import storyloom.model.ExitStatus;
import storyloom.model.UserException;
import storyloom.model.settings.Settings;

/** Prints the value of a setting, for the scripts in {@code bin/}. */
@Command(name = "SettingCommand", description = "Prints the value of a setting.")
public final class SettingCommand implements Callable<Integer> {

  @Parameters(paramLabel = "KEY", description = "Such as train.epochs.")
  private String key;

  @Mixin private CommonOptions options;

  private SettingCommand() {}

  /** Runs the command and ends the process with its exit status. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs the command; gives its exit status. */
  static int run(String... args) {
    return CommandRunner.run(new SettingCommand(), args).status();
  }

  @Override
  public Integer call() {
    Settings settings = options.settings();
    String value = settings.all().get(key);
    if (value == null) {
      throw UserException.usage("there is no setting " + key);
    }
    Console.say(value);
    return ExitStatus.DONE;
  }
}
