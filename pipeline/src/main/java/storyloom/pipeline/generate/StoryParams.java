package storyloom.pipeline.generate;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import storyloom.model.UserException;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.decode.DecodingOption;
import storyloom.model.settings.Settings;

/**
 * The parameters of {@link StoryGenerator}: those that name its model and its columns, and one for
 * each {@link DecodingOption}, under the option's name in camel case.
 */
public abstract class StoryParams extends Model<StoryGenerator>
    implements ColumnParams<StoryGenerator>, DecodingParams<StoryGenerator> {

  private final String uid;
  private final DecodingParamMap decoding;
  private final Map<StoryColumn, Param<String>> columns = new EnumMap<>(StoryColumn.class);
  private final Param<String> bundle;
  private final Param<String> promptCol;
  private final Param<String> keyCol;

  StoryParams(String uid) {
    this.uid = uid;
    bundle =
        new Param<>(
            this,
            "bundle",
            "directory of the model, or home/models/current for a registry's current one");
    promptCol = new Param<>(this, "promptCol", "column of the prompts, strings");
    keyCol = new Param<>(this, "keyCol", "column that tells rows of equal prompts apart");
    setDefault(promptCol, "prompt");
    for (StoryColumn column : StoryColumn.values()) {
      Param<String> param = column.param(this);
      columns.put(column, param);
      setDefault(param, column.label());
    }
    decoding = new DecodingParamMap(this, List.of(DecodingOption.values()));
    DecodeSettings defaults = DecodeSettings.of(Settings.defaults());
    decoding.values(defaults).forEach(this::setDefault);
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
  public Param<Object> decodingParam(DecodingOption option) {
    return decoding.param(option);
  }

  final void setDecodeParams(DecodeSettings settings) {
    decoding.values(settings).forEach(this::set);
  }

  /**
   * How stories are written.
   *
   * @throws UserException of usage if two parameters exclude each other
   */
  final DecodeSettings decodeSettings() {
    return DecodeSettings.of(
        option -> DecodingParamMap.setting(getOrDefault(decoding.param(option))));
  }

  /** Directory of the model, any Hadoop URI, or {@code home/models/current}. */
  public Param<String> bundle() {
    return bundle;
  }

  @Override
  public Param<String> promptCol() {
    return promptCol;
  }

  @Override
  public Param<String> keyCol() {
    return keyCol;
  }

  /** Column of the stories; {@code story} by default. */
  public Param<String> storyCol() {
    return columnParam(StoryColumn.STORY);
  }

  /** Rows decoded together; changes the speed, never a story. */
  public IntParam batch() {
    return (IntParam) decodingParam(DecodingOption.BATCH);
  }

  /** Seed of sampling. */
  public LongParam seed() {
    return (LongParam) decodingParam(DecodingOption.SEED);
  }

  @Override
  public Param<String> columnParam(StoryColumn column) {
    return columns.get(column);
  }

  final Map<StoryColumn, String> columnNames() {
    Map<StoryColumn, String> names = new EnumMap<>(StoryColumn.class);
    Arrays.stream(StoryColumn.values())
        .forEach(column -> names.put(column, getOrDefault(columnParam(column))));
    return names;
  }

  final Optional<String> key() {
    return isSet(keyCol) ? Optional.of(getOrDefault(keyCol)) : Optional.empty();
  }

  /**
   * Where the model is looked for.
   *
   * @throws UserException of usage if nothing says so
   */
  final BundlePlace place() {
    if (!isSet(bundle)) {
      throw UserException.usage(
          "bundle is not set: setBundle names the folder of a model, or home/models/current for the"
              + " current one");
    }
    return new BundlePlace(getOrDefault(bundle));
  }
}
