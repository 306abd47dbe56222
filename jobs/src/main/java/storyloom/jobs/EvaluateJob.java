package storyloom.jobs;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import storyloom.jobs.cli.CommandRunner;
import storyloom.jobs.cli.CommonOptions;
import storyloom.jobs.cli.Console;
import storyloom.jobs.cli.DecodeOptions;
import storyloom.jobs.cli.Outcome;
import storyloom.jobs.cluster.ClusterSession;
import storyloom.jobs.evaluate.EvaluatedModel;
import storyloom.jobs.evaluate.EvaluationRequest;
import storyloom.jobs.evaluate.ModelEvaluation;
import storyloom.jobs.report.EvaluationReport;
import storyloom.jobs.run.ModelMemory;
import storyloom.jobs.run.RulesNotice;
import storyloom.model.ExitStatus;
import storyloom.model.UserException;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.registry.Registry;
import storyloom.model.settings.Settings;
import storyloom.pipeline.corpus.read.CorpusReader;
import storyloom.pipeline.evaluate.AttentionSample;

/** Measures a model by the stories of people: {@code spark-submit jobs/evaluate.jar}. */
@Command(
    name = "spark-submit jobs/evaluate.jar",
    description = {
      "Measures how well a model predicts stories that people wrote, and how its own compare with"
          + " them.",
      "Line i of the source is the prompt of line i of the target."
    })
public final class EvaluateJob implements Callable<Integer> {

  @Option(
      names = "--source",
      required = true,
      paramLabel = "FILE",
      description = "Prompts, one a line; any Hadoop URI.")
  private String source;

  @Option(
      names = "--target",
      required = true,
      paramLabel = "FILE",
      description = "Stories, one a line, <newline> for a paragraph break.")
  private String target;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "Directory or version of a model; the current one by default.")
  private String model;

  @Option(
      names = "--compare",
      paramLabel = "MODEL",
      description =
          "Directory or version of another model: measures both by the same pairs, and says how sure"
              + " it is that they differ.")
  private String compare;

  @Option(
      names = "--sample",
      paramLabel = "N",
      defaultValue = "500",
      description =
          "Pairs for which prompts are ranked and stories written; 0 for neither."
              + " Default: ${DEFAULT-VALUE}")
  private int size;

  @Option(
      names = "--attention",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Draws what the model looked at while it wrote the first N stories of the sample, a PNG"
              + " file each. Default: ${DEFAULT-VALUE}")
  private int attention;

  @Mixin private final CommandSpec decodeOptions = DecodeOptions.spec();

  @Mixin private CommonOptions.OfJob options;

  private EvaluateJob() {}

  /** Runs the command and ends the process as {@link Outcome#end} says. */
  public static void main(String[] args) {
    outcome(args).end();
  }

  /** Runs the command; gives its exit status. */
  public static int run(String... args) {
    return outcome(args).status();
  }

  private static Outcome outcome(String... args) {
    return CommandRunner.run(new EvaluateJob(), args);
  }

  @Override
  public Integer call() {
    requireSizes();
    Settings settings = DecodeOptions.over(decodeOptions, options.settings());
    DecodeSettings.of(settings); // refuses before any job
    try (ClusterSession cluster =
        ClusterSession.start(
            "storyloom evaluate",
            options,
            files ->
                ModelMemory.largest(
                    settings.text("home"), Optional.ofNullable(model), compare, files))) {
      String home = settings.text("home");
      Registry registry = new Registry(home, cluster.hadoop());
      Path bundle = usable(registry.resolve(Optional.ofNullable(model)), cluster);
      Optional<Path> rival =
          Optional.ofNullable(compare).map(each -> registry.resolve(Optional.of(each)));
      rival.ifPresent(each -> requireAnother(bundle, each));
      rival.ifPresent(each -> usable(each, cluster));
      cluster.requireShared(source, target, home);
      Optional<AttentionSample> looks =
          attention == 0
              ? Optional.empty()
              : Optional.of(new AttentionSample(bundle, cluster.hadoop()));
      Dataset<Row> pairs = CorpusReader.readAligned(cluster.spark(), source, target);
      ModelEvaluation evaluation = new ModelEvaluation(cluster, settings, pairs, size);
      EvaluatedModel measured = evaluation.of(bundle, rival.isPresent(), looks, attention);
      Optional<EvaluatedModel> other =
          rival.map(each -> evaluation.of(each, true, Optional.empty(), 0));
      report(cluster, settings, measured, other);
    }
    return ExitStatus.DONE;
  }

  private static Path usable(Path bundle, ClusterSession cluster) {
    cluster.requireShared(bundle.toString());
    cluster.requireRoom(ModelMemory.of(bundle, cluster.hadoop()));
    RulesNotice.warn(bundle, cluster.hadoop());
    return bundle;
  }

  /** A version's name has the hash of its weights in it. */
  private static void requireAnother(Path bundle, Path rival) {
    if (bundle.getName().equals(rival.getName())) {
      throw UserException.usage(
          "--compare=%s is the model that is measured already: name another one, or --model another"
              .formatted(rival.getName()));
    }
  }

  private void report(
      ClusterSession cluster,
      Settings settings,
      EvaluatedModel measured,
      Optional<EvaluatedModel> other) {
    EvaluationReport report =
        new EvaluationReport(
            new EvaluationRequest(source, target, settings, Instant.now()), measured, other);
    Optional<Path> page =
        size == 0 && other.isEmpty()
            ? Optional.empty()
            : Optional.of(report.write(settings.text("home"), cluster.hadoop()));
    report.print();
    page.ifPresent(each -> Console.say("figures, pictures and stories: %s", each));
    Console.json(report.figures());
  }

  private void requireSizes() {
    if (size < 0) {
      throw UserException.usage("--sample must be 0 or more, not " + size);
    }
    if (attention < 0 || attention > size) {
      throw UserException.usage(
          "--attention must be from 0 to --sample, which is %d, not %d".formatted(size, attention));
    }
  }
}
