package storyloom.jobs;

import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import storyloom.jobs.cli.CommandRunner;
import storyloom.jobs.cli.CommonOptions;
import storyloom.jobs.cli.Console;
import storyloom.jobs.cluster.ClusterSession;
import storyloom.jobs.models.Housekeeping;
import storyloom.jobs.models.ModelListing;
import storyloom.jobs.train.Reproduction;
import storyloom.model.ExitStatus;
import storyloom.model.files.HadoopFiles;
import storyloom.model.registry.HomeLock;
import storyloom.model.registry.Registry;
import storyloom.model.settings.Settings;

/** {@code bin/models}: shows the models below home, and says which of them is to be used. */
@Command(
    name = "bin/models",
    description = "Shows the models below home, and says which of them is the current one.")
public final class ModelsCommand implements Callable<Integer> {

  private static final String VERSION = "VERSION";

  @Mixin private CommonOptions options;

  private ModelsCommand() {}

  /** Runs the command and ends the process with its exit status. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs the command; gives its exit status. */
  static int run(String... args) {
    return CommandRunner.run(new ModelsCommand(), args).status();
  }

  /** Without a sub-command the models are listed. */
  @Override
  public Integer call() {
    return list();
  }

  @Command(name = "list", description = "Lists all models, the newest first.")
  int list() {
    Configuration hadoop = HadoopFiles.configuration();
    new ModelListing(registry(options.settings(), hadoop), hadoop).lines().forEach(Console::say);
    return ExitStatus.DONE;
  }

  @Command(name = "show", description = "Shows where a model comes from and how good it is.")
  int show(
      @Parameters(paramLabel = VERSION, description = "Its version, as list shows it.")
          String version) {
    Configuration hadoop = HadoopFiles.configuration();
    Registry registry = registry(options.settings(), hadoop);
    registry.require(version);
    new ModelListing(registry, hadoop).details(version).forEach(Console::say);
    return ExitStatus.DONE;
  }

  @Command(name = "promote", description = "Makes a model the current one, whatever its state.")
  int promote(
      @Parameters(paramLabel = VERSION, description = "Its version, as list shows it.")
          String version) {
    registry(options.settings(), HadoopFiles.configuration()).promote(version);
    Console.say("%s is the current model now", version);
    return ExitStatus.DONE;
  }

  @Command(
      name = "rollback",
      description = "Makes the model before the current one current again, and refuses the latter.")
  int rollback() {
    Console.say(
        "%s is the current model again",
        registry(options.settings(), HadoopFiles.configuration()).rollback());
    return ExitStatus.DONE;
  }

  @Command(
      name = "prune",
      description = {
        "Removes what is more than registry.keep-promoted, registry.keep-refused and"
            + " registry.keep-checkpoints say, and what killed runs and searches have left.",
        "Never the current model, nor the one before."
      })
  int prune() {
    Settings settings = options.settings();
    Configuration hadoop = HadoopFiles.configuration();
    try (HomeLock lock = Housekeeping.lock(settings, hadoop)) {
      Housekeeping housekeeping = new Housekeeping(settings, hadoop);
      List<String> removed = housekeeping.prune();
      removed.forEach(each -> Console.say("removed %s", each));
      Console.say(housekeeping.diskUse());
    }
    return ExitStatus.DONE;
  }

  @Command(
      name = "reproduce",
      description = {
        "Trains a model once more from the parent, the corpus and the settings that it names, and compares the weights.",
        "They are the same on the same kind of processor; status 1 if they are not."
      })
  int reproduce(
      @Parameters(paramLabel = VERSION, description = "Its version, as list shows it.")
          String version) {
    Settings settings = options.settings();
    try (ClusterSession cluster = ClusterSession.start("storyloom reproduce " + version);
        HomeLock lock = Housekeeping.lock(settings, cluster.hadoop())) {
      List<String> differences =
          new Reproduction(cluster, registry(settings, cluster.hadoop()), settings)
              .differences(version);
      differences.forEach(Console::say);
      Console.say(
          differences.isEmpty()
              ? "%s was reproduced: all weights are the same".formatted(version)
              : "%s was not reproduced".formatted(version));
      return differences.isEmpty() ? ExitStatus.DONE : ExitStatus.FAILED;
    }
  }

  private static Registry registry(Settings settings, Configuration hadoop) {
    return new Registry(settings.text("home"), hadoop);
  }
}
