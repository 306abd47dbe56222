package storyloom.jobs;

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
import storyloom.jobs.report.EvaluationReport;
import storyloom.jobs.run.ModelMemory;
import storyloom.jobs.run.PreparedStore;
import storyloom.jobs.run.RulesNotice;
import storyloom.model.ExitStatus;
import storyloom.model.UserException;
import storyloom.model.bundle.Bundle;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.eval.PromptRanking;
import storyloom.model.registry.Registry;
import storyloom.model.settings.Settings;
import storyloom.pipeline.corpus.read.CorpusReader;
import storyloom.pipeline.evaluate.AttentionSample;
import storyloom.pipeline.evaluate.Evaluator;
import storyloom.pipeline.evaluate.HeldOutPairs;
import storyloom.pipeline.evaluate.PromptRanker;
import storyloom.pipeline.evaluate.SentenceOrder;
import storyloom.pipeline.evaluate.StorySample;
import storyloom.pipeline.evaluate.TrainingNgrams;

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
    DecodeSettings decoding = DecodeSettings.of(settings);
    try (ClusterSession cluster =
        ClusterSession.start(
            "storyloom evaluate",
            options,
            files -> ModelMemory.of(settings.text("home"), Optional.ofNullable(model), files))) {
      String home = settings.text("home");
      Path bundle = new Registry(home, cluster.hadoop()).resolve(Optional.ofNullable(model));
      cluster.requireShared(source, target, bundle.toString(), home);
      cluster.requireRoom(ModelMemory.of(bundle, cluster.hadoop()));
      RulesNotice.warn(bundle, cluster.hadoop());
      Optional<AttentionSample> looks =
          attention == 0
              ? Optional.empty()
              : Optional.of(new AttentionSample(bundle, cluster.hadoop()));
      Dataset<Row> pairs = CorpusReader.readAligned(cluster.spark(), source, target);
      Evaluator evaluator =
          new Evaluator(bundle, settings.integer("train.batch"), cluster.hadoop());
      EvaluationReport report = new EvaluationReport(evaluator.evaluate(pairs));
      if (size > 0) {
        HeldOutPairs.Sample sample = HeldOutPairs.Sample.of(pairs, size);
        Optional<PromptRanking> ranking =
            new PromptRanker(bundle, cluster.hadoop()).rank(cluster.context(), sample);
        StorySample stories = StorySample.write(cluster.spark(), bundle, decoding, sample);
        report.add(ranking, stories);
        SentenceOrder order = new SentenceOrder(bundle, cluster.hadoop());
        report.addOrder(
            order.share(cluster.context(), stories.prompts(), stories.written()),
            order.share(cluster.context(), stories.prompts(), stories.human()));
        report.addQuotations(training(home, bundle, cluster));
        looks.ifPresent(
            each -> report.add(each.read(cluster.context(), sample, decoding, attention)));
        Path page = report.write(home, cluster.hadoop());
        report.print();
        Console.say("figures, pictures and stories: %s", page);
      } else {
        report.print();
      }
      Console.json(report.figures());
    }
    return ExitStatus.DONE;
  }

  /** What the model was trained on, if it lies below home still. */
  private static Optional<TrainingNgrams> training(
      String home, Path bundle, ClusterSession cluster) {
    String corpus = Bundle.provenance(bundle, cluster.hadoop()).corpusHash();
    Optional<TrainingNgrams> training =
        PreparedStore.ofCorpus(home, cluster.hadoop(), corpus)
            .flatMap(folder -> TrainingNgrams.read(folder, cluster.hadoop()));
    if (training.isEmpty()) {
      Console.remark(
          "what the model was trained on is not below %s/prepared any more: how much it quotes is not known"
              .formatted(home));
    }
    return training;
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
