package storyloom.pipeline.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import storyloom.model.UserException;
import storyloom.model.bundle.Bundle;
import storyloom.model.bundle.Provenance;
import storyloom.model.settings.Settings;
import storyloom.pipeline.generate.StoryGenerator;
import storyloom.pipeline.train.plan.TrainingProgress;

/** A trainer from its parameters to the model it leaves. */
final class StoryTrainerTest {

  /** Settings that are no parameters: where a corpus lies, and what a run of train.jar does. */
  private static final Set<String> NO_PARAMETERS =
      Set.of(
          "corpus.path",
          "corpus.format",
          "train.start",
          "train.unfinished",
          "train.prepared-kept",
          "train.checkpoint-rounds",
          "train.checkpoint-minutes",
          "train.checkpoints-kept",
          "train.mlflow-uri",
          "train.mlflow-experiment");

  @TempDir Path models;

  static Stream<Params> stages() {
    return Stream.of(new StoryTrainer(), new StoryGenerator(), new StoryEvaluator());
  }

  private static Provenance provenance(StoryGenerator generator) {
    return Bundle.provenance(
        new org.apache.hadoop.fs.Path(generator.getBundle()), new Configuration());
  }

  private static byte[] weights(StoryGenerator generator) throws IOException {
    return Files.readAllBytes(
        Path.of(new org.apache.hadoop.fs.Path(generator.getBundle()).toUri().getPath())
            .resolve(Bundle.WEIGHTS));
  }

  @Test
  void modelWritesStoriesBesideThoseItLearnedFrom() throws IOException {
    Dataset<Row> pairs = PairTables.heroes(3);

    StoryGenerator generator = PairTables.trainer(models).setMaxTokens(5).fit(pairs);

    Row told = generator.transform(pairs).first();
    assertThat(told.<String>getAs("story")).startsWith("anna took the lamp");
    assertThat(told.<String>getAs("prediction")).isNotBlank();
    assertThat(told.<Integer>getAs("story_tokens")).isLessThanOrEqualTo(5);
    assertThat(generator.hasParent()).isTrue();
    assertThat(generator.followsRegistry()).isFalse();
    try (Stream<Path> left = Files.list(models)) {
      assertThat(left).as("the bundle alone").hasSize(1);
    }
  }

  @Test
  void weightsDependOnTheRowsAndTheParametersOnly() throws IOException {
    StoryTrainer trainer = PairTables.trainer(models);

    byte[] one = weights(trainer.fit(PairTables.heroes(1)));
    byte[] many =
        weights(
            trainer.copy(ParamMap.empty()).fit(PairTables.heroes(5).orderBy(functions.rand(7))));
    byte[] other = weights(trainer.setSeed(2).fit(PairTables.heroes(1)));

    assertThat(many).isEqualTo(one);
    assertThat(other).isNotEqualTo(one);
  }

  @Test
  void validationPairsAreThoseOfTheIndicatorElseAShareByTheHashOfThePrompt() {
    Dataset<Row> pairs = PairTables.heroes(2);
    StoryTrainer trainer = PairTables.trainer(models).setEpochs(1);

    Provenance byHash = provenance(trainer.fit(pairs));
    Provenance byColumn = provenance(trainer.setValidationIndicatorCol("held").fit(pairs));

    assertThat(byHash.metrics())
        .containsEntry("train_pairs", 35.0)
        .containsEntry("valid_pairs", 1.0);
    assertThat(byColumn.metrics())
        .containsEntry("train_pairs", 32.0)
        .containsEntry("valid_pairs", 4.0)
        .containsEntry("kept_epoch", 1.0);
  }

  @Test
  void whoeverListensHearsOfEveryEpochAlsoOfACopy() {
    List<Integer> epochs = new ArrayList<>();
    TrainingProgress log =
        new TrainingProgress() {
          @Override
          public void roundDone(RoundReport report) {}

          @Override
          public void epochDone(EpochReport report) {
            epochs.add(report.epoch());
          }
        };

    PairTables.trainer(models).reportTo(log).copy(ParamMap.empty()).fit(PairTables.heroes(1));

    assertThat(epochs).containsExactly(0, 1);
  }

  @Test
  void everySettingOfATrainingIsAParameterWithItsDefault() {
    StoryTrainer trainer = new StoryTrainer().setModels("models");
    Settings defaults = Settings.defaults().with("corpus.path", "a table");

    assertThat(trainer.settings().all()).isEqualTo(defaults.all());
    assertThat(defaults.all().keySet())
        .filteredOn(key -> key.matches("(corpus|text|model|train)\\..*"))
        .filteredOn(key -> !NO_PARAMETERS.contains(key))
        .allSatisfy(
            key ->
                assertThat(TrainingOption.values())
                    .as(key)
                    .anyMatch(
                        option ->
                            option.key().endsWith(".")
                                ? key.startsWith(option.key())
                                : key.equals(option.key())));
  }

  @Test
  void parametersBecomeTheSettingsOfTheirNames() {
    StoryTrainer trainer =
        new StoryTrainer()
            .setCleaningRules("html", "unicode")
            .setTextRules()
            .setPairRules("duplicate-pair")
            .setAdaptiveSoftmax(2000, 8000)
            .setLearningRate(0.0001)
            .setSeed(-5)
            .setWorkers(0);

    Settings settings = trainer.settings();

    assertThat(settings.textSettings().rules()).containsExactly("html", "unicode");
    assertThat(settings.flag("text.drop.bots")).isFalse();
    assertThat(settings.flag("corpus.drop.duplicate-pair")).isTrue();
    assertThat(settings.flag("corpus.drop.shared-story")).isFalse();
    assertThat(settings.integers("model.adaptive-softmax")).containsExactly(2000, 8000);
    assertThat(settings.number("train.learning-rate")).isEqualTo(0.0001);
    assertThat(settings.whole("train.seed")).isEqualTo(-5);
    assertThat(settings.text("train.workers")).isEqualTo("0");
  }

  @ParameterizedTest
  @MethodSource("stages")
  void everyParameterHasATypedSetterAndGetterAndExplainsItself(Params stage) throws Exception {
    for (Param<?> param : stage.params()) {
      String name =
          param.name().substring(0, 1).toUpperCase(Locale.ROOT) + param.name().substring(1);
      Method getter = stage.getClass().getMethod("get" + name);
      Method setter =
          Arrays.stream(stage.getClass().getMethods())
              .filter(method -> method.getName().equals("set" + name) && !method.isBridge())
              .findFirst()
              .orElseThrow(() -> new AssertionError("no setter of " + param.name()));

      assertThat(getter.getReturnType()).as(name).isNotEqualTo(Object.class);
      assertThat(setter.getParameterTypes()).as(name).containsExactly(getter.getReturnType());
      if (stage.hasDefault(param)) {
        Object value = getter.invoke(stage);
        assertThat(setter.invoke(stage, value)).isSameAs(stage);
        assertThat(stage.isSet(param)).as(name).isTrue();
      }
      assertThat(stage.explainParam(param))
          .startsWith(param.name() + ": ")
          .doesNotContain("[L", "[I", "undefined");
    }
  }

  @Test
  void mistakesSpeakOfParameters() {
    Dataset<Row> pairs = PairTables.heroes(1);
    StoryTrainer trainer = PairTables.trainer(models);

    refuses(new StoryTrainer(), pairs, "models is not set: setModels names");
    refuses(trainer.copy(ParamMap.empty()).setPromptCol("title"), pairs, "promptCol");
    refuses(trainer.copy(ParamMap.empty()).setStoryCol("tale"), pairs, "with storyCol");
    refuses(trainer.copy(ParamMap.empty()).setStoryCol("held"), pairs, "string, not boolean");
    refuses(
        trainer.copy(ParamMap.empty()).setPredictionCol("genre"),
        pairs,
        "another name with predictionCol");
    refuses(
        trainer.copy(ParamMap.empty()).setValidationIndicatorCol("genre"),
        pairs,
        "validationIndicatorCol");
    refuses(trainer.copy(ParamMap.empty()).setWorkers(9), pairs, "batch");
    refuses(trainer.copy(ParamMap.empty()).setMinCount(999), pairs, "minCount=999");
    refuses(
        trainer.copy(ParamMap.empty()).setTiedEmbeddings(true).setAdaptiveSoftmax(5, 9),
        pairs,
        "tiedEmbeddings");
    refuses(trainer, pairs.limit(0), "nothing is left of the train split");
    assertThatThrownBy(() -> trainer.setHidden(0)).hasMessageContaining("hidden");
    assertThatThrownBy(() -> trainer.setCleaningRules("soap"))
        .hasMessageContaining("cleaningRules");
  }

  private static void refuses(StoryTrainer trainer, Dataset<Row> pairs, String words) {
    assertThatThrownBy(() -> trainer.fit(pairs))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(words)
        .hasMessageNotContainingAny("--", "\n", "text.", "train.", "model.", "decode.");
  }

  @Test
  void trainerIsSavedAndLoadedWithAllItsParameters(@TempDir Path folder) throws IOException {
    StoryTrainer saved =
        PairTables.trainer(models)
            .setCleaningRules("html")
            .setAdaptiveSoftmax(10, 20)
            .setBannedWords("fox", "moon")
            .setKeyCol("genre");
    String path = folder.resolve("trainer").toString();

    saved.save(path);
    StoryTrainer loaded = StoryTrainer.load(path);

    assertThat(loaded.uid()).isEqualTo(saved.uid());
    assertThat(loaded.settings().all()).isEqualTo(saved.settings().all());
    assertThat(loaded.explainParams()).isEqualTo(saved.explainParams());
  }
}
