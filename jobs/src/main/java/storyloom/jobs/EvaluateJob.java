package storyloom.jobs;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import storyloom.model.UserException;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.eval.PromptRanking;
import storyloom.model.registry.Registry;
import storyloom.model.settings.Settings;
import storyloom.pipeline.corpus.CorpusReader;
import storyloom.pipeline.evaluate.Evaluator;
import storyloom.pipeline.evaluate.PairSample;
import storyloom.pipeline.evaluate.PromptRanker;
import storyloom.pipeline.evaluate.StorySample;

/** Measures a model by the stories of people: {@code spark-submit jobs/evaluate.jar}. */
@Command(
    name = "spark-submit jobs/evaluate.jar",
    description = {
      "Measures how well a model foretells stories that people wrote, and how its own compare with"
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
      names = "--sample",
      paramLabel = "N",
      defaultValue = "500",
      description =
          "Pairs for which prompts are ranked and stories written; 0 for neither."
              + " Default: ${DEFAULT-VALUE}")
  private int size;

  @Mixin private DecodeOptions decodeOptions;

  @Mixin private CommonOptions options;

  private EvaluateJob() {}

  /** Runs the command and ends the process with its exit status. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs the command; gives its exit status. */
  static int run(String... args) {
    return CommandFrame.run(new EvaluateJob(), args);
  }

  @Override
  public Integer call() {
    if (size < 0) {
      throw UserException.usage("--sample must be 0 or more, not " + size);
    }
    Settings settings = decodeOptions.over(options.settings());
    DecodeSettings decoding = DecodeSettings.of(settings);
    try (ClusterSession cluster = ClusterSession.start("storyloom evaluate")) {
      String home = settings.text("home");
      Path bundle = new Registry(home, cluster.hadoop()).resolve(Optional.ofNullable(model));
      if (!options.sharedFiles()) {
        List.of(source, target, bundle.toString(), home).forEach(cluster.sharedFiles()::require);
      }
      Dataset<Row> pairs = CorpusReader.readAligned(cluster.spark(), source, target);
      Evaluator evaluator =
          new Evaluator(bundle, settings.integer("train.batch"), cluster.hadoop());
      EvaluationReport report = new EvaluationReport(evaluator.evaluate(pairs));
      if (size > 0) {
        PairSample sample = PairSample.of(pairs, size);
        Optional<PromptRanking> ranking =
            new PromptRanker(bundle, cluster.hadoop()).rank(cluster.context(), sample);
        StorySample stories = StorySample.write(cluster.spark(), bundle, decoding, sample);
        report.add(ranking, stories);
        Path page = report.write(home, cluster.hadoop());
        report.tell();
        Console.say("figures, pictures and stories: %s", page);
      } else {
        report.tell();
      }
      Console.json(report.figures());
    }
    return ExitStatus.DONE;
  }
}
