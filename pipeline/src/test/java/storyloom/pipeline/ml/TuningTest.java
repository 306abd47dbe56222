package storyloom.pipeline.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.xxhash64;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.ml.tuning.TrainValidationSplit;
import org.apache.spark.ml.tuning.TrainValidationSplitModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.pipeline.generate.StoryGenerator;

/** A trainer inside what Spark ML has for choosing parameters. */
final class TuningTest {

  @TempDir Path folder;

  private StoryTrainer trainer() {
    return PairTables.trainer(folder.resolve("models")).setMaxTokens(12).setStrategy("greedy");
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private static List<String> stories(Dataset<Row> told) {
    return told.orderBy("prompt").select("prediction").collectAsList().stream()
        .map(row -> row.getString(0))
        .toList();
  }

  @Test
  void crossValidatorFindsTheLearningRateThatLearns() throws IOException {
    // equal prompts are in one fold
    Dataset<Row> pairs =
        PairTables.heroes(2)
            .withColumn("fold", pmod(xxhash64(col("prompt")), lit(2)).cast("int"))
            .cache();
    StoryTrainer trainer = trainer();
    ParamMap[] grid =
        new ParamGridBuilder()
            .addGrid(trainer.learningRate(), new double[] {0.02, 0.000001})
            .build();
    CrossValidator validator =
        new CrossValidator()
            .setEstimator(trainer)
            .setEvaluator(new StoryEvaluator())
            .setEstimatorParamMaps(grid)
            .setNumFolds(2)
            .setFoldCol("fold");

    validator.save(path("validator"));
    CrossValidatorModel model = CrossValidator.load(path("validator")).fit(pairs);
    model.save(path("chosen"));
    StoryGenerator best = (StoryGenerator) CrossValidatorModel.load(path("chosen")).bestModel();

    assertThat(model.avgMetrics()[0]).isLessThan(model.avgMetrics()[1] / 2);
    assertThat(stories(best.transform(pairs))).isEqualTo(stories(model.transform(pairs)));
    try (Stream<Path> models = Files.list(folder.resolve("models"))) {
      assertThat(models).as("2 folds of 2, and the best on all").hasSize(5);
    }
  }

  @Test
  @Tag("soak")
  void crossValidatorOfTwoByTwoFindsTheLargerModelOnTheCorpusInData() throws IOException {
    StoryTrainer trainer = trainer().setBatch(16).setEpochs(4).setMaxTokens(60);
    CrossValidator validator =
        new CrossValidator()
            .setEstimator(trainer)
            .setEvaluator(new StoryEvaluator())
            .setEstimatorParamMaps(
                new ParamGridBuilder().addGrid(trainer.hidden(), new int[] {4, 64}).build())
            .setNumFolds(2)
            .setSeed(1);

    CrossValidatorModel model = validator.fit(PairTables.ofData(1000));

    assertThat(model.avgMetrics()[1]).isLessThan(model.avgMetrics()[0]);
    assertThat(((StoryGenerator) model.bestModel()).getBundle()).isNotEmpty();
  }

  @Test
  void pipelineWithStagesBeforeAndBehindIsChosenSavedAndLoaded() throws IOException {
    Dataset<Row> pairs = PairTables.heroes(2);
    StoryTrainer trainer = trainer().setEpochs(1);
    Pipeline pipeline =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  new StringIndexer().setInputCol("genre").setOutputCol("number"),
                  trainer,
                  new IndexToString().setInputCol("number").setOutputCol("again")
                });
    TrainValidationSplit split =
        new TrainValidationSplit()
            .setEstimator(pipeline)
            .setEvaluator(new StoryEvaluator().setMetricName("repetition"))
            .setEstimatorParamMaps(
                new ParamGridBuilder().addGrid(trainer.hidden(), new int[] {8, 16}).build())
            .setParallelism(2)
            .setSeed(5);

    split.save(path("split"));
    TrainValidationSplitModel model = TrainValidationSplit.load(path("split")).fit(pairs);
    model.bestModel().transform(pairs);
    ((PipelineModel) model.bestModel()).save(path("pipeline"));
    PipelineModel loaded = PipelineModel.load(path("pipeline"));

    assertThat(model.validationMetrics()).hasSize(2);
    Dataset<Row> told = loaded.transform(pairs);
    assertThat(stories(told)).isEqualTo(stories(model.transform(pairs)));
    assertThat(told.filter(col("again").notEqual(col("genre"))).isEmpty()).isTrue();
    assertThat(savedFiles("pipeline")).isNotEmpty().noneMatch(TuningTest::isJavaSerialised);
  }

  private List<Path> savedFiles(String name) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve(name))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private static boolean isJavaSerialised(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      return bytes.length > 1 && bytes[0] == (byte) 0xAC && bytes[1] == (byte) 0xED;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
