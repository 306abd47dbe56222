package storyloom.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.SparkConf;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import storyloom.bench.load.SyntheticPairs;
import storyloom.bench.measure.Figures;
import storyloom.bench.measure.ProcessUsage.PeakHeap;
import storyloom.jobs.cluster.ClusterSession;
import storyloom.model.UserException;

/**
 * {@code bin/bench corpus}: how fast text becomes ids, stage by stage, beside Spark ML's tokenizer
 * and counter on the same texts, in turns.
 */
@Command(
    name = "corpus",
    mixinStandardHelpOptions = true,
    description = "Times a corpus on its way from files to ids, stage by stage, in local[2].",
    footer = {
      "%nThe pairs, of about 60 words, come from the project's own grammar and stand in two line"
          + " files. Each stage takes what the one before left on the disk. clean: the per-text rules."
          + " tokenise: tokens, not kept. count: tokenise and count, from which the vocabulary comes."
          + " encode: tokenise, look up ids, deal out, write shards. prepare: all of it in one go,"
          + " duplicates and report included, as train does it. Spark ML: RegexTokenizer (words and"
          + " marks) and CountVectorizer, to be compared with count. Figures are medians over turns,"
          + " after a warm-up on few pairs. Peak heap: the most in use after a collection of all of the"
          + " heap, of which there is one after each stage besides those that become necessary."
    })
final class CorpusCommand implements Callable<Integer> {

  private static final long WARM_UP = 5_000;

  @Option(
      names = "--pairs",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Default: ${DEFAULT-VALUE}")
  private long pairs;

  @Option(names = "--turns", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}")
  private int turns;

  @Spec private CommandSpec command;

  private final Map<String, List<Double>> seconds = new LinkedHashMap<>();
  private final Map<String, Long> peaks = new LinkedHashMap<>();

  @Override
  public Integer call() throws IOException {
    if (pairs < 1 || turns < 1) {
      throw UserException.usage("--pairs and --turns must be at least 1");
    }
    SparkConf conf = new SparkConf().set("spark.master", "local[2]");
    try (ClusterSession cluster = ClusterSession.start("storyloom bench corpus", conf)) {
      measure(cluster, Math.min(pairs, WARM_UP), 1);
      seconds.clear();
      peaks.clear();
      measure(cluster, pairs, turns);
      report();
    }
    return 0;
  }

  private void measure(ClusterSession cluster, long count, int times) throws IOException {
    Path folder = Files.createTempDirectory("storyloom-bench-corpus-");
    try {
      SyntheticPairs.writeCorpus(cluster.context(), folder, count);
      try (CorpusStages stages = new CorpusStages(cluster, folder)) {
        for (int turn = 0; turn < times; turn++) {
          stages.all().forEach(this::time);
        }
      }
    } finally {
      FileUtil.fullyDelete(folder.toFile());
    }
  }

  private void time(String stage, Runnable work) {
    try (PeakHeap heap = new PeakHeap()) {
      long started = System.nanoTime();
      work.run();
      seconds
          .computeIfAbsent(stage, name -> new ArrayList<>())
          .add((System.nanoTime() - started) / 1e9);
      peaks.merge(stage, heap.megabytes(), Math::max);
    }
  }

  private double median(String stage) {
    return Figures.median(seconds.get(stage).stream().mapToDouble(Double::doubleValue));
  }

  private void report() throws IOException {
    PrintWriter out = command.commandLine().getOut();
    out.printf("%-10s %10s %14s %14s%n", "stage", "seconds", "pairs/s", "peak heap MB");
    Map<String, Double> speeds = new LinkedHashMap<>();
    for (String stage : seconds.keySet()) {
      speeds.put(stage, pairs / median(stage));
      out.printf(
          "%-10s %10.1f %,14.0f %,14d%n",
          stage, median(stage), speeds.get(stage), peaks.get(stage));
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("pairs", pairs);
    figures.put("sparkml_pairs_per_second", speeds.remove(CorpusStages.SPARK_ML));
    figures.put("pairs_per_second", speeds);
    figures.put("prepare_seconds", median("prepare"));
    figures.put("peak_heap_mb", Collections.max(peaks.values()));
    figures.put("peak_heap_mb_of_stages", peaks);
    Figures.printJson(figures, out);
  }
}
