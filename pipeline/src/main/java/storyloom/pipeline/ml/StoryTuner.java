package storyloom.pipeline.ml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;
import storyloom.model.UserException;
import storyloom.model.bundle.Bundle;
import storyloom.model.files.ChecksummedDirectory;
import storyloom.model.files.HadoopFiles;
import storyloom.model.settings.Settings;
import storyloom.pipeline.batch.PreparedCorpus;
import storyloom.pipeline.corpus.Corpus;
import storyloom.pipeline.corpus.CorpusSettings;
import storyloom.pipeline.evaluate.HeldOutPairs;
import storyloom.pipeline.generate.StoryGenerator;
import storyloom.pipeline.prepare.CorpusEncoder;
import storyloom.pipeline.train.checkpoint.Checkpoints;
import storyloom.pipeline.train.plan.Placement;
import storyloom.pipeline.train.plan.TrainingPlan;
import storyloom.pipeline.tune.RungResult;
import storyloom.pipeline.tune.SearchPlan;
import storyloom.pipeline.tune.SearchPlan.Kind;
import storyloom.pipeline.tune.SearchPlan.Objective;
import storyloom.pipeline.tune.Trial;
import storyloom.pipeline.tune.TrialCorpus;
import storyloom.pipeline.tune.TrialRunner;
import storyloom.pipeline.tune.TrialScheduler;
import storyloom.pipeline.tune.Tuner;

/**
 * Finds which of some parameters let a {@link StoryTrainer} learn a table well, as tune.jar does:
 * by asynchronous successive halving, on one validation split, each trial one worker's training in
 * one task, and as many at a time as there are task slots. Spark ML's CrossValidator trains every
 * point of a grid to its end, for each fold anew; this one gives up most of them early.
 *
 * <pre>{@code
 * StoryTuner.Tuned tuned = new StoryTuner(trainer, new ParamGridBuilder().addGrid(…).build()).fit(pairs);
 * }</pre>
 */
public final class StoryTuner {

  private static final int REDUCTION = 3;
  private static final int NO_SEED = 0; // nothing is drawn

  private final StoryTrainer trainer;
  private final List<ParamMap> maps;
  private int reduction = REDUCTION;
  private Objective objective = Objective.PERPLEXITY;

  /**
   * What was found.
   *
   * @param best the best trial's model, which stands in the trainer's folder of models
   * @param params what that one was trained with
   * @param results of all trials, rung by rung; trials are counted from 0, in the order of the maps
   */
  public record Tuned(StoryGenerator best, ParamMap params, List<RungResult> results) {}

  /**
   * @param trainer has what all trials have in common; its epochs are those of a trial that comes
   *     to its end, and its workers do not matter
   * @param maps one for each trial, such as ParamGridBuilder makes
   * @throws UserException of usage if there are none
   */
  public StoryTuner(StoryTrainer trainer, ParamMap... maps) {
    if (maps.length == 0) {
      throw UserException.usage("there is no ParamMap to try: ParamGridBuilder makes some");
    }
    this.trainer = trainer;
    this.maps = List.of(maps);
  }

  /** Sets of how many trials that have got equally far one goes on; 3 by default. */
  public StoryTuner setReduction(int value) {
    if (value < 2) {
      throw UserException.usage("reduction must be at least 2, not " + value);
    }
    reduction = value;
    return this;
  }

  /** Judges trials by how often they know a story's own prompt, in place of perplexity per word. */
  public StoryTuner judgeByRanking() {
    objective = Objective.RANKING;
    return this;
  }

  /**
   * Searches, and writes the best model.
   *
   * @param pairs prompts and stories, as {@link StoryTrainer#fit} takes them
   * @throws UserException if a parameter is not as it must be, the pairs cannot be used, or all
   *     trials fail
   */
  public Tuned fit(Dataset<?> pairs) {
    trainer.transformSchema(pairs.schema());
    try {
      List<Settings> settings = maps.stream().map(map -> trainer.copy(map).settings()).toList();
      for (Settings each : settings) { // refuses before any job
        each.textSettings();
        TrainingPlan.of(each, each.integer("text.vocabulary"), 1);
      }
      return fit(pairs, settings);
    } catch (UserException mistake) {
      throw TrainerParams.inParams(mistake);
    }
  }

  private Tuned fit(Dataset<?> pairs, List<Settings> settings) {
    SparkSession session = pairs.sparkSession();
    Configuration hadoop = session.sessionState().newHadoopConf();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
    Path named = new Path(trainer.getModels());
    Path models = HadoopFiles.of(named, hadoop).makeQualified(named);
    SearchPlan plan =
        new SearchPlan(
            Kind.ASHA,
            maps.size(),
            SearchPlan.rungs(trainer.getEpochs(), reduction),
            reduction,
            objective,
            NO_SEED);
    try (var work = new ChecksummedDirectory.Writer(models, hadoop)) {
      List<Trial> trials = trials(pairs, settings, work.folder(), hadoop);
      TrialRunner runner =
          new TrialRunner(context, plan, trials, new Path(work.folder(), "checkpoints"), null);
      TrialScheduler scheduler = new TrialScheduler(plan);
      new Tuner(
              scheduler,
              runner,
              () -> Placement.of(context, maps.size()).slots(),
              result -> runner.keep(scheduler.living())) // nobody needs the others
          .run(Double.POSITIVE_INFINITY);
      RungResult best =
          scheduler.leaders().stream()
              .findFirst()
              .orElseThrow(() -> UserException.data(failure(scheduler)));
      Path bundle = write(runner, best, models, hadoop);
      StoryTrainer chosen = trainer.copy(maps.get(best.trial()));
      return new Tuned(
          chosen.generator(bundle.toString()).setParent(chosen),
          maps.get(best.trial()),
          scheduler.results());
    }
  }

  private static String failure(TrialScheduler scheduler) {
    return "all trials have failed; the first one: " + scheduler.results().get(0).reason();
  }

  /** Trials of equal settings of text share what is prepared. */
  private List<Trial> trials(
      Dataset<?> pairs, List<Settings> settings, Path folder, Configuration hadoop) {
    Map<Map<String, String>, TrialCorpus> corpora = new HashMap<>();
    List<Trial> trials = new ArrayList<>();
    for (Settings own : settings) {
      Map<String, String> text = CorpusEncoder.deciding(own.all());
      TrialCorpus corpus = corpora.get(text);
      if (corpus == null) {
        corpus = corpus(pairs, own, folder, "corpus-" + corpora.size(), hadoop);
        corpora.put(text, corpus);
      }
      trials.add(new Trial(trials.size(), new TreeMap<>(), own, corpus));
    }
    return trials;
  }

  /** Reads, cleans and encodes the table for one worker. */
  private TrialCorpus corpus(
      Dataset<?> pairs, Settings settings, Path folder, String name, Configuration hadoop) {
    SparkSession session = pairs.sparkSession();
    try (var draft = new ChecksummedDirectory.Writer(folder, hadoop);
        Corpus corpus =
            Corpus.prepare(trainer.corpus(pairs), CorpusSettings.of(settings), report -> {})) {
      CorpusEncoder.Encoded encoded =
          new CorpusEncoder(settings, "the table", hadoop)
              .encode(session, corpus, UnaryOperator.identity(), 1, draft.folder());
      HeldOutPairs.write(corpus.valid(), PreparedCorpus.heldOut(draft.folder()));
      PreparedCorpus.describe(
          draft,
          PreparedCorpus.Contents.of(
              "", corpus.hash(), encoded.vocabulary(), 1, encoded.train(), encoded.valid()),
          encoded.vocabulary());
      draft.commit(name);
    }
    return TrialCorpus.of(
        session, PreparedCorpus.open(new Path(folder, name), hadoop), settings, objective);
  }

  private static Path write(
      TrialRunner runner, RungResult best, Path models, Configuration hadoop) {
    Path weights = Checkpoints.end(runner.checkpoints(best.trial()), best.bestEpoch());
    try (Bundle bundle = Bundle.read(weights, hadoop)) {
      return new Path(
          models,
          Bundle.write(
              models,
              hadoop,
              bundle.config(),
              bundle.text(),
              bundle.vocabulary(),
              bundle.weights().tensors(),
              bundle.provenance()));
    }
  }
}
