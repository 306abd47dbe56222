package storyloom.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import storyloom.model.UserException;
import storyloom.model.decode.BatchDecoder;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.decode.DecodedStory;
import storyloom.model.decode.FinishReason;
import storyloom.model.decode.RowStream;
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

  @Option(names = "--ids", required = true, description = "Pairs as ids, JSON lines.")
  private Path ids;

  @Option(
      names = "--model",
      description = "A bundle's directory. Default: untrained weights of the sizes below")
  private String model;

  @Mixin private ModelSize size;

  @Option(
      names = "--batch",
      defaultValue = "64",
      description = "Prompts decoded together. Default: ${DEFAULT-VALUE}")
  private int batch;

  @Mixin private ComputeOptions compute;

  @Option(
      names = "--max-story",
      defaultValue = "200",
      description = "Longest story in tokens. Default: ${DEFAULT-VALUE}")
  private int maxStory;

  @Option(
      names = "--no-end",
      description = "Never write <end>: every story has --max-story tokens.")
  private boolean noEnd;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One of the settings below decode, such as decode.strategy=sample.")
  private Map<String, String> assignments = new LinkedHashMap<>();

  @Spec private CommandSpec command;

  private double seconds;
  private double cpuSeconds;
  private long tokens;

  @Override
  public Integer call() throws IOException {
    compute.apply();
    DecodeSettings settings = settings();
    IdsFile pairs = IdsFile.read(ids);
    try (DecodedModel decoded = decodedModel()) {
      if (pairs.largestId() >= decoded.config().vocabulary()) {
        throw UserException.usage(
            "a vocabulary of %d is too small for id %d in %s"
                .formatted(decoded.config().vocabulary(), pairs.largestId(), ids));
      }
      try (BatchDecoder decoder =
          new BatchDecoder(decoded.config(), decoded.weights().tensors(), settings)) {
        write(decoder, pairs);
      }
    }
    report();
    return 0;
  }

  private DecodedModel decodedModel() {
    return model == null ? DecodedModel.untrained(size.config()) : DecodedModel.read(model);
  }

  private DecodeSettings settings() {
    Settings settings =
        Settings.defaults()
            .with("decode.strategy", "greedy")
            .with("decode.batch", Integer.toString(batch))
            .with("decode.max-tokens", Integer.toString(maxStory))
            .with("decode.min-tokens", Integer.toString(noEnd ? maxStory : 0));
    for (Map.Entry<String, String> assignment : assignments.entrySet()) {
      settings = settings.with(assignment.getKey(), assignment.getValue());
    }
    return DecodeSettings.of(settings);
  }

  /** The first batch is written once more than the others, untimed. */
  private void write(BatchDecoder decoder, IdsFile pairs) {
    List<int[]> prompts = pairs.prompts();
    decode(decoder, prompts.subList(0, Math.min(batch, prompts.size())));
    for (int from = 0; from < prompts.size(); from += batch) {
      List<int[]> some = prompts.subList(from, Math.min(from + batch, prompts.size()));
      long started = System.nanoTime();
      double cpuStarted = ProcessUsage.cpuSeconds();
      List<DecodedStory> stories = decode(decoder, some);
      seconds += (System.nanoTime() - started) / 1e9;
      cpuSeconds += ProcessUsage.cpuSeconds() - cpuStarted;
      tokens += stories.stream().mapToInt(DecodeCommand::tokens).sum();
    }
  }

  private static List<DecodedStory> decode(BatchDecoder decoder, List<int[]> prompts) {
    List<RowStream> streams =
        IntStream.range(0, prompts.size())
            .mapToObj(row -> RowStream.of(1, "", Integer.toString(row)))
            .toList();
    return decoder.decode(prompts, streams);
  }

  private static int tokens(DecodedStory story) {
    return story.tokens().length + (story.finishReason() == FinishReason.END ? 1 : 0);
  }

  private void report() throws IOException {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("tokens_per_second", tokens / seconds);
    figures.put("tokens_per_cpu_second", tokens / cpuSeconds);
    figures.put("tokens", tokens);
    figures.put("batch", batch);
    figures.put("threads", compute.threads());
    figures.put("peak_rss_mb", ProcessUsage.peakResidentMegabytes());
    Figures.print(figures, command.commandLine().getOut());
  }
}
