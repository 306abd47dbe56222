package storyloom.jobs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import storyloom.model.UserException;
import storyloom.model.bundle.Bundle;
import storyloom.model.bundle.BundleWriter;
import storyloom.model.nn.Seq2SeqConfig;
import storyloom.model.registry.Registry;
import storyloom.model.settings.Settings;
import storyloom.pipeline.batch.PreparedCorpus;
import storyloom.pipeline.train.Checkpoint;
import storyloom.pipeline.train.Checkpoints;
import storyloom.pipeline.train.DivergedException;
import storyloom.pipeline.train.StopRequest;
import storyloom.pipeline.train.TrainedText;
import storyloom.pipeline.train.Trainer;
import storyloom.pipeline.train.TrainingPlan;
import storyloom.pipeline.train.TrainingPosition;
import storyloom.pipeline.train.TrainingResult;
import storyloom.pipeline.train.TrainingResult.Ending;

/** Trains a model on a corpus and makes it the current one: {@code spark-submit jobs/train.jar}. */
@Command(
    name = "spark-submit jobs/train.jar",
    description = "Trains a story model on a corpus of prompts and stories.")
public final class TrainJob implements Callable<Integer> {

  @Mixin private CommonOptions options;

  @Option(
      names = "--resume",
      description =
          "Go on with the newest run under home that was stopped or died, with its own settings,"
              + " from its last checkpoint.")
  private boolean resume;

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

  @Override
  public Integer call() {
    settings = options.settings();
    requireModel();
    String home = settings.text("home");
    try (ClusterSession session = ClusterSession.start("storyloom train")) {
      cluster = session;
      if (!options.sharedFiles()) {
        cluster.sharedFiles().require(home);
      }
      registry = new Registry(home, cluster.hadoop());
      return resume ? goOn(home) : start(home);
    }
  }

  private int start(String home) {
    if (!options.sharedFiles()) {
      cluster.sharedFiles().require(settings.text("corpus.path"));
    }
    int workers = settings.integer("train.workers");
    try (PreparedStore store = store(home);
        TrainingRun run = TrainingRun.create(home, cluster.hadoop())) {
      PreparedCorpus corpus =
          new Preparation(cluster, settings, store)
              .of(run, workers == 0 ? cluster.slots() : workers);
      TrainedText text =
          new TrainedText(
              settings.textSettings(),
              corpus.vocabulary(),
              TrainingProvenance.atStart(settings, corpus));
      return train(run, corpus, text, Optional.empty());
    }
  }

  private PreparedStore store(String home) {
    return new PreparedStore(
        home,
        cluster.context(),
        settings.integer("train.prepared-kept"),
        () -> TrainingRun.neededCorpora(home, cluster.hadoop()));
  }

  private int goOn(String home) {
    TrainingRun unfinished =
        TrainingRun.newestUnfinished(home, cluster.hadoop())
            .orElseThrow(
                () ->
                    UserException.usage(
                        "there is no unfinished run under %s to go on with: train without --resume"
                            .formatted(home)));
    try (PreparedStore store = store(home);
        TrainingRun run = unfinished;
        Checkpoint checkpoint =
            Checkpoints.readNewest(run.checkpoints(), cluster.hadoop(), Console::warn)
                .orElseThrow()) {
      Bundle bundle = checkpoint.bundle();
      settings = ResumedSettings.of(settings, run.name(), bundle.provenance().settings());
      Console.say("going on with %s", checkpoint.directory());
      TrainedText text = new TrainedText(bundle.text(), bundle.vocabulary(), bundle.provenance());
      PreparedCorpus corpus =
          new Preparation(cluster, settings, store).again(run, text.provenance().workers());
      return train(run, corpus, text, Optional.of(checkpoint));
    }
  }

  private int train(
      TrainingRun run, PreparedCorpus corpus, TrainedText text, Optional<Checkpoint> from) {
    TrainingSettings training = new TrainingSettings(settings);
    TrainingPlan plan = training.plan(text.vocabulary().size(), text.provenance().workers());
    TrainingPosition start = from.map(Checkpoint::position).orElse(TrainingPosition.START);
    StopRequest stop = new StopRequest();
    ConsoleProgress console = ConsoleProgress.of(plan.epochs());
    try (RoundLog log = new RoundLog(run.told(), cluster.hadoop(), start.epoch(), start.round());
        Trainer trainer =
            new Trainer(
                cluster.context(),
                plan,
                cluster.hadoop(),
                log.andThen(console),
                training.limits(),
                stop)) {
      trainer.saveTo(
          new Checkpoints(run.checkpoints(), cluster.hadoop(), training.checkpoints(), text));
      from.ifPresent(trainer::startFrom);
      TrainingResult result;
      try (console; // gone before the result is told
          StopSignals signals = new StopSignals(stop::request)) {
        result = trainer.train(corpus.train(), corpus.valid());
      }
      if (result.ending() == Ending.STOPPED) {
        Console.say("stopped; --resume goes on with the run %s", run.name());
        return ExitStatus.STOPPED;
      }
      finish(run, text, trainer, result);
      return ExitStatus.DONE;
    } catch (DivergedException diverged) {
      throw new JobFailure(diverged.getMessage());
    }
  }

  private void finish(TrainingRun run, TrainedText text, Trainer trainer, TrainingResult result) {
    SortedMap<String, Double> metrics = TrainingMetrics.of(result, text.provenance().metrics());
    String version =
        BundleWriter.write(
            registry.modelsDir(),
            cluster.hadoop(),
            trainer.model().config(),
            text.settings(),
            text.vocabulary(),
            trainer.model().weights(),
            TrainingProvenance.atEnd(text.provenance(), settings, metrics));
    registry.promote(version);
    run.done();
    report(version, result, metrics);
  }

  private void report(String version, TrainingResult result, SortedMap<String, Double> metrics) {
    Console.say(
        "training ended %s; the weights are those of epoch %d",
        switch (result.ending()) {
          case EPOCHS -> "after its last epoch";
          case PATIENCE ->
              "because %d epochs brought no lower perplexity"
                  .formatted(settings.integer("train.patience"));
          case TIME -> "within its %s minutes".formatted(settings.text("train.max-minutes"));
          case STOPPED -> throw new IllegalArgumentException("a stopped training has no model");
        },
        result.kept().epoch() + 1);
    Console.say("the model lies in %s and is the current one", registry.modelDir(version));
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("model", version);
    line.put("path", registry.modelDir(version).toString());
    for (String name :
        List.of("valid_perplexity", "valid_accuracy", "train_perplexity", "tokens_per_second")) {
      line.put(name, metrics.get(name));
    }
    Console.json(line);
  }

  /** Settings that exclude each other are refused before any corpus is read. */
  private void requireModel() {
    Seq2SeqConfig model = Seq2SeqConfig.of(settings, settings.integer("text.vocabulary"));
    new TrainingSettings(settings).plan(model.vocabulary(), 1);
  }
}
