package storyloom.jobs;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import storyloom.model.UserException;
import storyloom.model.bundle.BundleWriter;
import storyloom.model.bundle.Provenance;
import storyloom.model.nn.LearningRate;
import storyloom.model.nn.Optimisation;
import storyloom.model.nn.Schedule;
import storyloom.model.nn.Seq2SeqConfig;
import storyloom.model.registry.Registry;
import storyloom.model.settings.Settings;
import storyloom.model.text.TextSettings;
import storyloom.model.text.Vocabulary;
import storyloom.pipeline.batch.PairEncoder;
import storyloom.pipeline.batch.PairShards;
import storyloom.pipeline.batch.ShardTotals;
import storyloom.pipeline.corpus.Corpus;
import storyloom.pipeline.train.EpochReport;
import storyloom.pipeline.train.Trainer;
import storyloom.pipeline.train.TrainingPlan;
import storyloom.pipeline.vocabulary.VocabularyBuilder;

/** Trains a model on a corpus and makes it the current one: {@code spark-submit jobs/train.jar}. */
@Command(
    name = "spark-submit jobs/train.jar",
    description = "Trains a story model on a corpus of prompts and stories.")
public final class TrainJob implements Callable<Integer> {

  @Mixin private CommonOptions options;

  private Settings settings;
  private ClusterSession cluster;
  private Registry registry;

  private TrainJob() {}

  /** Runs the command and ends the process with its exit status. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs the command; gives its exit status. */
  static int run(String... args) {
    return CommandFrame.run(new TrainJob(), args);
  }

  /** What is known of a corpus when its pairs lie in shards. */
  private record Encoded(
      String corpusHash, Vocabulary vocabulary, ShardTotals train, ShardTotals valid) {}

  @Override
  public Integer call() {
    settings = options.settings();
    requireModel();
    String home = settings.text("home");
    try (ClusterSession session = ClusterSession.start("storyloom train")) {
      cluster = session;
      if (!options.sharedFiles()) {
        List.of(home, settings.text("corpus.path")).forEach(cluster.sharedFiles()::require);
      }
      registry = new Registry(home, cluster.hadoop());
      int workers = settings.integer("train.workers");
      try (PreparedPairs pairs = new PreparedPairs(home, cluster.hadoop())) {
        train(pairs, workers == 0 ? cluster.slots() : workers);
      }
    }
    return ExitStatus.DONE;
  }

  private void train(PreparedPairs pairs, int workers) {
    Encoded encoded = encode(pairs, workers);
    TrainingPlan plan = plan(encoded.vocabulary(), workers);
    try (Trainer trainer =
        new Trainer(cluster.context(), plan, cluster.hadoop(), new ProgressLines(plan.epochs()))) {
      List<EpochReport> epochs = trainer.train(pairs.train(), pairs.valid());
      SortedMap<String, Double> metrics =
          TrainingMetrics.of(epochs, encoded.train(), encoded.valid());
      requireFinite(metrics.get("valid_loss"));
      String version =
          BundleWriter.write(
              registry.modelsDir(),
              cluster.hadoop(),
              plan.model(),
              settings.textSettings(),
              encoded.vocabulary(),
              trainer.model().weights(),
              provenance(encoded, workers, metrics));
      registry.promote(version);
      report(version, metrics);
    }
  }

  /** From the corpus to shards of ids: read, cleaned, split, counted, encoded. */
  private Encoded encode(PreparedPairs pairs, int workers) {
    TextSettings text = settings.textSettings();
    try (Corpus corpus =
        Corpus.prepare(
            cluster.spark(),
            settings.text("corpus.path"),
            settings.text("corpus.format"),
            text.rules(),
            settings.number("corpus.valid-share"))) {
      corpus.report().lines().forEach(Console::say);
      Vocabulary vocabulary =
          VocabularyBuilder.build(
              corpus.train(),
              text,
              settings.integer("text.min-count"),
              settings.integer("text.vocabulary"));
      requireWords(vocabulary);
      try (PairEncoder encoder = new PairEncoder(cluster.spark(), text, vocabulary)) {
        ShardTotals train =
            PairShards.write(
                encoder.encode(corpus.train()), workers, pairs.train(), cluster.hadoop());
        ShardTotals valid =
            PairShards.write(
                encoder.encode(corpus.valid()), workers, pairs.valid(), cluster.hadoop());
        requirePairs("train", train);
        requirePairs("valid", valid);
        Console.say(
            "%,d pairs to train on, %,d to validate, a vocabulary of %,d tokens, %d workers",
            train.pairs(), valid.pairs(), vocabulary.size(), workers);
        return new Encoded(corpus.hash(), vocabulary, train, valid);
      }
    }
  }

  private TrainingPlan plan(Vocabulary vocabulary, int workers) {
    return new TrainingPlan(
        Seq2SeqConfig.of(settings, vocabulary.size()),
        new Optimisation(
            learningRate(),
            settings.number("train.clip"),
            settings.number("train.label-smoothing"),
            settings.whole("train.seed"),
            settings.flag("train.bfloat16")),
        settings.integer("train.epochs"),
        settings.integer("train.batch"),
        settings.integer("train.averaging-frequency"),
        workers);
  }

  private LearningRate learningRate() {
    return new LearningRate(
        Schedule.of(settings.text("train.schedule")),
        settings.number("train.learning-rate"),
        settings.integer("train.warm-up"),
        settings.number("train.plateau-improvement"));
  }

  private Provenance provenance(Encoded encoded, int workers, SortedMap<String, Double> metrics) {
    return new Provenance(
        encoded.corpusHash(),
        encoded.vocabulary().sha256(),
        settings.whole("train.seed"),
        workers,
        BuildInfo.versions(),
        BuildInfo.gitCommit(),
        Instant.now(),
        null,
        settings.all(),
        metrics);
  }

  private void report(String version, SortedMap<String, Double> metrics) {
    Console.say("the model lies in %s and is the current one", registry.modelDir(version));
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("model", version);
    result.put("path", registry.modelDir(version).toString());
    for (String name :
        List.of("valid_perplexity", "valid_accuracy", "train_perplexity", "tokens_per_second")) {
      result.put(name, metrics.get(name));
    }
    Console.json(result);
  }

  /** Settings that exclude each other are refused before any corpus is read. */
  private void requireModel() {
    Seq2SeqConfig.of(settings, settings.integer("text.vocabulary"));
  }

  private void requireWords(Vocabulary vocabulary) {
    if (vocabulary.size() == Vocabulary.FIRST_WORD) {
      throw UserException.data(
          "no word of %s occurs text.min-count=%s times: set it lower or take a larger corpus"
              .formatted(settings.text("corpus.path"), settings.text("text.min-count")));
    }
  }

  private void requirePairs(String split, ShardTotals totals) {
    if (totals.pairs() == 0) {
      throw UserException.data(
          "no pair of the %s split of %s has a token on either side"
              .formatted(split, settings.text("corpus.path")));
    }
  }

  private static void requireFinite(double loss) {
    if (!Double.isFinite(loss)) {
      throw new JobFailure(
          "the training has diverged, its loss is %s: set train.learning-rate or train.clip lower"
              .formatted(loss));
    }
  }
}
