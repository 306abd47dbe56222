package storyloom.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import storyloom.bench.StoryService.Load;
import storyloom.bench.load.DecodedModel.UntrainedHome;
import storyloom.bench.measure.Figures;
import storyloom.model.bundle.Bundle;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.decode.network.StepDecoder;
import storyloom.model.decode.search.BannedWords;
import storyloom.model.text.TextCodec;

/**
 * {@code bin/bench serve}: how fast the service writes stories for many clients, beside a decoder
 * in this process that has all prompts at hand, turn about.
 */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Starts the story service and asks it for stories, as many clients at a time and one after the other.",
      "Prints stories and tokens per second, latencies, and beside them what decode manages at that batch."
    })
final class ServeBenchCommand implements Callable<Integer> {

  private static final int SOME = 8;

  @Mixin private DecodeLoad load;

  @Option(
      names = "--clients",
      defaultValue = "32",
      description =
          "Clients at a time, and prompts that decode takes together. Default: ${DEFAULT-VALUE}")
  private int clients;

  @Mixin private SharedOptions.Compute compute;

  @Option(
      names = "--rounds",
      defaultValue = "2",
      description = "Turns of service and decoder. Default: ${DEFAULT-VALUE}")
  private int rounds;

  @Option(
      names = "--few",
      defaultValue = "64",
      description =
          "Requests for the latencies of one client, and of eight. Default: ${DEFAULT-VALUE}")
  private int few;

  @Spec private CommandSpec command;

  private record Round(Load load, double decodeTokensPerSecond) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    compute.apply();
    List<int[]> prompts = load.pairs().prompts();
    if (load.writing().model().isPresent()) {
      measure(load.writing().model().get(), prompts);
    } else {
      try (UntrainedHome home = UntrainedHome.of(load.writing().untrained())) {
        measure(home.model(), prompts);
      }
    }
    return 0;
  }

  private void measure(String directory, List<int[]> prompts)
      throws IOException, InterruptedException {
    DecodeSettings settings = DecodeSettings.of(load.writing().greedy(clients));
    try (Bundle bundle =
            Bundle.read(new org.apache.hadoop.fs.Path(directory), new Configuration());
        StepDecoder.Network network =
            StepDecoder.Network.of(
                bundle.config(), bundle.weights().tensors(), settings.precision());
        StoryService service = StoryService.start(arguments(directory))) {
      List<String> requests = requests(bundle, prompts);
      service.ask(requests.subList(0, Math.min(2 * clients, requests.size())), clients); // untimed
      List<Round> turns = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        DecodeTiming timing = new DecodeTiming(network, settings, BannedWords.NONE, clients);
        timing.write(prompts);
        turns.add(new Round(service.ask(requests, clients), timing.tokensPerSecond()));
      }
      List<String> some = requests.subList(0, Math.min(few, requests.size()));
      report(service, turns, service.ask(some, 1), service.ask(some, SOME));
    }
  }

  private List<String> arguments(String directory) {
    List<String> arguments = new ArrayList<>(List.of("--model", directory));
    Map.of(
            "serve.threads",
            compute.threads(),
            "serve.queue",
            2 * clients,
            "serve.connections",
            2 * clients + SOME,
            "serve.max-tokens",
            load.writing().longest(),
            "serve.reload-seconds",
            0,
            "serve.request-seconds",
            3600,
            "decode.batch",
            clients)
        .forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
    return arguments;
  }

  private List<String> requests(Bundle bundle, List<int[]> prompts) throws JsonProcessingException {
    TextCodec codec = new TextCodec(bundle.text(), bundle.vocabulary());
    List<String> requests = new ArrayList<>();
    for (int[] prompt : prompts) {
      Map<String, Object> request = new LinkedHashMap<>();
      request.put("prompt", codec.story(prompt));
      request.put("strategy", "greedy");
      request.put("max_tokens", load.writing().longest());
      request.put("min_tokens", load.writing().shortest());
      requests.add(new ObjectMapper().writeValueAsString(request));
    }
    return requests;
  }

  private void report(StoryService service, List<Round> turns, Load one, Load eight)
      throws JsonProcessingException {
    double served = mean(turns.stream().map(turn -> turn.load().tokensPerSecond()).toList());
    double decoded = mean(turns.stream().map(Round::decodeTokensPerSecond).toList());
    Load last = turns.get(turns.size() - 1).load();
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("clients", clients);
    figures.put(
        "stories_per_second",
        mean(turns.stream().map(turn -> turn.load().storiesPerSecond()).toList()));
    figures.put("tokens_per_second", served);
    figures.put("decode_tokens_per_second", decoded);
    figures.put("share_of_decode", served / decoded);
    figures.put("p50_ms", last.milliseconds(0.5));
    figures.put("p99_ms", last.milliseconds(0.99));
    figures.put("p50_ms_of_1_client", one.milliseconds(0.5));
    figures.put("p99_ms_of_1_client", one.milliseconds(0.99));
    figures.put("p50_ms_of_8_clients", eight.milliseconds(0.5));
    figures.put("p99_ms_of_8_clients", eight.milliseconds(0.99));
    figures.put("p99_of_8_by_p50_of_1", eight.milliseconds(0.99) / one.milliseconds(0.5));
    figures.put("start_seconds", service.startSeconds());
    figures.put("threads", compute.threads());
    Figures.print(figures, command.commandLine().getOut());
  }

  private static double mean(List<Double> numbers) {
    return numbers.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }
}
