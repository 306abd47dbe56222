package storyloom.serve;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import storyloom.model.ExitStatus;
import storyloom.model.OneLine;
import storyloom.model.UserException;
import storyloom.model.files.HadoopFiles;
import storyloom.model.nn.kernel.NativeLibraries;
import storyloom.model.nn.kernel.OffHeapLimits;
import storyloom.model.process.StopSignals;
import storyloom.model.registry.Registry;
import storyloom.model.settings.Settings;
import storyloom.serve.http.ApiTokens;
import storyloom.serve.http.ServiceSettings;
import storyloom.serve.http.StoryServer;
import storyloom.serve.story.LoggedFailure;
import storyloom.serve.story.ServedModels;
import storyloom.serve.story.StoryWriter.Capacity;

/** Writes stories for whoever asks by HTTP: {@code java -jar jobs/serve.jar}. */
@Command(
    name = "java -jar jobs/serve.jar",
    description =
        "Writes stories for prompts that come by HTTP, with the current model below home.",
    sortOptions = false)
public final class ServeCommand implements Callable<Integer> {

  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

  @Option(names = "--port", paramLabel = "N", description = "Port to listen at; 8080 by default.")
  private String port;

  @Option(names = "--home", paramLabel = "URI", description = "Where models/ stands.")
  private String home;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description =
          "Directory or version of a model; by default the current one, also when it changes.")
  private String model;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings that replace the defaults: HOCON or JSON, any Hadoop URI.")
  private String config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One setting, such as serve.queue=500; goes before --config. Repeatable.")
  private List<String> assignments = new ArrayList<>();

  @Option(names = "--verbose", description = "Show the stack traces of mistakes.")
  private boolean verbose;

  private ServeCommand() {}

  /** Runs the service and ends the process with its exit status. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs the service; gives the exit status. */
  static int run(String... arguments) {
    ServeCommand command = new ServeCommand();
    CommandLine line = new CommandLine(command);
    line.getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help and end.")
                .build())
        .usageMessage()
        .exitCodeListHeading("%nExit status:%n")
        .exitCodeList(
            ExitStatus.help(ExitStatus.DONE, ExitStatus.FAILED, ExitStatus.USAGE, ExitStatus.DATA));
    return line.setParameterExceptionHandler((wrong, given) -> misused(wrong.getMessage()))
        .setExecutionExceptionHandler((thrown, ended, parsed) -> command.failed(thrown))
        .execute(arguments);
  }

  private static int misused(String message) {
    String problem = message.lines().findFirst().orElse("wrong arguments");
    System.err.println("error: " + problem + "; --help lists the options");
    return ExitStatus.USAGE;
  }

  private int failed(Exception thrown) {
    if (verbose || !(thrown instanceof UserException)) {
      LOG.error("the service has failed", LoggedFailure.of(thrown));
    }
    System.err.println(
        "error: "
            + (thrown instanceof UserException
                ? thrown.getMessage()
                : OneLine.of(thrown.toString())));
    return thrown instanceof UserException known ? known.status() : ExitStatus.FAILED;
  }

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = settings();
    OffHeapLimits.ofThisMachine().apply();
    NativeLibraries.require();
    ServiceSettings service = ServiceSettings.of(settings);
    ApiTokens tokens = tokens(settings);
    Configuration hadoop = HadoopFiles.configuration();
    Registry registry = new Registry(settings.text("home"), hadoop);
    CountDownLatch stopped = new CountDownLatch(1);
    try (StopSignals signals = new StopSignals(stopped::countDown);
        ServedModels models =
            new ServedModels(
                registry,
                Optional.ofNullable(model),
                hadoop,
                Capacity.of(settings),
                service.decoding());
        StoryServer server = StoryServer.start(service, models, tokens)) {
      System.out.printf("stories are written at http://%s:%d%n", service.host(), server.port());
      stopped.await();
      if (!service.unready().isZero()) {
        LOG.info(
            "stopping: not ready, but requests are taken for {} s more",
            service.unready().toMillis() / 1e3);
      }
      server.announceEnd();
      LOG.info("stopping: no more requests are taken, stories under way are finished");
      server.drain();
    }
    return ExitStatus.DONE;
  }

  private Settings settings() {
    List<String> all = new ArrayList<>(assignments);
    if (port != null) {
      all.add("serve.port=" + port);
    }
    if (home != null) {
      all.add("home=" + home);
    }
    return Settings.load(Optional.ofNullable(config), all);
  }

  private static ApiTokens tokens(Settings settings) {
    String file = settings.text("serve.tokens-file");
    return file.isEmpty()
        ? ApiTokens.anybody()
        : ApiTokens.read(Path.of(file), settings.integer("serve.requests-per-minute"));
  }
}
