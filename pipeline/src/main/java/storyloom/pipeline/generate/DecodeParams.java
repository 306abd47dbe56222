package storyloom.pipeline.generate;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.StringArrayParam;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.decode.DecodeSettings.Strategy;
import storyloom.model.decode.search.BeamSettings;
import storyloom.model.decode.search.Sampling;
import storyloom.model.decode.search.TokenConstraints;
import storyloom.model.settings.Settings;

/** The parameters of {@link StoryGenerator} that say how stories are written. */
public abstract class DecodeParams extends Transformer {

  private static final List<String> STRATEGIES =
      Arrays.stream(Strategy.values()).map(Strategy::label).toList();

  private final String uid;
  private final Param<String> strategy;
  private final DoubleParam temperature;
  private final IntParam topK;
  private final DoubleParam topP;
  private final IntParam beamSize;
  private final DoubleParam lengthPenalty;
  private final IntParam minTokens;
  private final IntParam maxTokens;
  private final IntParam noRepeatNgram;
  private final DoubleParam repetitionPenalty;
  private final StringArrayParam bannedWords;
  private final IntParam batch;
  private final LongParam seed;

  DecodeParams(String uid) {
    this.uid = uid;
    strategy = new Param<>(this, "strategy", "greedy, beam or sample", STRATEGIES::contains);
    temperature =
        new DoubleParam(this, "temperature", "of sampling, above 0", ParamValidators.gt(0));
    topK = whole("topK", "likeliest tokens to draw from; 0: all", 0);
    topP =
        new DoubleParam(
            this,
            "topP",
            "share of the probability to draw from, above 0 to 1",
            ParamValidators.inRange(0, 1, false, true));
    beamSize = whole("beamSize", "drafts of a story that beam search goes on with, at least 1", 1);
    lengthPenalty =
        new DoubleParam(
            this,
            "lengthPenalty",
            "0: beam search prefers short stories; more: long ones",
            ParamValidators.gtEq(0));
    minTokens = whole("minTokens", "shortest story, at least 0", 0);
    maxTokens = whole("maxTokens", "longest story, at least 1", 1);
    noRepeatNgram = whole("noRepeatNgram", "tokens in a row that stand once; 0: no rule", 0);
    repetitionPenalty =
        new DoubleParam(
            this,
            "repetitionPenalty",
            "factor of the log probability of tokens written before, at least 1",
            ParamValidators.gtEq(1));
    bannedWords = new StringArrayParam(this, "bannedWords", "words that are never written");
    batch = whole("batch", "rows decoded together, at least 1", 1);
    seed = new LongParam(this, "seed", "seed of sampling");
    setDefaults(DecodeSettings.of(Settings.defaults()));
  }

  private IntParam whole(String name, String doc, int least) {
    return new IntParam(this, name, doc, ParamValidators.gtEq(least));
  }

  private void setDefaults(DecodeSettings settings) {
    setDefault(strategy, settings.strategy().label());
    setDefault(temperature, settings.sampling().temperature());
    setDefault(topK, settings.sampling().topK());
    setDefault(topP, settings.sampling().topP());
    setDefault(beamSize, settings.beam().size());
    setDefault(lengthPenalty, settings.beam().lengthPenalty());
    setDefault(minTokens, settings.constraints().minTokens());
    setDefault(maxTokens, settings.constraints().maxTokens());
    setDefault(noRepeatNgram, settings.constraints().noRepeatNgram());
    setDefault(repetitionPenalty, settings.constraints().repetitionPenalty());
    setDefault(bannedWords, settings.constraints().bannedWords().toArray(String[]::new));
    setDefault(batch, settings.batch());
    setDefault(seed, settings.seed());
  }

  final void setDecodeParams(DecodeSettings settings) {
    set(strategy, settings.strategy().label());
    set(temperature, settings.sampling().temperature());
    set(topK, settings.sampling().topK());
    set(topP, settings.sampling().topP());
    set(beamSize, settings.beam().size());
    set(lengthPenalty, settings.beam().lengthPenalty());
    set(minTokens, settings.constraints().minTokens());
    set(maxTokens, settings.constraints().maxTokens());
    set(noRepeatNgram, settings.constraints().noRepeatNgram());
    set(repetitionPenalty, settings.constraints().repetitionPenalty());
    set(bannedWords, settings.constraints().bannedWords().toArray(String[]::new));
    set(batch, settings.batch());
    set(seed, settings.seed());
  }

  /**
   * @throws storyloom.model.UserException of usage if two parameters exclude each other
   */
  final DecodeSettings decodeSettings() {
    return new DecodeSettings(
        Strategy.labelled(getOrDefault(strategy)),
        new Sampling(
            (double) getOrDefault(temperature),
            (int) getOrDefault(topK),
            (double) getOrDefault(topP)),
        new BeamSettings((int) getOrDefault(beamSize), (double) getOrDefault(lengthPenalty)),
        new TokenConstraints(
            (int) getOrDefault(minTokens),
            (int) getOrDefault(maxTokens),
            (int) getOrDefault(noRepeatNgram),
            (double) getOrDefault(repetitionPenalty),
            List.of(getOrDefault(bannedWords))),
        (int) getOrDefault(batch),
        (long) getOrDefault(seed));
  }

  @Override
  public String uid() {
    return uid;
  }

  /** How the next token is chosen: greedy, beam or sample. */
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

  /** Share of the probability that the tokens hold that sampling draws from. */
  public DoubleParam topP() {
    return topP;
  }

  /** Drafts of a story that beam search goes on with at a time. */
  public IntParam beamSize() {
    return beamSize;
  }

  /** How much longer stories are preferred by beam search. */
  public DoubleParam lengthPenalty() {
    return lengthPenalty;
  }

  /** Shortest story in tokens. */
  public IntParam minTokens() {
    return minTokens;
  }

  /** Longest story in tokens. */
  public IntParam maxTokens() {
    return maxTokens;
  }

  /** Length of the sequences that stand in a story only once; 0 for no such rule. */
  public IntParam noRepeatNgram() {
    return noRepeatNgram;
  }

  /** Factor of the log probability of tokens that the story holds already. */
  public DoubleParam repetitionPenalty() {
    return repetitionPenalty;
  }

  /** Words that are never written. */
  public StringArrayParam bannedWords() {
    return bannedWords;
  }

  /** Rows decoded together; changes no story. */
  public IntParam batch() {
    return batch;
  }

  /** Seed of sampling. */
  public LongParam seed() {
    return seed;
  }
}
