package storyloom.pipeline.generate;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.decode.DecodeSettings.Strategy;
import storyloom.model.settings.Settings;

/** The parameters of {@link StoryGenerator}, as Spark ML keeps them. */
public abstract class StoryParams extends Transformer {

  private final String uid;
  private final Param<String> bundle;
  private final Param<String> promptCol;
  private final Param<String> keyCol;
  private final Param<String> storyCol;
  private final Param<String> storyTokensCol;
  private final Param<String> logProbCol;
  private final Param<String> finishReasonCol;
  private final Param<String> errorCol;
  private final Param<String> modelCol;
  private final Param<String> strategy;
  private final DoubleParam temperature;
  private final IntParam topK;
  private final IntParam minTokens;
  private final IntParam maxTokens;
  private final IntParam batch;
  private final LongParam seed;

  StoryParams(String uid) {
    this.uid = uid;
    bundle = new Param<>(this, "bundle", "directory of the model, any Hadoop URI");
    promptCol = new Param<>(this, "promptCol", "column of the prompts, strings");
    keyCol = new Param<>(this, "keyCol", "column that tells rows of equal prompts apart");
    storyCol = output("storyCol", "column of the stories", StoryColumn.STORY);
    storyTokensCol =
        output("storyTokensCol", "column of their lengths in tokens", StoryColumn.STORY_TOKENS);
    logProbCol =
        output("logProbCol", "column of their mean log probabilities", StoryColumn.LOG_PROB);
    finishReasonCol =
        output("finishReasonCol", "column of end, length or rejected", StoryColumn.FINISH_REASON);
    errorCol = output("errorCol", "column of why a prompt was rejected", StoryColumn.ERROR);
    modelCol = output("modelCol", "column of the model's version", StoryColumn.MODEL);
    strategy = new Param<>(this, "strategy", "greedy or sample", StoryParams::isStrategy);
    temperature =
        new DoubleParam(this, "temperature", "of sampling, above 0", ParamValidators.gt(0));
    topK = new IntParam(this, "topK", "likeliest tokens to draw from; 0: all", atLeast(0));
    minTokens = new IntParam(this, "minTokens", "shortest story, at least 0", atLeast(0));
    maxTokens = new IntParam(this, "maxTokens", "longest story, at least 1", atLeast(1));
    batch = new IntParam(this, "batch", "prompts decoded together, at least 1", atLeast(1));
    seed = new LongParam(this, "seed", "seed of sampling");
    setDefault(promptCol, "prompt");
    DecodeSettings decode = DecodeSettings.of(Settings.defaults());
    setDefault(strategy, label(decode.strategy()));
    setDefault(temperature, decode.temperature());
    setDefault(topK, decode.topK());
    setDefault(minTokens, decode.minTokens());
    setDefault(maxTokens, decode.maxTokens());
    setDefault(batch, decode.batch());
    setDefault(seed, decode.seed());
  }

  private Param<String> output(String name, String doc, StoryColumn column) {
    Param<String> param = new Param<>(this, name, doc);
    setDefault(param, column.label());
    return param;
  }

  private static scala.Function1<Object, Object> atLeast(int least) {
    return ParamValidators.gtEq(least);
  }

  private static boolean isStrategy(String name) {
    return name.equals(label(Strategy.GREEDY)) || name.equals(label(Strategy.SAMPLE));
  }

  private static String label(Strategy strategy) {
    return strategy.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String uid() {
    return uid;
  }

  /** Directory of the model, any Hadoop URI. */
  public Param<String> bundle() {
    return bundle;
  }

  /** Column of the prompts, strings; {@code prompt} by default. */
  public Param<String> promptCol() {
    return promptCol;
  }

  /** Column that tells rows of equal prompts apart, strings or whole numbers; none by default. */
  public Param<String> keyCol() {
    return keyCol;
  }

  /** Column of the stories. */
  public Param<String> storyCol() {
    return storyCol;
  }

  /** Column of the stories' lengths in tokens. */
  public Param<String> storyTokensCol() {
    return storyTokensCol;
  }

  /** Column of the stories' mean log probabilities per token. */
  public Param<String> logProbCol() {
    return logProbCol;
  }

  /** Column that says how a story ended. */
  public Param<String> finishReasonCol() {
    return finishReasonCol;
  }

  /** Column that says why a prompt was rejected. */
  public Param<String> errorCol() {
    return errorCol;
  }

  /** Column of the model's version. */
  public Param<String> modelCol() {
    return modelCol;
  }

  /** How the next token is chosen: greedy or sample. */
  public Param<String> strategy() {
    return strategy;
  }

  /** Temperature of sampling. */
  public DoubleParam temperature() {
    return temperature;
  }

  /** How many of the likeliest tokens sampling draws from; 0 for all. */
  public IntParam topK() {
    return topK;
  }

  /** Shortest story in tokens. */
  public IntParam minTokens() {
    return minTokens;
  }

  /** Longest story in tokens. */
  public IntParam maxTokens() {
    return maxTokens;
  }

  /** Prompts decoded together; changes no story. */
  public IntParam batch() {
    return batch;
  }

  /** Seed of sampling. */
  public LongParam seed() {
    return seed;
  }

  final DecodeSettings decodeSettings() {
    return new DecodeSettings(
        Strategy.valueOf(getOrDefault(strategy).toUpperCase(Locale.ROOT)),
        (double) getOrDefault(temperature),
        (int) getOrDefault(topK),
        (int) getOrDefault(minTokens),
        (int) getOrDefault(maxTokens),
        (int) getOrDefault(batch),
        (long) getOrDefault(seed));
  }

  final void setDecodeParams(DecodeSettings settings) {
    set(strategy, label(settings.strategy()));
    set(temperature, settings.temperature());
    set(topK, settings.topK());
    set(minTokens, settings.minTokens());
    set(maxTokens, settings.maxTokens());
    set(batch, settings.batch());
    set(seed, settings.seed());
  }

  final Param<String> columnParam(StoryColumn column) {
    return switch (column) {
      case STORY -> storyCol;
      case STORY_TOKENS -> storyTokensCol;
      case LOG_PROB -> logProbCol;
      case FINISH_REASON -> finishReasonCol;
      case ERROR -> errorCol;
      case MODEL -> modelCol;
    };
  }

  final Map<StoryColumn, String> columnNames() {
    Map<StoryColumn, String> names = new EnumMap<>(StoryColumn.class);
    for (StoryColumn column : StoryColumn.values()) {
      names.put(column, getOrDefault(columnParam(column)));
    }
    return names;
  }

  final Optional<String> key() {
    return isSet(keyCol) ? Optional.of(getOrDefault(keyCol)) : Optional.empty();
  }
}
