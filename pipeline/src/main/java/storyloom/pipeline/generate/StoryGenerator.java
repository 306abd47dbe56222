package storyloom.pipeline.generate;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import storyloom.model.UserException;
import storyloom.model.bundle.SharedBundle;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.decode.PromptReader;

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

  /**
   * Sets the directory of the model, any Hadoop URI. That of {@code home/models/current} is the
   * model that is current when {@link #transform} runs; any other pins one.
   */
  public StoryGenerator setBundle(String directory) {
    set(bundle(), directory);
    return this;
  }

  /** The directory of the model, as it was set. */
  public String getBundle() {
    return place().name();
  }

  /** Whether the model is a registry's current one, whichever that is, and not a pinned one. */
  public boolean followsRegistry() {
    return place().followsRegistry();
  }

  /** Sets the column of the stories. */
  public StoryGenerator setStoryCol(String column) {
    set(storyCol(), column);
    return this;
  }

  /** The column of the stories. */
  public String getStoryCol() {
    return getOrDefault(storyCol());
  }

  /** Sets how many rows are decoded together, which changes the speed, never a story. */
  public StoryGenerator setBatch(int rows) {
    set(batch(), rows);
    return this;
  }

  /** How many rows are decoded together. */
  public int getBatch() {
    return (int) getOrDefault(batch());
  }

  /** Sets the seed of sampling. */
  public StoryGenerator setSeed(long seed) {
    set(seed(), seed);
    return this;
  }

  /** The seed of sampling. */
  public long getSeed() {
    return (long) getOrDefault(seed());
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
   * @throws UserException of usage if no bundle is set, a column is missing, of the wrong type, or
   *     has the name of one that is to be added, or parameters exclude each other
   */
  @Override
  public StructType transformSchema(StructType schema) {
    place();
    return table(schema, SQLConf.get(), Wording.PARAMETERS).output();
  }

  private StoryTable table(StructType schema, SQLConf conf, Wording wording) {
    try {
      decodeSettings(); // refuses what excludes each other
    } catch (UserException mistake) {
      throw wording.of(mistake);
    }
    return StoryTable.of(
        schema,
        getOrDefault(promptCol()),
        key(),
        columnNames(),
        conf.caseSensitiveAnalysis(),
        wording);
  }

  /**
   * Sees to it that stories can be written for a table; reads and verifies the model.
   *
   * @param schema of the table
   * @param wording in which mistakes are told
   * @throws UserException as {@link #transform}
   */
  public void check(SparkSession session, StructType schema, Wording wording) {
    Configuration configuration = session.sessionState().newHadoopConf();
    table(schema, session.sessionState().conf(), wording);
    writingVersion(place().directory(configuration).toString(), configuration, wording);
  }

  /**
   * Adds stories to a table of prompts, lazily; the model is read and verified at once.
   *
   * @throws UserException if a column is not as it must be, the model cannot be used, or a banned
   *     word is none to it
   */
  @Override
  public Dataset<Row> transform(Dataset<?> prompts) {
    BundlePlace place = place();
    StoryTable table =
        table(prompts.schema(), prompts.sparkSession().sessionState().conf(), Wording.PARAMETERS);
    Configuration configuration = prompts.sparkSession().sessionState().newHadoopConf();
    String directory = place.directory(configuration).toString();
    StoryTask task =
        new StoryTask(
            directory,
            writingVersion(directory, configuration, Wording.PARAMETERS),
            decodeSettings(),
            prompts.schema(),
            table,
            new SerializableConfiguration(configuration),
            prompts.sparkSession().sparkContext().longAccumulator(TOLD));
    return prompts
        .as(CarriedRows.encoder(prompts.schema()))
        .mapPartitions(new StoryMapping(directory, task), CarriedRows.encoder(table.output()))
        .toDF();
  }

  /** The story of one prompt at a time, by the model that there is now. */
  StoryFunction function(SparkSession session) {
    Configuration configuration = session.sessionState().newHadoopConf();
    String directory = place().directory(configuration).toString();
    return new StoryFunction(
        directory,
        writingVersion(directory, configuration, Wording.PARAMETERS),
        decodeSettings(),
        new SerializableConfiguration(configuration));
  }

  /**
   * Version of the model; reads and verifies the model unless this JVM has it open.
   *
   * @throws UserException of data if the model cannot be used
   */
  public String modelVersion(SparkSession session) {
    Configuration configuration = session.sessionState().newHadoopConf();
    String directory = place().directory(configuration).toString();
    try (SharedBundle model = SharedBundle.hold(directory, configuration)) {
      return model.bundle().version();
    }
  }

  /** Version of the model, which must be able to write as the parameters say. */
  private String writingVersion(String directory, Configuration configuration, Wording wording) {
    try (SharedBundle model = SharedBundle.hold(directory, configuration)) {
      new PromptReader(model.bundle()).prepare(decodeSettings());
      return model.bundle().version();
    } catch (UserException mistake) {
      throw wording.of(mistake);
    }
  }

  /** Saves the parameters, and whether they pin a model; the model stays where it is. */
  @Override
  public MLWriter write() {
    return new GeneratorWriter(this);
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
    StoryGenerator copy = defaultCopy(extra);
    return copy.setParent(parent());
  }

  @Override
  public String toString() {
    String model =
        isSet(bundle())
            ? "%s (%s)".formatted(getBundle(), followsRegistry() ? "followed" : "pinned")
            : "not set";
    return "StoryGenerator: uid=%s, bundle=%s".formatted(uid(), model);
  }
}
