package storyloom.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
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
import storyloom.model.decode.network.StepDecoder;
import storyloom.model.nn.kernel.Precision;
import storyloom.model.nn.output.StepLogits;
import storyloom.model.text.token.Vocabulary;
import storyloom.pipeline.batch.EncodedPair;

/**
 * {@code bin/bench precision}: what rounding to bytes costs a model. Stories of people are led
 * through the decoder with both precisions; their negative log likelihood a token is compared, and
 * how often both find the same token the likeliest.
 */
@Command(
    name = "precision",
    mixinStandardHelpOptions = true,
    description = "Compares what int8 and float32 think of people's stories.")
final class PrecisionCommand implements Callable<Integer> {

  @Option(names = "--model", required = true, description = "The bundle's directory.")
  private String model;

  @Option(names = "--ids", required = true, description = "Pairs as ids, JSON lines.")
  private Path ids;

  @Option(
      names = "--batch",
      defaultValue = "64",
      description = "Stories read together. Default: ${DEFAULT-VALUE}")
  private int batch;

  @Mixin private SharedOptions.Compute compute;

  @Spec private CommandSpec command;

  /** What a precision thinks of the stories: a sum over tokens, and the likeliest one at each. */
  private record Opinion(double negativeLogLikelihood, List<Integer> likeliest) {}

  @Override
  public Integer call() throws Exception {
    compute.apply();
    List<EncodedPair> pairs = new ArrayList<>(IdsFile.read(ids).pairs());
    pairs.sort(Comparator.comparingInt(pair -> -pair.story().length));
    try (DecodedModel decoded = DecodedModel.read(model)) {
      Opinion exact = opinion(decoded, Precision.FLOAT32, pairs);
      Opinion rounded = opinion(decoded, Precision.INT8, pairs);
      int tokens = exact.likeliest().size();
      int same = 0;
      for (int i = 0; i < tokens; i++) {
        same += exact.likeliest().get(i).equals(rounded.likeliest().get(i)) ? 1 : 0;
      }
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("tokens", tokens);
      figures.put("nll_float32", exact.negativeLogLikelihood() / tokens);
      figures.put("nll_int8", rounded.negativeLogLikelihood() / tokens);
      figures.put("ratio", rounded.negativeLogLikelihood() / exact.negativeLogLikelihood());
      figures.put("same_likeliest", (double) same / tokens);
      Figures.print(figures, command.commandLine().getOut());
    }
    return 0;
  }

  private Opinion opinion(DecodedModel decoded, Precision precision, List<EncodedPair> pairs) {
    double sum = 0;
    List<Integer> likeliest = new ArrayList<>();
    try (StepDecoder.Network network =
        StepDecoder.Network.of(decoded.config(), decoded.weights().tensors(), precision)) {
      for (int from = 0; from < pairs.size(); from += batch) {
        List<EncodedPair> some = pairs.subList(from, Math.min(from + batch, pairs.size()));
        sum += read(network, some, likeliest);
      }
    }
    return new Opinion(sum, likeliest);
  }

  /**
   * Leads stories, the longest first, through a decoder; gives their negative log likelihood.
   *
   * @param likeliest the likeliest token at each step of each story is added
   */
  private static double read(
      StepDecoder.Network network, List<EncodedPair> pairs, List<Integer> likeliest) {
    int longest = pairs.stream().mapToInt(pair -> pair.prompt().length).max().orElseThrow();
    double sum = 0;
    try (StepDecoder decoder = network.decoder(pairs.size(), longest)) {
      decoder.start(pairs.stream().map(EncodedPair::prompt).toList());
      int alive = pairs.size();
      for (int t = 0; alive > 0; t++) {
        int[] last = new int[alive];
        for (int row = 0; row < alive; row++) {
          last[row] = t == 0 ? Vocabulary.START : pairs.get(row).story()[t - 1];
        }
        StepLogits logits = decoder.step(last);
        float[] numbers = new float[logits.numbers().columns()];
        for (int row = 0; row < alive; row++) {
          int[] story = pairs.get(row).story();
          logits.numbers().copyRow(row, numbers);
          sum += logits.logSum(row) - numbers[t == story.length ? Vocabulary.END : story[t]];
          likeliest.add(largest(numbers));
        }
        while (alive > 0 && pairs.get(alive - 1).story().length == t) {
          alive--;
        }
        int[] left = new int[alive];
        for (int row = 0; row < alive; row++) {
          left[row] = row;
        }
        decoder.select(left);
      }
    }
    return sum;
  }

  private static int largest(float[] numbers) {
    int largest = 0;
    for (int id = 1; id < numbers.length; id++) {
      largest = numbers[id] > numbers[largest] ? id : largest;
    }
    return largest;
  }
}
