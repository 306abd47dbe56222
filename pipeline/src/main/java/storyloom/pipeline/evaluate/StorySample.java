package storyloom.pipeline.evaluate;

import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import storyloom.model.UserException;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.eval.StoryStatistics;
import storyloom.model.text.TextCodec;
import storyloom.model.text.clean.TextSide;
import storyloom.pipeline.JobDescription;
import storyloom.pipeline.evaluate.TrainingNgrams.Quotations;
import storyloom.pipeline.generate.StoryColumn;
import storyloom.pipeline.generate.StoryGenerator;

/**
 * Stories of people and of a model for the same prompts, both as text that readers see. Prompts
 * that the model rejects are left out.
 *
 * @param places of the pairs in the sample that they are of, counted from 0
 * @param prompts cleaned
 * @param human cleaned, and cut as for training
 * @param written the model's
 */
public record StorySample(
    List<Integer> places, List<String> prompts, List<String> human, List<String> written) {

  private static final String PROMPT = "prompt";
  private static final String STORY = "human";
  private static final String KEY = "key";

  public StorySample {
    places = List.copyOf(places);
    prompts = List.copyOf(prompts);
    human = List.copyOf(human);
    written = List.copyOf(written);
  }

  /**
   * Has a model write stories for a sample's prompts, across the executors.
   *
   * @param bundle directory of the model, which all executors reach
   * @param settings how stories are written; equal prompts have streams of their own
   * @throws UserException of data if the model cannot be used
   */
  public static StorySample write(
      SparkSession spark, Path bundle, DecodeSettings settings, HeldOutPairs.Sample sample) {
    BundleReference reference = BundleReference.of(bundle, spark.sessionState().newHadoopConf());
    TextCodec codec = reference.with(model -> new TextCodec(model.text(), model.vocabulary()));
    StoryGenerator generator =
        new StoryGenerator().setBundle(bundle.toString()).setKeyCol(KEY).setDecoding(settings);
    try (JobDescription described =
        JobDescription.of(
            spark.sparkContext(), "write stories with model " + reference.version())) {
      List<Row> written =
          generator
              .transform(table(spark, sample))
              .orderBy(KEY)
              .select(KEY, PROMPT, STORY, StoryColumn.STORY.label())
              .where(StoryColumn.STORY.label() + " is not null")
              .collectAsList();
      return new StorySample(
          written.stream().map(row -> row.getInt(0)).toList(),
          written.stream()
              .map(row -> codec.cleaner().clean(row.getString(1), TextSide.PROMPT))
              .toList(),
          written.stream().map(row -> codec.text(codec.storyTokens(row.getString(2)))).toList(),
          written.stream().map(row -> row.getString(3)).toList());
    }
  }

  private static Dataset<Row> table(SparkSession spark, HeldOutPairs.Sample sample) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < sample.size(); i++) {
      rows.add(RowFactory.create(i, sample.prompts().get(i), sample.stories().get(i)));
    }
    StructType schema =
        new StructType()
            .add(KEY, DataTypes.IntegerType)
            .add(PROMPT, DataTypes.StringType)
            .add(STORY, DataTypes.StringType);
    return spark
        .createDataFrame(rows, schema)
        .repartition(spark.sparkContext().defaultParallelism());
  }

  /** What the stories of people quote from a training split. */
  public Quotations humanQuotations(TrainingNgrams training) {
    return training.in(human);
  }

  /** What the model's stories quote from a training split. */
  public Quotations writtenQuotations(TrainingNgrams training) {
    return training.in(written);
  }

  /** What the stories of people look like. */
  public StoryStatistics humanStatistics() {
    return StoryStatistics.of(prompts, human);
  }

  /** What the model's stories look like. */
  public StoryStatistics writtenStatistics() {
    return StoryStatistics.of(prompts, written);
  }
}
