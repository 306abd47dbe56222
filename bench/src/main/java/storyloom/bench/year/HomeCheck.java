package storyloom.bench.year;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import storyloom.jobs.cluster.ClusterSession;
import storyloom.model.UserException;
import storyloom.model.bundle.Bundle;
import storyloom.model.registry.HomeSweep;
import storyloom.model.registry.Registry;
import storyloom.pipeline.corpus.read.CorpusReader;
import storyloom.pipeline.evaluate.Evaluator;

/** Looks after each night whether home is as promised. */
final class HomeCheck {

  /** What cleaning may change of pairs that are held out. */
  private static final double TOLERANCE = 1 + 1e-6;

  private static final int MINIBATCH = 64;

  private final String home;
  private final java.nio.file.Path corpus;
  private final double ratio;
  private final int mostModels;
  private final Configuration hadoop = new Configuration();
  private final Registry registry;
  private final List<String> broken = new ArrayList<>();

  /**
   * @param corpus whose validation split models are compared by
   * @param ratio by which perplexity may rise from one model to the next
   * @param mostModels that may be there after a night that came to its end
   */
  HomeCheck(java.nio.file.Path home, java.nio.file.Path corpus, double ratio, int mostModels) {
    this.home = home.toString();
    this.corpus = corpus;
    this.ratio = ratio;
    this.mostModels = mostModels;
    this.registry = new Registry(this.home, hadoop);
  }

  /** The current version; empty before there is one. */
  Optional<String> current() {
    return registry.current();
  }

  /** The names of all models and records, half-written ones among them. */
  Set<String> modelFiles() {
    return list("models").stream()
        .map(each -> each.getPath().getName())
        .collect(Collectors.toSet());
  }

  /** Bytes that home takes. */
  long size() {
    return new HomeSweep(new Path(home), hadoop).size();
  }

  /** What was promised and is not so, a line each. */
  List<String> broken() {
    return broken;
  }

  void promise(int night, boolean kept, String promise) {
    if (!kept) {
      broken.add("night %d: %s".formatted(night + 1, promise));
    }
  }

  /** Whatever happened: there is a whole model, and it is no worse than the one before. */
  void always(int night, Optional<String> before) {
    Optional<String> now = Optional.empty();
    try {
      now = registry.current();
      if (now.isPresent()) {
        Bundle.read(registry.modelDir(now.get()), hadoop).close();
      }
    } catch (UserException damaged) {
      promise(night, false, damaged.getMessage());
    }
    promise(night, now.isPresent() || before.isEmpty(), "there is a current model");
    if (before.isPresent() && now.isPresent() && !before.equals(now)) {
      compare(night, before.get(), now.get());
    }
  }

  private void compare(int night, String before, String now) {
    SparkConf conf = new SparkConf().set("spark.master", "local[2]");
    try (ClusterSession cluster = ClusterSession.start("storyloom bench year", conf)) {
      Dataset<Row> pairs =
          CorpusReader.readAligned(
              cluster.spark(),
              corpus.resolve("valid.wp_source").toString(),
              corpus.resolve("valid.wp_target").toString());
      double old = perplexity(pairs, before);
      double fresh = perplexity(pairs, now);
      promise(
          night,
          fresh <= old * ratio * TOLERANCE,
          "perplexity went from %.4f to %.4f, which the gate does not allow".formatted(old, fresh));
    }
  }

  private double perplexity(Dataset<Row> pairs, String version) {
    return new Evaluator(registry.modelDir(version), MINIBATCH, hadoop)
        .evaluate(pairs)
        .perplexityPerWord();
  }

  /** After a night that came to its end: nothing is left of those that did not. */
  void tidy(int night) {
    promise(night, registry.versions().size() <= mostModels, "at most " + mostModels + " models");
    promise(night, list("checkpoints").isEmpty(), "no checkpoint is left");
    for (String folder : List.of("models", "prepared", "")) {
      for (FileStatus each : list(folder)) {
        String name = each.getPath().getName();
        promise(
            night, !name.startsWith("_"), "%s is no half-written file".formatted(each.getPath()));
        promise(night, !name.endsWith(".lock"), "the lock is given back");
      }
    }
  }

  private List<FileStatus> list(String folder) {
    return new HomeSweep(folder.isEmpty() ? new Path(home) : new Path(home, folder), hadoop).list();
  }
}
