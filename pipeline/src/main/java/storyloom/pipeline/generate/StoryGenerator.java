package storyloom.pipeline.generate;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import storyloom.model.bundle.SharedBundle;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.decode.PromptReader;
import storyloom.model.files.HadoopFiles;

/**
 * Writes a story for each row's prompt: a Spark ML Transformer that adds the columns of {@link
 * StoryColumn} and carries all others through, values and metadata as they are. Rows keep their
 * number and, within a partition, their order. Metadata is also what Spark ML knows of labels and
 * what a stream knows of its watermark, so that both reach the stages behind this one. A prompt
 * that is null, blank or too long is rejected in its own row.
 *
 * <p>A story depends on the prompt, the key, the model and the decode parameters only: not on
 * partitions, neighbours, executors or attempts. Each executor's JVM reads and verifies the model
 * once.
 *
 * <pre>{@code
 * Dataset<Row> stories = new StoryGenerator().setBundle("models/20261122T155000-0a1b2c3d")
 *     .setPromptCol("title").setColumn(StoryColumn.STORY, "tale").transform(prompts);
 * }</pre>
 */
public final class StoryGenerator extends StoryParams implements DefaultParamsWritable {

  /** Spark's name for the number of rows that tasks are done with. */
  public static final String TOLD = "stories told";

  /** With the default columns and the default way of decoding; the bundle must still be set. */
  public StoryGenerator() {
    this(Identifiable$.MODULE$.randomUID("storyGenerator"));
  }

  /**
   * As {@link #StoryGenerator()}, under a given name.
   *
   * @param uid distinguishes this transformer from others
   */
  public StoryGenerator(String uid) {
    super(uid);
  }

  /** Sets the directory of the model, any Hadoop URI. */
  public StoryGenerator setBundle(String directory) {
    set(bundle(), directory);
    return this;
  }

  /** Sets the column of the prompts. */
  public StoryGenerator setPromptCol(String column) {
    set(promptCol(), column);
    return this;
  }

  /** Sets the column that tells rows of equal prompts apart, strings or whole numbers. */
  public StoryGenerator setKeyCol(String column) {
    set(keyCol(), column);
    return this;
  }

  /** Sets the name of one of the columns that are added. */
  public StoryGenerator setColumn(StoryColumn column, String name) {
    set(columnParam(column), name);
    return this;
  }

  /** Sets all that decides how stories are written. */
  public StoryGenerator setDecoding(DecodeSettings settings) {
    setDecodeParams(settings);
    return this;
  }

  /**
   * The columns of the result.
   *
   * @throws storyloom.model.UserException of usage if a column is missing, of the wrong type, or
   *     has the name of one that is to be added, or parameters exclude each other
   */
  @Override
  public StructType transformSchema(StructType schema) {
    return table(schema, SQLConf.get()).output();
  }

  private StoryTable table(StructType schema, SQLConf conf) {
    decodeSettings(); // refuses what excludes each other
    return StoryTable.of(
        schema, getOrDefault(promptCol()), key(), columnNames(), conf.caseSensitiveAnalysis());
  }

  /**
   * Adds stories to a table of prompts, lazily; the model is read and verified at once.
   *
   * @throws storyloom.model.UserException if a column is not as it must be, the model cannot be
   *     used, or a banned word is none to it
   */
  @Override
  public Dataset<Row> transform(Dataset<?> prompts) {
    StoryTable table = table(prompts.schema(), prompts.sparkSession().sessionState().conf());
    Configuration configuration = prompts.sparkSession().sessionState().newHadoopConf();
    StoryTask task =
        new StoryTask(
            directory(configuration),
            writingVersion(configuration),
            decodeSettings(),
            prompts.schema(),
            table,
            new SerializableConfiguration(configuration),
            prompts.sparkSession().sparkContext().longAccumulator(TOLD));
    return prompts
        .as(CarriedRows.encoder(prompts.schema()))
        .mapPartitions(task, CarriedRows.encoder(table.output()))
        .toDF();
  }

  /**
   * Version of the model; reads and verifies the model unless this JVM has it open.
   *
   * @throws storyloom.model.UserException of data if the model cannot be used
   */
  public String modelVersion(SparkSession session) {
    Configuration configuration = session.sessionState().newHadoopConf();
    try (SharedBundle model = SharedBundle.hold(directory(configuration), configuration)) {
      return model.bundle().version();
    }
  }

  /** Version of the model, which must be able to write as the parameters say. */
  private String writingVersion(Configuration configuration) {
    try (SharedBundle model = SharedBundle.hold(directory(configuration), configuration)) {
      new PromptReader(model.bundle()).prepare(decodeSettings());
      return model.bundle().version();
    }
  }

  private String directory(Configuration configuration) {
    Path named = new Path($(bundle()));
    return HadoopFiles.of(named, configuration).makeQualified(named).toString();
  }

  /** Reads generators that were saved by {@link #save}. */
  public static MLReader<StoryGenerator> read() {
    return new DefaultParamsReader<>();
  }

  /**
   * The generator that was saved in a folder, with all its parameters; the model stays where it is.
   *
   * @param path any Hadoop URI
   */
  public static StoryGenerator load(String path) {
    return read().load(path);
  }

  @Override
  public StoryGenerator copy(ParamMap extra) {
    return defaultCopy(extra);
  }
}
