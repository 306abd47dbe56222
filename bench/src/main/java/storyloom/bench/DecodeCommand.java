package storyloom.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import storyloom.bench.load.DecodedModel;
import storyloom.bench.load.IdsFile;
import storyloom.bench.measure.Figures;
import storyloom.bench.measure.ProcessUsage;
import storyloom.model.UserException;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.decode.network.StepDecoder;
import storyloom.model.decode.search.BannedWords;
import storyloom.model.nn.kernel.Precision;
import storyloom.model.settings.Settings;

/**
 * {@code bin/bench decode}: how fast stories are written in one process, on the same prompts,
 * shapes and threads as the PyTorch yardstick's {@code decode}, whose keys it prints.
 */
@Command(
    name = "decode",
    mixinStandardHelpOptions = true,
    description = "Writes stories for ids and prints tokens per second.")
final class DecodeCommand implements Callable<Integer> {

  @Mixin private DecodeLoad load;

  @Option(
      names = "--batch",
      defaultValue = "64",
      description = "Prompts decoded together. Default: ${DEFAULT-VALUE}")
  private int batch;

  @Mixin private SharedOptions.Compute compute;

  @Option(names = "--int8", description = "As --set decode.precision=int8.")
  private boolean int8;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One of the settings below decode, such as decode.strategy=sample.")
  private Map<String, String> assignments = new LinkedHashMap<>();

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    compute.apply();
    DecodeSettings settings = settings();
    IdsFile pairs = load.pairs();
    try (DecodedModel decoded = decodedModel()) {
      if (!decoded.config().copy() && pairs.largestId() >= decoded.config().vocabulary()) {
        throw UserException.usage(
            "a vocabulary of %d is too small for id %d in %s"
                .formatted(decoded.config().vocabulary(), pairs.largestId(), load.ids()));
      }
      try (StepDecoder.Network network =
          StepDecoder.Network.of(
              decoded.config(), decoded.weights().tensors(), settings.precision())) {
        DecodeTiming timing = new DecodeTiming(network, settings, banned(decoded, settings), batch);
        timing.write(pairs.prompts());
        report(timing);
      }
    }
    return 0;
  }

  private static BannedWords banned(DecodedModel decoded, DecodeSettings settings) {
    List<String> words = settings.constraints().bannedWords();
    if (words.isEmpty()) {
      return BannedWords.NONE;
    }
    return BannedWords.of(
        decoded
            .text()
            .orElseThrow(
                () ->
                    UserException.usage(
                        "decode.banned-words needs a --model: an untrained one has no words")),
        words);
  }

  private DecodedModel decodedModel() {
    return load.writing()
        .model()
        .map(DecodedModel::read)
        .orElseGet(() -> DecodedModel.untrained(load.writing().untrained()));
  }

  private DecodeSettings settings() {
    Settings settings =
        load.writing()
            .greedy(batch)
            .with("decode.precision", (int8 ? Precision.INT8 : Precision.FLOAT32).label());
    for (Map.Entry<String, String> assignment : assignments.entrySet()) {
      settings = settings.with(assignment.getKey(), assignment.getValue());
    }
    return DecodeSettings.of(settings);
  }

  private void report(DecodeTiming timing) throws IOException {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("tokens_per_second", timing.tokensPerSecond());
    figures.put("tokens_per_cpu_second", timing.tokensPerCpuSecond());
    figures.put("tokens", timing.tokens());
    figures.put("batch", batch);
    figures.put("precision", settings().precision().label());
    figures.put("threads", compute.threads());
    figures.put("peak_rss_mb", ProcessUsage.peakResidentMegabytes());
    Figures.print(figures, command.commandLine().getOut());
  }
}
