package storyloom.pipeline.tune;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import storyloom.model.OneLine;
import storyloom.model.UserException;
import storyloom.model.eval.PromptRanking;
import storyloom.model.nn.kernel.MemoryShortage;
import storyloom.model.registry.HomeSweep;
import storyloom.model.settings.Settings;
import storyloom.pipeline.evaluate.PromptRanker;
import storyloom.pipeline.train.plan.Placement;
import storyloom.pipeline.train.plan.TrainingPlan;

/** Trains trials on the cluster, one task for each; several threads may do so at a time. */
public final class TrialRunner {

  private static final String GROUP = "storyloom-tuning";

  /** What of the settings an executor needs to train a trial. */
  private static final List<String> SENT = List.of("corpus.", "text.", "model.", "train.");

  private static final int DEEPEST = 100;

  private final JavaSparkContext context;
  private final SearchPlan plan;
  private final List<Trial> trials;
  private final Path folder;
  private final String run;

  /**
   * @param trials all of the search, by their numbers
   * @param folder of all trials' checkpoints, on a file system that all executors reach
   * @param run what the trials' models are to say that they come from; null for nothing
   */
  public TrialRunner(
      JavaSparkContext context, SearchPlan plan, List<Trial> trials, Path folder, String run) {
    this.context = context;
    this.plan = plan;
    this.trials = List.copyOf(trials);
    this.folder = folder;
    this.run = run;
  }

  /**
   * Trains a trial on to a rung, and judges it there; waits until that is done. That the cluster
   * gave the task up counts as the trial's failure, for its memory may have been what killed the
   * executors.
   *
   * @param slots whose cores it may use, as far as they are those of one executor
   * @throws UserException of data if a file cannot be read or written
   */
  public RungResult run(TrialScheduler.Job job, int slots) {
    try {
      return trained(job, slots);
    } catch (Exception | OutOfMemoryError failure) { // Spark throws checked ones, undeclared
      Optional<UserException> mistake =
          Stream.<Throwable>iterate(failure, cause -> cause != null, Throwable::getCause)
              .limit(DEEPEST)
              .filter(UserException.class::isInstance)
              .map(UserException.class::cast)
              .findFirst();
      if (mistake.isPresent()) {
        throw mistake.get();
      }
      if (context.sc().isStopped()) {
        throw failure;
      }
      return RungResult.failed(
          job,
          MemoryShortage.in(failure)
              .map(which -> "out of memory: " + which)
              .orElseGet(() -> "killed: " + firstLine(failure)));
    }
  }

  /** Spark says in it what has happened; below it stands a stack trace. */
  private static String firstLine(Throwable failure) {
    return OneLine.of(String.valueOf(failure.getMessage()).lines().findFirst().orElse(""));
  }

  private RungResult trained(TrialScheduler.Job job, int slots) {
    Trial trial = trials.get(job.trial());
    int epochs = plan.rungs().get(job.rung());
    try {
      TrainingPlan.of(trial.settings(), trial.corpus().vocabulary(), 1);
    } catch (UserException mistake) { // which shows now that the size of the vocabulary is known
      return RungResult.failed(job, mistake.getMessage());
    }
    context.setJobGroup(GROUP, "trial %d: train to epoch %d".formatted(trial.number() + 1, epochs));
    try {
      TrialTask task = task(trial, epochs, threads(slots));
      TrialTask.Outcome outcome = context.parallelize(List.of(0), 1).map(task).collect().get(0);
      return outcome.failure().isEmpty()
          ? judged(job, trial, outcome)
          : RungResult.failed(job, outcome.failure());
    } finally {
      context.clearJobGroup();
    }
  }

  /** The weights have the same bits with any number of them. */
  private int threads(int slots) {
    Placement alone = Placement.of(context, 1);
    return Math.min(slots * alone.taskCpus(), alone.threads());
  }

  private TrialTask task(Trial trial, int epochs, int threads) {
    Settings own =
        trial.settings().with("train.epochs", Integer.toString(epochs)).with("train.workers", "1");
    List<String> sent =
        own.all().entrySet().stream()
            .filter(each -> SENT.stream().anyMatch(each.getKey()::startsWith))
            .map(each -> each.getKey() + "=" + each.getValue())
            .toList();
    return new TrialTask(
        sent,
        trial.corpus().folder().toString(),
        new Path(folder, trial.folder()).toString(),
        run,
        epochs,
        threads,
        new SerializableConfiguration(context.hadoopConfiguration()));
  }

  private RungResult judged(TrialScheduler.Job job, Trial trial, TrialTask.Outcome outcome) {
    List<Double> curve = outcome.valid().stream().map(trial.corpus().words()::perplexity).toList();
    double value =
        switch (plan.objective()) {
          case PERPLEXITY -> curve.get(outcome.best());
          case RANKING -> ranking(trial, outcome);
        };
    double loss = plan.objective().loss(value);
    return Double.isFinite(loss)
        ? new RungResult(
            job.trial(), job.rung(), loss, outcome.seconds(), outcome.taskSeconds(), curve, "")
        : RungResult.failed(job, "diverged: the %s is %s".formatted(plan.objective(), value));
  }

  private double ranking(Trial trial, TrialTask.Outcome outcome) {
    return new PromptRanker(new Path(outcome.weights()), context.hadoopConfiguration())
        .rank(context, trial.corpus().sample())
        .map(PromptRanking::accuracy)
        .orElseThrow(
            () ->
                UserException.data(
                    "the validation split has too few different prompts for tune.objective=ranking: take perplexity"));
  }

  /** Gives up what runs now; the threads that wait for it get an exception. */
  void cancel() {
    context.sc().cancelJobGroup(GROUP);
  }

  /**
   * Removes the checkpoints of all trials but some.
   *
   * @throws UserException of data if that cannot be done
   */
  public void keep(Set<Integer> living) {
    Set<String> kept = living.stream().map(Trial::folder).collect(Collectors.toSet());
    HomeSweep sweep = new HomeSweep(folder, context.hadoopConfiguration());
    sweep.list().stream()
        .filter(FileStatus::isDirectory)
        .map(each -> each.getPath().getName())
        .filter(name -> !kept.contains(name))
        .forEach(sweep::remove);
  }

  /** Folder of a trial's checkpoints. */
  public Path checkpoints(int trial) {
    return new Path(folder, Trial.folder(trial));
  }
}
