package storyloom.jobs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import storyloom.model.eval.Evaluation;
import storyloom.model.registry.Registry;
import storyloom.model.settings.Settings;
import storyloom.pipeline.corpus.CorpusReader;
import storyloom.pipeline.evaluate.Evaluator;

/** Measures a model by the stories of people: {@code spark-submit jobs/evaluate.jar}. */
@Command(
    name = "spark-submit jobs/evaluate.jar",
    description = {
      "Measures how well a model foretells stories that people wrote.",
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
    Settings settings = options.settings();
    try (ClusterSession cluster = ClusterSession.start("storyloom evaluate")) {
      Path bundle =
          new Registry(settings.text("home"), cluster.hadoop()).resolve(Optional.ofNullable(model));
      if (!options.sharedFiles()) {
        List.of(source, target, bundle.toString()).forEach(cluster.sharedFiles()::require);
      }
      Evaluator evaluator =
          new Evaluator(bundle, settings.integer("train.batch"), cluster.hadoop());
      report(evaluator.evaluate(CorpusReader.readAligned(cluster.spark(), source, target)));
    }
    return ExitStatus.DONE;
  }

  private static void report(Evaluation evaluation) {
    row("model", evaluation.model());
    row("pairs scored", "%,d".formatted(evaluation.pairs()));
    row("pairs skipped, no prompt", "%,d".formatted(evaluation.skipped()));
    row("tokens", "%,d".formatted(evaluation.tally().tokens()));
    row("words", "%,d".formatted(evaluation.words()));
    row("nll per token", "%.4f".formatted(evaluation.nllPerToken()));
    row("perplexity per token", "%.2f".formatted(evaluation.perplexityPerToken()));
    row("perplexity per word", "%.2f".formatted(evaluation.perplexityPerWord()));
    row("accuracy", "%.2f %%".formatted(100 * evaluation.accuracy()));
    row("tokens not in vocabulary", "%.2f %%".formatted(100 * evaluation.oovRate()));
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("nll_per_token", evaluation.nllPerToken());
    result.put("perplexity_per_token", evaluation.perplexityPerToken());
    result.put("perplexity_per_word", evaluation.perplexityPerWord());
    result.put("accuracy", evaluation.accuracy());
    result.put("tokens", evaluation.tally().tokens());
    result.put("words", evaluation.words());
    result.put("oov_rate", evaluation.oovRate());
    result.put("pairs", evaluation.pairs());
    result.put("skipped", evaluation.skipped());
    result.put("model", evaluation.model());
    Console.json(result);
  }

  private static void row(String name, String value) {
    Console.say("%-26s %24s", name, value);
  }
}
