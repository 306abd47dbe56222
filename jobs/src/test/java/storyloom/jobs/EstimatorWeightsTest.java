package storyloom.jobs;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.bundle.Bundle;
import storyloom.pipeline.corpus.read.CorpusReader;
import storyloom.pipeline.generate.StoryGenerator;
import storyloom.pipeline.ml.StoryTrainer;

/** Spark ML's way to a model is that of train.jar. */
final class EstimatorWeightsTest {

  @TempDir Path folder;

  private static Dataset<Row> split(SparkSession spark, Path corpus, String split) {
    return CorpusReader.readAligned(
        spark,
        corpus.resolve(split + ".wp_source").toString(),
        corpus.resolve(split + ".wp_target").toString());
  }

  @Test
  void sameDataAndSettingsGiveTheWeightsOfTrainJar() throws IOException {
    Path corpus = SmallCorpus.write(folder.resolve("corpus"));
    Path home = folder.resolve("home");
    Commands.Result trained =
        Commands.train(SmallCorpus.training(home, corpus, "--set", "train.epochs=3"));
    assertThat(trained.status()).as("%s", trained.err()).isZero();
    Path byCommand = home.resolve("models").resolve(trained.json().get("model").textValue());

    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", false)
            .config("spark.sql.shuffle.partitions", 3)
            .getOrCreate()) {
      Dataset<Row> pairs =
          split(spark, corpus, "train")
              .withColumn("held", lit(false))
              .union(split(spark, corpus, "valid").withColumn("held", lit(true)));
      StoryGenerator generator =
          new StoryTrainer()
              .setModels(folder.resolve("models").toString())
              .setValidationIndicatorCol("held")
              .setMinCount(1)
              .setEmbedding(16)
              .setHidden(32)
              .setDropout(0)
              .setBatch(8)
              .setWorkers(2)
              .setEpochs(3)
              .setLearningRate(0.01)
              .fit(pairs);
      Path byEstimator = Path.of(URI.create(generator.getBundle()).getPath());

      assertThat(byEstimator.resolve(Bundle.WEIGHTS))
          .hasSameBinaryContentAs(byCommand.resolve(Bundle.WEIGHTS));
      assertThat(byEstimator.resolve("vocabulary.tsv"))
          .hasSameTextualContentAs(byCommand.resolve("vocabulary.tsv"));
      assertThat(Files.readString(byEstimator.resolve("bundle.json")))
          .contains("\"kept_rounds\" : 3.0");
    }
  }
}
