package storyloom.pipeline.ml;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.Param;
import storyloom.model.UserException;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.decode.DecodingOption;
import storyloom.model.settings.Settings;
import storyloom.pipeline.generate.ColumnParams;
import storyloom.pipeline.generate.DecodingParamMap;
import storyloom.pipeline.generate.DecodingParams;
import storyloom.pipeline.generate.ParamExplanation;
import storyloom.pipeline.generate.StoryColumn;
import storyloom.pipeline.generate.StoryGenerator;
import storyloom.pipeline.generate.Wording;

/**
 * The parameters of {@link StoryTrainer}: where models go and which columns are read, one for each
 * {@link TrainingOption}, and those that the generator it gives shall have.
 */
public abstract class TrainerParams extends Estimator<StoryGenerator>
    implements TextParams<StoryTrainer>,
        ModelParams<StoryTrainer>,
        LearningParams<StoryTrainer>,
        ColumnParams<StoryTrainer>,
        DecodingParams<StoryTrainer> {

  /** The generator has these, but they mean something else here. */
  private static final List<DecodingOption> OWN =
      List.of(DecodingOption.BATCH, DecodingOption.SEED);

  private static final Pattern KEY =
      Pattern.compile("\\b(?:corpus|text|model|train)\\.[a-z0-9.-]*[a-z0-9]");

  private static final Map<String, String> NAMES =
      Arrays.stream(TrainingOption.values())
          .collect(Collectors.toMap(TrainingOption::key, TrainingOption::label));

  private final String uid;
  private final Map<TrainingOption, Param<?>> training = new EnumMap<>(TrainingOption.class);
  private final DecodingParamMap decoding;
  private final Map<StoryColumn, Param<String>> columns = new EnumMap<>(StoryColumn.class);
  private final Param<String> models;
  private final Param<String> promptCol;
  private final Param<String> storyCol;
  private final Param<String> predictionCol;
  private final Param<String> validationIndicatorCol;
  private final Param<String> keyCol;

  TrainerParams(String uid) {
    this.uid = uid;
    models = param("models", "folder that models are written into, such as home/models");
    promptCol = param("promptCol", "column of the prompts, strings");
    storyCol = param("storyCol", "column of the stories to learn from, strings");
    predictionCol = param("predictionCol", "column of the stories that the model writes");
    validationIndicatorCol =
        param(
            "validationIndicatorCol",
            "column that is true of pairs to validate by; not set: a share is taken by a hash of"
                + " the prompt");
    keyCol =
        param("keyCol", "column that tells rows of equal prompts apart when stories are written");
    setDefault(promptCol, "prompt");
    setDefault(storyCol, "story");
    setDefault(predictionCol, "prediction");
    for (StoryColumn column : StoryColumn.values()) {
      if (column != StoryColumn.STORY) {
        Param<String> param = column.param(this);
        columns.put(column, param);
        setDefault(param, column.label());
      }
    }
    columns.put(StoryColumn.STORY, predictionCol);
    Settings defaults = Settings.defaults();
    for (TrainingOption option : TrainingOption.values()) {
      Param<Object> param = untyped(option.param(this));
      training.put(option, param);
      setDefault(param, option.read(defaults));
    }
    decoding =
        new DecodingParamMap(
            this,
            Arrays.stream(DecodingOption.values()).filter(each -> !OWN.contains(each)).toList());
    decoding.values(DecodeSettings.of(defaults)).forEach(this::setDefault);
  }

  private Param<String> param(String name, String doc) {
    return new Param<>(this, name, doc);
  }

  @SuppressWarnings("unchecked")
  private static Param<Object> untyped(Param<?> param) {
    return (Param<Object>) param;
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public String explainParam(Param<?> param) {
    return ParamExplanation.of(this, param);
  }

  @Override
  public Param<?> trainingParam(TrainingOption option) {
    return training.get(option);
  }

  @Override
  public Param<?> decodingParam(DecodingOption option) {
    return decoding.param(option);
  }

  @Override
  public Param<String> columnParam(StoryColumn column) {
    return columns.get(column);
  }

  /** Folder that models are written into, any Hadoop URI that all executors reach. */
  public Param<String> models() {
    return models;
  }

  @Override
  public Param<String> promptCol() {
    return promptCol;
  }

  /** Column of the stories to learn from, strings; {@code story} by default. */
  public Param<String> storyCol() {
    return storyCol;
  }

  /** Column of the stories that the model writes; {@code prediction} by default. */
  public Param<String> predictionCol() {
    return predictionCol;
  }

  /** Column that is true of pairs to validate by; none by default. */
  public Param<String> validationIndicatorCol() {
    return validationIndicatorCol;
  }

  @Override
  public Param<String> keyCol() {
    return keyCol;
  }

  /** The settings that the parameters stand for. */
  final Settings settings() {
    return Settings.load(
        Optional.empty(),
        Stream.concat(
                Stream.of("corpus.path=a table"),
                training.entrySet().stream()
                    .flatMap(
                        each -> each.getKey().assignments(getOrDefault(untyped(each.getValue())))))
            .toList());
  }

  /** A generator that has been given what is set here and concerns it. */
  final StoryGenerator generator(String bundle) {
    StoryGenerator generator =
        new StoryGenerator(uid)
            .setBundle(bundle)
            .setPromptCol(getOrDefault(promptCol))
            .setSeed(getSeed());
    columns.forEach((column, param) -> generator.setColumn(column, getOrDefault(param)));
    if (isSet(keyCol)) {
      generator.setKeyCol(getOrDefault(keyCol));
    }
    for (DecodingOption option : DecodingOption.values()) {
      if (!OWN.contains(option) && isSet(decoding.param(option))) {
        generator.set(generator.decodingParam(option), getOrDefault(decoding.param(option)));
      }
    }
    return generator;
  }

  /** A mistake that speaks of settings, with the names of parameters in place of their keys. */
  static UserException inParams(UserException mistake) {
    String told =
        KEY.matcher(mistake.getMessage())
            .replaceAll(key -> NAMES.getOrDefault(key.group(), key.group()));
    return Wording.inParams(mistake.withMessage(told));
  }
}
