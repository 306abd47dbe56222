package storyloom.pipeline.ml;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import storyloom.model.bundle.Bundle;
import storyloom.model.bundle.Provenance;
import storyloom.model.files.ChecksummedDirectory;
import storyloom.model.files.HadoopFiles;
import storyloom.model.settings.Settings;
import storyloom.pipeline.batch.PreparedCorpus;
import storyloom.pipeline.corpus.Corpus;
import storyloom.pipeline.corpus.CorpusSettings;
import storyloom.pipeline.corpus.read.RawCorpus;
import storyloom.pipeline.prepare.CorpusEncoder;
import storyloom.pipeline.train.Trainer;
import storyloom.pipeline.train.TrainingProvenance;
import storyloom.pipeline.train.checkpoint.Checkpoint;
import storyloom.pipeline.train.checkpoint.Checkpoints;
import storyloom.pipeline.train.plan.Placement;
import storyloom.pipeline.train.plan.StopRequest;
import storyloom.pipeline.train.plan.TrainingLimits;
import storyloom.pipeline.train.plan.TrainingPlan;
import storyloom.pipeline.train.plan.TrainingProgress;
import storyloom.pipeline.train.plan.TrainingResult;

/**
 * A training from a table of pairs to a bundle, by the same steps as train.jar's. Ids and
 * checkpoints stand beside the models while it goes on, under a name that readers pass over, and
 * are gone when it ends.
 */
final class StoryTraining {

  /** Only the weights of the best epoch are wanted of them: nobody resumes. */
  private static final Checkpoints.Schedule AFTER_EPOCHS = new Checkpoints.Schedule(0, 0, 1);

  private final SparkSession session;
  private final JavaSparkContext context;
  private final Configuration hadoop;
  private final Settings settings;
  private final Path models;

  /** Counts the rounds of each epoch. */
  private static final class Rounds implements TrainingProgress {
    private final List<Integer> epochs = new ArrayList<>();

    @Override
    public void roundDone(RoundReport report) {
      epochs.add(report.epoch());
    }

    @Override
    public void epochDone(EpochReport report) {}

    long until(int epoch) {
      return epochs.stream().filter(each -> each <= epoch).count();
    }
  }

  /**
   * @param settings all that decides the weights, besides the pairs
   * @param models where the bundle shall stand, any Hadoop URI that all executors reach
   */
  StoryTraining(SparkSession session, Settings settings, String models) {
    this.session = session;
    this.context = JavaSparkContext.fromSparkContext(session.sparkContext());
    this.hadoop = session.sessionState().newHadoopConf();
    this.settings = settings;
    Path named = new Path(models);
    this.models = HadoopFiles.of(named, hadoop).makeQualified(named);
  }

  /**
   * Trains.
   *
   * @param pairs as they were read
   * @param progress hears how it goes
   * @return the bundle's directory
   * @throws storyloom.model.UserException if the pairs or the settings cannot be used
   * @throws storyloom.pipeline.train.plan.DivergedException if the loss is not finite any more
   */
  Path train(RawCorpus pairs, TrainingProgress progress) {
    int workers = TrainingPlan.workers(settings, Placement.of(context, 1).slots());
    TrainingPlan.batch(settings).sharedBy(workers);
    try (var work = new ChecksummedDirectory.Writer(models, hadoop)) {
      Checkpoint.Metadata text = prepare(pairs, workers, work.folder());
      return new Path(models, train(work.folder(), text, workers, progress));
    }
  }

  /** Writes the shards; gives what the model will say besides its weights. */
  private Checkpoint.Metadata prepare(RawCorpus pairs, int workers, Path folder) {
    try (Corpus corpus = Corpus.prepare(pairs, CorpusSettings.of(settings), report -> {})) {
      CorpusEncoder.Encoded encoded =
          new CorpusEncoder(settings, "the table", hadoop)
              .encode(session, corpus, UnaryOperator.identity(), workers, folder);
      PreparedCorpus.Contents contents =
          PreparedCorpus.Contents.of(
              "", corpus.hash(), encoded.vocabulary(), workers, encoded.train(), encoded.valid());
      return new Checkpoint.Metadata(
          settings.textSettings(),
          encoded.vocabulary(),
          TrainingProvenance.atStart(settings, contents, null, null, new TreeMap<>()));
    }
  }

  private String train(
      Path folder, Checkpoint.Metadata text, int workers, TrainingProgress progress) {
    TrainingPlan plan = TrainingPlan.of(settings, text.vocabulary(), workers);
    Rounds rounds = new Rounds();
    try (Trainer trainer =
        new Trainer(
            context,
            plan,
            hadoop,
            rounds.andThen(progress),
            TrainingLimits.of(settings),
            new StopRequest())) {
      trainer.saveTo(new Checkpoints(new Path(folder, "checkpoints"), hadoop, AFTER_EPOCHS, text));
      TrainingResult result =
          trainer.train(PreparedCorpus.train(folder), PreparedCorpus.valid(folder));
      Provenance provenance =
          TrainingProvenance.atEnd(
              text.provenance(), settings, result, rounds.until(result.kept().epoch()));
      return Bundle.write(
          models,
          hadoop,
          trainer.model().config(),
          text.settings(),
          text.vocabulary(),
          trainer.model().weights(),
          provenance);
    }
  }
}
