package storyloom.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.nd4j.linalg.api.ndarray.INDArray;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import storyloom.bench.load.IdsFile;
import storyloom.bench.measure.Figures;
import storyloom.bench.measure.ProcessUsage;
import storyloom.bench.peer.StockNetwork;
import storyloom.model.UserException;
import storyloom.model.bundle.Safetensors;
import storyloom.model.bundle.Weights;
import storyloom.model.nn.Seq2SeqGraph;
import storyloom.model.nn.UpdateSeries;
import storyloom.model.nn.config.LearningRate;
import storyloom.model.nn.config.Optimisation;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.nn.layer.Minibatch;
import storyloom.model.nn.loss.LossTally;

/**
 * {@code bin/bench step}: how fast the network trains in one process, on the same ids, shapes and
 * threads as the PyTorch yardstick's {@code train}, whose keys it prints.
 */
@Command(
    name = "step",
    mixinStandardHelpOptions = true,
    description = "Trains on ids and prints target tokens per second.",
    footer = {
      "%nWith --stock it is the same network as far as DL4J's own layers can express it:",
      "EmbeddingSequenceLayer, LSTM and RnnOutputLayer with sparse labels, of the same shapes. Left out"
          + " are a decoder that starts at the encoder's state, and attention, in whose place the"
          + " encoder's last step stands; gradients are averaged over pairs and clipped layer by"
          + " layer."
    })
final class StepCommand implements Callable<Integer> {

  private static final int WARM_UP = 10;
  private static final int LOSSES = 20;

  @Option(names = "--ids", required = true, description = "Pairs as ids, JSON lines.")
  private Path ids;

  @Option(names = "--valid", description = "Pairs to score at the end.")
  private Path valid;

  @Mixin private SharedOptions.ModelSize size;

  @Option(names = "--dropout", defaultValue = "0", description = "Default: ${DEFAULT-VALUE}")
  private double dropout;

  @Option(names = "--tied", description = "One matrix for prompts, stories and output.")
  private boolean tied;

  @Option(names = "--copy", description = "Stories may copy words of their prompts.")
  private boolean copy;

  @Option(
      names = "--label-smoothing",
      defaultValue = "0",
      description = "Share spread over all tokens while training. Default: ${DEFAULT-VALUE}")
  private double labelSmoothing;

  @Option(names = "--batch", defaultValue = "64", description = "Default: ${DEFAULT-VALUE}")
  private int batch;

  @Option(
      names = "--window",
      defaultValue = "0",
      description =
          "Whole stories, in windows of so many tokens, each an update, as with text.long-stories=windows;"
              + " --updates and --series count minibatches then. 0 cuts stories at 200."
              + " Default: ${DEFAULT-VALUE}")
  private int window;

  @Option(
      names = "--updates",
      defaultValue = "0",
      description = "Stop after this many; 0 for whole epochs. Default: ${DEFAULT-VALUE}")
  private int updates;

  @Option(
      names = "--series",
      defaultValue = "20",
      description =
          "Updates in a round, as train.averaging-frequency has them: rows of embeddings that few use"
              + " are up to date at its end. Default: ${DEFAULT-VALUE}")
  private int series;

  @Option(names = "--epochs", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}")
  private int epochs;

  @Option(names = "--lr", defaultValue = "0.001", description = "Default: ${DEFAULT-VALUE}")
  private double learningRate;

  @Option(names = "--clip", defaultValue = "5", description = "Default: ${DEFAULT-VALUE}")
  private double clip;

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}")
  private long seed;

  @Mixin private SharedOptions.Compute compute;

  @Option(names = "--init", description = "Weights to start from: a bundle's weights.safetensors.")
  private Path init;

  @Option(names = "--in-order", description = "Minibatches just as the file has the pairs.")
  private boolean inOrder;

  @Option(names = "--bf16", description = "Large products in bfloat16, where the processor can.")
  private boolean bfloat16;

  @Option(names = "--stock", description = "DL4J's own layers; see below.")
  private boolean stock;

  @Spec private CommandSpec command;

  private double seconds;
  private double cpuSeconds;
  private long tokens;
  private int done;
  private final List<Double> losses = new ArrayList<>();

  /** What is timed. */
  private interface Network extends AutoCloseable {

    /** One update, or one for each window; gives the loss before it. */
    LossTally fit(Minibatch minibatch);

    /** Does whatever is still to be done for the updates so far. */
    void endSeries();

    /** The loss, without learning. */
    LossTally score(Minibatch minibatch);

    @Override
    void close();
  }

  private static final class OwnNetwork implements Network {
    private final Seq2SeqGraph graph;
    private final int window;
    private UpdateSeries series;

    OwnNetwork(Seq2SeqGraph graph, int window) {
      this.graph = graph;
      this.window = window;
    }

    @Override
    public LossTally fit(Minibatch minibatch) {
      if (series == null) {
        series = graph.series();
      }
      return minibatch.windows(window).stream()
          .map(series::fit)
          .reduce(LossTally.NONE, LossTally::plus);
    }

    @Override
    public void endSeries() {
      if (series != null) {
        series.close();
        series = null;
      }
    }

    @Override
    public LossTally score(Minibatch minibatch) {
      return graph.score(minibatch.windows(window));
    }

    @Override
    public void close() {
      graph.close();
    }
  }

  private record Stock(StockNetwork network) implements Network {

    @Override
    public LossTally fit(Minibatch minibatch) {
      return network.fit(minibatch);
    }

    @Override
    public void endSeries() {
      // each update is complete
    }

    @Override
    public LossTally score(Minibatch minibatch) {
      return network.score(minibatch);
    }

    @Override
    public void close() {
      network.close();
    }
  }

  @Override
  public Integer call() throws IOException {
    compute.apply();
    if (series < 1 || window < 0) {
      throw UserException.usage("--series must be at least 1, and --window at least 0");
    }
    boolean more =
        tied
            || copy
            || bfloat16
            || window > 0
            || !size.adaptive().isEmpty()
            || dropout > 0
            || labelSmoothing > 0;
    if (stock && (more || init != null || !size.isClassic())) {
      throw UserException.usage(
          "--stock goes without --adaptive, --attention, --bf16, --dropout, --init,"
              + " --label-smoothing, --layers, --tied, --transformer, --copy, --window");
    }
    IdsFile pairs = read(ids);
    if (!copy && pairs.largestId() >= size.vocabulary()) {
      throw UserException.usage(
          "--vocabulary %d is too small for id %d in %s"
              .formatted(size.vocabulary(), pairs.largestId(), ids));
    }
    requireEnough(pairs);
    try (Network model = network()) {
      for (int epoch = 0; epoch < epochs && !enough(); epoch++) {
        train(model, inOrder ? pairs.inOrder(batch) : pairs.shuffled(batch, seed, epoch));
      }
      model.endSeries();
      report(valid == null ? LossTally.NONE : score(model));
    }
    return 0;
  }

  private IdsFile read(Path file) {
    return window == 0 ? IdsFile.read(file) : IdsFile.readWhole(file);
  }

  /** The first updates are not timed, so that a figure of fewer would be none. */
  private void requireEnough(IdsFile pairs) {
    long all = (long) epochs * pairs.inOrder(batch).size();
    long planned = updates > 0 ? Math.min(updates, all) : all;
    if (planned <= WARM_UP) {
      throw UserException.usage(
          "%d updates are too few, as the first %d are not timed: take more pairs than %s has, a smaller --batch, or more --epochs or --updates"
              .formatted(planned, WARM_UP, ids));
    }
  }

  private Network network() throws IOException {
    if (stock) {
      return new Stock(new StockNetwork(config(), learningRate, clip, seed));
    }
    Optimisation optimisation =
        new Optimisation(LearningRate.constant(learningRate), clip, labelSmoothing, seed, bfloat16);
    Seq2SeqGraph model = Seq2SeqGraph.create(config(), optimisation);
    if (init != null) {
      start(model);
    }
    return new OwnNetwork(model, window == 0 ? Integer.MAX_VALUE : window);
  }

  private Seq2SeqConfig config() {
    return size.config(tied, copy, dropout);
  }

  private boolean enough() {
    return updates > 0 && done >= updates;
  }

  private void start(Seq2SeqGraph model) throws IOException {
    try (Weights weights =
        Safetensors.read(Files.newInputStream(init), Files.size(init), init.toString())) {
      for (Map.Entry<String, INDArray> own : model.weights().entrySet()) {
        own.getValue().assign(weights.get(own.getKey()));
      }
    }
  }

  private void train(Network model, List<Minibatch> minibatches) {
    for (Minibatch minibatch : minibatches) {
      long started = System.nanoTime();
      double cpuStarted = ProcessUsage.cpuSeconds();
      LossTally tally = model.fit(minibatch);
      done++;
      if (done % series == 0 || enough()) {
        model.endSeries();
      }
      if (losses.size() < LOSSES) {
        losses.add(tally.loss());
      }
      if (done > WARM_UP) {
        seconds += (System.nanoTime() - started) / 1e9;
        cpuSeconds += ProcessUsage.cpuSeconds() - cpuStarted;
        tokens += tally.tokens();
      }
      if (enough()) {
        return;
      }
    }
  }

  private LossTally score(Network model) {
    return read(valid).inOrder(batch).stream()
        .map(model::score)
        .reduce(LossTally.NONE, LossTally::plus);
  }

  private void report(LossTally validation) throws IOException {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("tokens_per_second", tokens / seconds);
    figures.put("tokens_per_cpu_second", tokens / cpuSeconds);
    figures.put("valid_perplexity", validation.tokens() == 0 ? null : validation.perplexity());
    figures.put("peak_rss_mb", ProcessUsage.peakResidentMegabytes());
    figures.put("updates", done);
    figures.put("threads", compute.threads());
    figures.put("batch", batch);
    figures.put("averaging_frequency", series);
    figures.put("precision", bfloat16 ? "bfloat16" : "float32");
    figures.put("losses", losses);
    Figures.print(figures, command.commandLine().getOut());
  }
}
