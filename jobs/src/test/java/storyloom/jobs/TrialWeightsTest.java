package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.bundle.Bundle;
import storyloom.model.settings.Settings;
import storyloom.pipeline.batch.PreparedCorpus;
import storyloom.pipeline.train.checkpoint.Checkpoints;
import storyloom.pipeline.tune.RungResult;
import storyloom.pipeline.tune.SearchPlan;
import storyloom.pipeline.tune.Trial;
import storyloom.pipeline.tune.TrialCorpus;
import storyloom.pipeline.tune.TrialRunner;
import storyloom.pipeline.tune.TrialScheduler.Job;

/** A trial in a task, rung by rung, is the training of one worker that train.jar does. */
final class TrialWeightsTest {

  private static final List<Integer> RUNGS = List.of(1, 3, 5);

  private static final String[] SETTINGS = {
    "train.workers=1",
    "train.epochs=5",
    "model.dropout=0.3",
    "model.recurrent-dropout=0.2",
    "model.embedding-dropout=0.1",
    "model.attention=general",
    "model.copy=true",
    "train.weight-average=0.9",
    "train.averaging-frequency=3",
    "train.schedule=plateau",
    "train.plateau-improvement=0.5"
  };

  @TempDir Path folder;

  @Test
  void theTrialIsTheTraining() throws IOException {
    Path corpus = SmallCorpus.write(folder.resolve("corpus"));
    Path home = folder.resolve("home");
    String[] more =
        List.of(SETTINGS).stream()
            .flatMap(each -> List.of("--set", each).stream())
            .toArray(String[]::new);
    Commands.Result trained = Commands.train(SmallCorpus.training(home, corpus, more));
    assertThat(trained.status()).as("%s", trained.err()).isZero();
    Path model = home.resolve("models").resolve(trained.json().get("model").textValue());

    try (SparkSession spark =
        SparkSession.builder().master("local[2]").config("spark.ui.enabled", false).getOrCreate()) {
      Path weights = trial(spark, settings(home, corpus, more), prepared(home));

      assertThat(weights.resolve(Bundle.WEIGHTS))
          .hasSameBinaryContentAs(model.resolve(Bundle.WEIGHTS));
    }
  }

  private static Settings settings(Path home, Path corpus, String... more) {
    List<String> assignments =
        List.of(SmallCorpus.training(home, corpus, more)).stream()
            .filter(each -> !each.equals("--set"))
            .toList();
    return Settings.load(Optional.empty(), assignments);
  }

  private static Path prepared(Path home) throws IOException {
    try (var corpora = Files.list(home.resolve("prepared"))) {
      return corpora.findFirst().orElseThrow();
    }
  }

  /** The weights of the best epoch, after each rung in a task of its own. */
  private Path trial(SparkSession spark, Settings settings, Path prepared) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    SearchPlan plan =
        new SearchPlan(SearchPlan.Kind.ASHA, 1, RUNGS, 3, SearchPlan.Objective.PERPLEXITY, 1);
    PreparedCorpus pairs =
        PreparedCorpus.read(context, new org.apache.hadoop.fs.Path(prepared.toUri()));
    Trial trial =
        new Trial(
            0, new TreeMap<>(), settings, TrialCorpus.of(spark, pairs, settings, plan.objective()));
    Path checkpoints = folder.resolve("tuning/checkpoints");
    TrialRunner runner =
        new TrialRunner(
            context,
            plan,
            List.of(trial),
            new org.apache.hadoop.fs.Path(checkpoints.toUri()),
            "trial");
    RungResult last = null;
    for (int rung = 0; rung < RUNGS.size(); rung++) {
      last = runner.run(new Job(0, rung), 1 + rung % 2); // on one thread, on two, on one
      assertThat(last.reason()).isEmpty();
    }
    assertThat(last.curve()).hasSize(5);
    return Path.of(Checkpoints.end(runner.checkpoints(0), last.bestEpoch()).toUri().getPath());
  }
}
