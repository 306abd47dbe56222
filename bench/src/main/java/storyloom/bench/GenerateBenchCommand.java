package storyloom.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.SparkConf;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import storyloom.bench.GenerateRuns.KilledRun;
import storyloom.bench.GenerateRuns.Run;
import storyloom.bench.load.DecodedModel.UntrainedHome;
import storyloom.bench.load.SkewedPrompts;
import storyloom.bench.load.WrittenStories;
import storyloom.bench.measure.Figures;
import storyloom.jobs.cluster.ClusterSession;
import storyloom.model.UserException;
import storyloom.model.bundle.Bundle;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.decode.network.StepDecoder;
import storyloom.model.decode.search.BannedWords;
import storyloom.model.nn.kernel.NativeThreads;
import storyloom.model.settings.Settings;
import storyloom.model.text.TextCodec;

/**
 * {@code bin/bench generate}: how fast generate.jar writes stories for the prompts of one file,
 * beside a decoder in this process that has the same prompts at hand, and on clusters of this
 * machine.
 */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    description = {
      "Runs generate.jar on prompts of skewed lengths in a single file; before and after, a decoder in this process.",
      "Prints tokens per second while stories are written, the start apart, and the share of decode's."
    },
    footer = {
      "%nWriting is timed from when generate.jar says how many prompts there are until it says where the stories lie:"
          + " Spark's shuffle and the warming up are in it, on a cluster the reading of the model as well. Decode is"
          + " warm, and writes for the first prompts only. All runs must write the same stories."
    })
final class GenerateBenchCommand implements Callable<Integer> {

  /** Batches that decode writes, before generate.jar does and afterwards. */
  private static final int DECODED = 32;

  @Mixin private WritingOptions writing;

  @Option(
      names = "--prompts",
      defaultValue = "20000",
      description = "Lines of the file. Default: ${DEFAULT-VALUE}")
  private int prompts;

  @Option(
      names = "--batch",
      defaultValue = "64",
      description = "Prompts decoded together. Default: ${DEFAULT-VALUE}")
  private int batch;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "One of the settings below decode, such as decode.strategy=sample. Default: greedy")
  private Map<String, String> assignments = new LinkedHashMap<>();

  @Option(
      names = "--threads",
      defaultValue = "2",
      description = "Threads of decode, and task slots of generate.jar. Default: ${DEFAULT-VALUE}")
  private int threads;

  @Option(
      names = "--executors",
      split = ",",
      description = "Also on clusters of so many executors of one core, such as 1,2.")
  private List<Integer> executors = List.of();

  @Option(
      names = "--kill",
      description =
          "Once more on the largest cluster, one of whose executors is killed in the middle.")
  private boolean kill;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException, InterruptedException {
    for (int number : new int[] {prompts, writing.longest(), batch, threads}) {
      require(number >= 1, "all numbers must be at least 1, not " + number);
    }
    require(executors.stream().allMatch(count -> count >= 1), "--executors must be at least 1");
    require(
        !kill || executors.stream().anyMatch(count -> count > 1),
        "--kill needs executors that go on: give --executors 1,2");
    DecodeSettings.of(settings()); // refuses what excludes each other
    if (writing.model().isPresent()) {
      measure(writing.model().get());
    } else {
      try (UntrainedHome home = UntrainedHome.of(writing.untrained())) {
        measure(home.model());
      }
    }
    return 0;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw UserException.usage(otherwise);
    }
  }

  private Settings settings() {
    Settings settings = writing.greedy(batch);
    for (Map.Entry<String, String> assignment : assignments.entrySet()) {
      settings = settings.with(assignment.getKey(), assignment.getValue());
    }
    return settings;
  }

  private void measure(String directory) throws IOException, InterruptedException {
    NativeThreads.set(threads);
    Path folder = Files.createTempDirectory("storyloom-bench-generate-");
    DecodeSettings settings = DecodeSettings.of(settings());
    try (Bundle bundle =
            Bundle.read(new org.apache.hadoop.fs.Path(directory), new Configuration());
        StepDecoder.Network network =
            StepDecoder.Network.of(
                bundle.config(), bundle.weights().tensors(), settings.precision())) {
      SkewedPrompts drawn = SkewedPrompts.of(bundle, prompts);
      Path input = drawn.write(folder.resolve("prompts.jsonl"));
      GenerateRuns runs = new GenerateRuns(folder, input, directory, settings());
      DecodeTiming decode = new DecodeTiming(network, settings, banned(bundle, settings), batch());
      decode.write(drawn.ids(DECODED * batch()));
      Run local = runs.local(threads);
      decode.write(drawn.ids(DECODED * batch()));
      Map<Integer, Run> clusters = new TreeMap<>();
      for (int count : executors) {
        clusters.put(count, runs.on(count));
      }
      report(decode.tokensPerSecond(), local, clusters, killed(runs, clusters));
    } finally {
      FileUtil.fullyDelete(folder.toFile());
    }
  }

  private Optional<KilledRun> killed(GenerateRuns runs, Map<Integer, Run> clusters)
      throws IOException, InterruptedException {
    if (!kill) {
      return Optional.empty();
    }
    int most = Collections.max(executors);
    return Optional.of(runs.killed(most, clusters.get(most).times().writing() / 2));
  }

  /** The settings' batch, which {@code --set} may have set as well. */
  private int batch() {
    return settings().integer("decode.batch");
  }

  private static BannedWords banned(Bundle bundle, DecodeSettings settings) {
    TextCodec codec = new TextCodec(bundle.text(), bundle.vocabulary());
    return BannedWords.of(codec, settings.constraints().bannedWords());
  }

  private void report(
      double decoded, Run local, Map<Integer, Run> clusters, Optional<KilledRun> killed)
      throws IOException {
    SparkConf conf = new SparkConf().set("spark.master", "local[" + threads + "]");
    try (ClusterSession session = ClusterSession.start("storyloom bench generate", conf)) {
      WrittenStories written = WrittenStories.read(session.spark(), local.stories());
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("tokens_per_second", local.speed(written));
      figures.put("decode_tokens_per_second", decoded);
      figures.put("share_of_decode", local.speed(written) / decoded);
      figures.put("prompts", written.stories());
      figures.put("tokens", written.tokens());
      figures.put("files", written.files());
      figures.put("start_seconds", local.times().start());
      figures.put("writing_seconds", local.times().writing());
      figures.put("whole_seconds", local.times().whole());
      figures.put("slots", threads);
      figures.put("threads", threads);
      figures.put("batch", batch());
      figures.put("precision", settings().text("decode.precision"));
      figures.put("strategy", settings().text("decode.strategy"));
      Figures.printTable(figures, command.commandLine().getOut());
      figures.putAll(reportClusters(session, written, clusters));
      figures.putAll(reportKilled(session, written, killed));
      Figures.printJson(figures, command.commandLine().getOut());
    }
  }

  private Map<String, Object> reportClusters(
      ClusterSession session, WrittenStories expected, Map<Integer, Run> clusters) {
    Map<String, Object> figures = new LinkedHashMap<>();
    if (clusters.isEmpty()) {
      return figures;
    }
    PrintWriter out = command.commandLine().getOut();
    out.printf(
        "%n%-10s %14s %10s %14s %14s%n", "executors", "tokens/s", "ratio", "start", "writing");
    Map<Integer, Double> speeds = new TreeMap<>();
    double first = 0;
    for (Map.Entry<Integer, Run> each : clusters.entrySet()) {
      Run run = each.getValue();
      double speed = run.speed(run.read(session.spark(), expected));
      first = speeds.isEmpty() ? speed : first;
      speeds.put(each.getKey(), speed);
      out.printf(
          "%-10d %14.0f %10.2f %13.1fs %13.1fs%n",
          each.getKey(), speed, speed / first, run.times().start(), run.times().writing());
    }
    figures.put("executors_tokens_per_second", speeds);
    figures.put("ratio", speeds.get(Collections.max(speeds.keySet())) / first);
    return figures;
  }

  private Map<String, Object> reportKilled(
      ClusterSession session, WrittenStories expected, Optional<KilledRun> killed) {
    Map<String, Object> figures = new LinkedHashMap<>();
    if (killed.isEmpty()) {
      return figures;
    }
    Run run = killed.get().run();
    run.read(session.spark(), expected);
    figures.put("killed_writing_seconds", run.times().writing());
    figures.put("killed_tasks", killed.get().tasks().partitions());
    figures.put("killed_tasks_lost", killed.get().tasks().lost());
    figures.put("killed_tasks_repeated_elsewhere", killed.get().tasks().repeated());
    PrintWriter out = command.commandLine().getOut();
    out.println();
    Figures.printTable(figures, out);
    return figures;
  }
}
