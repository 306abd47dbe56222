package storyloom.pipeline.ml;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import storyloom.pipeline.LocalSpark;

/** Pairs that are learned in seconds. */
final class PairTables {

  static final List<String> HEROES = List.of("anna", "ben", "clara", "dan", "eva", "finn");
  static final List<String> OBJECTS = List.of("lamp", "ring", "map", "drum", "key", "coat");

  private static final StructType SCHEMA =
      new StructType()
          .add("prompt", DataTypes.StringType)
          .add("story", DataTypes.StringType)
          .add("genre", DataTypes.StringType)
          .add("held", DataTypes.BooleanType);

  private PairTables() {}

  /** 36 pairs about who finds what: prompt, story, genre, and held, true of four of them. */
  static Dataset<Row> heroes(int partitions) {
    List<Row> rows = new ArrayList<>();
    for (String hero : HEROES) {
      for (String object : OBJECTS) {
        rows.add(
            RowFactory.create(
                hero + " finds a " + object + " .",
                hero + " took the " + object + " home . <newline> All was well .",
                rows.size() % 3 == 0 ? "fable" : "science",
                rows.size() < 4));
      }
    }
    return LocalSpark.session()
        .createDataFrame(LocalSpark.context().parallelize(rows, partitions), SCHEMA);
  }

  /** The first pairs of data/, in two columns. */
  static Dataset<Row> ofData(int count) throws IOException {
    java.nio.file.Path data = java.nio.file.Path.of("../data");
    List<String> prompts = Files.readAllLines(data.resolve("train.wp_source"));
    List<String> stories = Files.readAllLines(data.resolve("train.wp_target"));
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(RowFactory.create(prompts.get(i), stories.get(i)));
    }
    StructType columns =
        new StructType().add("prompt", DataTypes.StringType).add("story", DataTypes.StringType);
    return LocalSpark.session().createDataFrame(LocalSpark.context().parallelize(rows, 2), columns);
  }

  /** A trainer of a small model of them, of a second. */
  static StoryTrainer trainer(java.nio.file.Path models) {
    return new StoryTrainer()
        .setModels(models.toString())
        .setMinCount(1)
        .setEmbedding(16)
        .setHidden(32)
        .setDropout(0)
        .setBatch(8)
        .setWorkers(2)
        .setEpochs(2)
        .setLearningRate(0.01);
  }
}
