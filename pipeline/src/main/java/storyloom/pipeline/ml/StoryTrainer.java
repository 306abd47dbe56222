package storyloom.pipeline.ml;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import storyloom.model.UserException;
import storyloom.model.settings.Settings;
import storyloom.pipeline.corpus.read.CorpusReader;
import storyloom.pipeline.corpus.read.RawCorpus;
import storyloom.pipeline.generate.StoryGenerator;
import storyloom.pipeline.train.plan.TrainingPlan;
import storyloom.pipeline.train.plan.TrainingProgress;

/**
 * Learns to write stories from a table of prompts and stories: a Spark ML Estimator that gives a
 * {@link StoryGenerator}. It is distributed as train.jar is, by the same steps, and ends in the
 * same weights for the same pairs and settings. Its parameters are those settings, under their
 * names in camel case and with their defaults.
 *
 * <p>The model is written into the folder {@link #models}, where it stays; no registry's current
 * model changes. A training that is killed cannot be resumed; train.jar's can.
 *
 * <pre>{@code
 * StoryGenerator generator = new StoryTrainer().setModels("hdfs:///storyloom/models").setEpochs(3).fit(pairs);
 * }</pre>
 */
public final class StoryTrainer extends TrainerParams implements DefaultParamsWritable {

  private TrainingProgress progress = TrainingProgress.UNWATCHED;

  /** With the default settings; the folder of the models must still be set. */
  public StoryTrainer() {
    this(Identifiable$.MODULE$.randomUID("storyTrainer"));
  }

  /**
   * As {@link #StoryTrainer()}, under a given name.
   *
   * @param uid distinguishes this estimator from others
   */
  public StoryTrainer(String uid) {
    super(uid);
  }

  /** Sets the folder that models are written into, any Hadoop URI that all executors reach. */
  public StoryTrainer setModels(String folder) {
    set(models(), folder);
    return this;
  }

  /**
   * The folder that models are written into.
   *
   * @throws UserException of usage if it is not set
   */
  public String getModels() {
    if (!isSet(models())) {
      throw UserException.usage(
          "models is not set: setModels names the folder that models are written into, such as"
              + " home/models");
    }
    return getOrDefault(models());
  }

  /** Sets the column of the stories to learn from. */
  public StoryTrainer setStoryCol(String column) {
    set(storyCol(), column);
    return this;
  }

  /** The column of the stories to learn from. */
  public String getStoryCol() {
    return getOrDefault(storyCol());
  }

  /** Sets the column of the stories that the model writes. */
  public StoryTrainer setPredictionCol(String column) {
    set(predictionCol(), column);
    return this;
  }

  /** The column of the stories that the model writes. */
  public String getPredictionCol() {
    return getOrDefault(predictionCol());
  }

  /** Sets the column that is true of pairs to validate by. */
  public StoryTrainer setValidationIndicatorCol(String column) {
    set(validationIndicatorCol(), column);
    return this;
  }

  /** The column that is true of pairs to validate by; empty if none is set. */
  public String getValidationIndicatorCol() {
    return isSet(validationIndicatorCol()) ? getOrDefault(validationIndicatorCol()) : "";
  }

  /** Has somebody hear how trainings go; not a parameter, and not saved. */
  public StoryTrainer reportTo(TrainingProgress progress) {
    this.progress = progress;
    return this;
  }

  /**
   * The columns that the model's result will have.
   *
   * @throws UserException of usage if the folder of the models is not set, a column is missing, of
   *     the wrong type, or has the name of one that is to be added
   */
  @Override
  public StructType transformSchema(StructType schema) {
    TextColumns.require(schema, getStoryCol(), DataTypes.StringType, storyCol().name());
    if (isSet(validationIndicatorCol())) {
      TextColumns.require(
          schema,
          getValidationIndicatorCol(),
          DataTypes.BooleanType,
          validationIndicatorCol().name());
    }
    StoryGenerator generator = generator(getModels());
    try {
      return generator.transformSchema(schema);
    } catch (UserException mistake) { // which calls the column of the stories by its own parameter
      throw mistake.withMessage(
          mistake.getMessage().replace(generator.storyCol().name(), predictionCol().name()));
    }
  }

  /**
   * Trains on a table and writes the model.
   *
   * @param pairs prompts and stories as people wrote them, and any other columns
   * @throws UserException if a parameter is not as it must be, or the pairs cannot be used
   * @throws storyloom.pipeline.train.plan.DivergedException if the loss is not finite any more
   */
  @Override
  public StoryGenerator fit(Dataset<?> pairs) {
    transformSchema(pairs.schema());
    try {
      Settings settings = settings();
      TrainingPlan.of(settings, settings.integer("text.vocabulary"), 1); // refuses before any job
      Path bundle =
          new StoryTraining(pairs.sparkSession(), settings, getModels())
              .train(corpus(pairs), progress);
      return generator(bundle.toString()).setParent(this);
    } catch (UserException mistake) {
      throw inParams(mistake);
    }
  }

  /** The pairs of a table, the given validation split apart. */
  RawCorpus corpus(Dataset<?> pairs) {
    if (!isSet(validationIndicatorCol())) {
      return CorpusReader.ofTable(pairs, Optional.empty(), getPromptCol(), getStoryCol());
    }
    Column valid = coalesce(pairs.col(getValidationIndicatorCol()), lit(false));
    return CorpusReader.ofTable(
        pairs.filter(not(valid)), Optional.of(pairs.filter(valid)), getPromptCol(), getStoryCol());
  }

  /** Reads trainers that were saved by {@link #save}. */
  public static MLReader<StoryTrainer> read() {
    return new DefaultParamsReader<>();
  }

  /**
   * The trainer that was saved in a folder, with all its parameters.
   *
   * @param path any Hadoop URI
   */
  public static StoryTrainer load(String path) {
    return read().load(path);
  }

  @Override
  public StoryTrainer copy(ParamMap extra) {
    StoryTrainer copy = defaultCopy(extra);
    return copy.reportTo(progress);
  }
}
