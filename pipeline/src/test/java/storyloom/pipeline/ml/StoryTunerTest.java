package storyloom.pipeline.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.bundle.Bundle;
import storyloom.pipeline.generate.StoryGenerator;
import storyloom.pipeline.tune.RungResult;

/** Successive halving over Spark ML's grids. */
final class StoryTunerTest {

  @TempDir Path folder;

  private StoryTrainer trainer() {
    return PairTables.trainer(folder.resolve("models"))
        .setValidationIndicatorCol("held")
        .setDropout(0.2)
        .setEpochs(3)
        .setMaxTokens(12);
  }

  private static Path weights(StoryGenerator generator) {
    return Path.of(URI.create(generator.getBundle()).getPath()).resolve(Bundle.WEIGHTS);
  }

  @Test
  void theBestOfAGridIsTheTrainersOwnModelOfOneWorker() throws IOException {
    Dataset<Row> pairs = PairTables.heroes(2).cache();
    StoryTrainer trainer = trainer();
    ParamMap[] grid =
        new ParamGridBuilder()
            .addGrid(trainer.learningRate(), new double[] {0.02, 0.000001})
            .addGrid(trainer.vocabulary(), new int[] {20, 5000})
            .build();

    StoryTuner.Tuned tuned = new StoryTuner(trainer, grid).fit(pairs);

    assertThat(tuned.params().get(trainer.learningRate()).get()).isEqualTo(0.02);
    assertThat(tuned.results()).filteredOn(each -> each.rung() == 0).hasSize(4);
    assertThat(tuned.results()).noneMatch(RungResult::isFailure);
    try (var models = Files.list(folder.resolve("models"))) {
      assertThat(models).as("one model, and nothing beside it").hasSize(1);
    }
    StoryGenerator again =
        trainer
            .copy(tuned.params())
            .setModels(folder.resolve("again").toString())
            .setWorkers(1)
            .fit(pairs);
    assertThat(weights(tuned.best())).hasSameBinaryContentAs(weights(again));
    assertThat(tuned.best().transform(pairs).filter("prediction is not null").count())
        .isEqualTo(36);
  }

  @Test
  void mistakesSpeakOfParameters() {
    StoryTrainer trainer = trainer().setBidirectional(true);
    ParamMap odd = new ParamMap().put(trainer.hidden().w(7));

    assertThatThrownBy(() -> new StoryTuner(trainer, odd).fit(PairTables.heroes(1)))
        .hasMessageContaining("hidden");
    assertThatThrownBy(() -> new StoryTuner(trainer)).hasMessageContaining("no ParamMap");
  }
}
