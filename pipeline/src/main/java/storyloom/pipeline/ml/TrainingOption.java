package storyloom.pipeline.ml;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import storyloom.model.settings.Settings;

/**
 * Each thing that can be chosen about a training, stated once: {@link StoryTrainer}'s parameters
 * are made of these. Default and range of an option stand in reference.conf, below its {@link
 * #key}.
 */
public enum TrainingOption {
  VALID_SHARE(
      Type.NUMBER,
      "corpus.valid-share",
      "share of the pairs that is taken for validation where no validationIndicatorCol is set"),
  MAX_CHARACTERS(
      Type.INTEGER,
      "corpus.max-characters",
      "longest raw prompt or story that is looked into; pairs with a longer one are dropped"),
  PAIR_RULES(
      Type.RULES, "corpus.drop.", "rules that drop pairs of train for the company they are in"),
  TOKENIZER(Type.CHOICE, "text.tokenizer", "what a token is: words or bpe"),
  LOWERCASE(
      Type.FLAG, "text.lowercase", "whether case is folded; sentence case is restored in stories"),
  MIN_COUNT(Type.INTEGER, "text.min-count", "a word seen fewer times than this becomes unknown"),
  VOCABULARY(
      Type.INTEGER,
      "text.vocabulary",
      "tokens of the vocabulary at most, the four special ones included"),
  MAX_PROMPT_TOKENS(
      Type.INTEGER, "text.max-prompt-tokens", "tokens of the longest prompt; the rest is cut off"),
  MAX_STORY_TOKENS(
      Type.INTEGER,
      "text.max-story-tokens",
      "tokens of the longest story, or of a window of longer ones"),
  LONG_STORIES(
      Type.CHOICE,
      "text.long-stories",
      "what becomes of longer stories: cut at a sentence end, or windows in which all is learned"),
  CLEANING_RULES(Type.RULES, "text.clean.", "rules that clean texts"),
  TEXT_RULES(Type.RULES, "text.drop.", "rules that drop pairs of which a text is none"),
  MIN_PROMPT_WORDS(
      Type.INTEGER,
      "text.drop.min-prompt-words",
      "words of the shortest prompt that is learned from; 0: no bound"),
  MAX_PROMPT_WORDS(
      Type.INTEGER,
      "text.drop.max-prompt-words",
      "words of the longest prompt that is learned from; 0: no bound"),
  MIN_STORY_WORDS(
      Type.INTEGER,
      "text.drop.min-story-words",
      "words of the shortest story that is learned from; 0: no bound"),
  MAX_STORY_WORDS(
      Type.INTEGER,
      "text.drop.max-story-words",
      "words of the longest story that is learned from; 0: no bound"),
  KIND(Type.CHOICE, "model.kind", "what encoder and decoder are made of: lstm or transformer"),
  EMBEDDING(Type.INTEGER, "model.embedding", "numbers of a token's embedding"),
  HIDDEN(Type.INTEGER, "model.hidden", "numbers of the encoder's and the decoder's state"),
  LAYERS(
      Type.INTEGER,
      "model.layers",
      "LSTMs or blocks on top of each other, in the encoder and in the decoder alike"),
  HEADS(Type.INTEGER, "model.heads", "heads of each attention of a Transformer"),
  FEED_FORWARD(
      Type.INTEGER, "model.feed-forward", "width of a Transformer's feed-forward networks"),
  BIDIRECTIONAL(Type.FLAG, "model.bidirectional", "whether the encoder reads prompts both ways"),
  ATTENTION(
      Type.CHOICE,
      "model.attention",
      "how the decoder looks at the prompt: none, dot, general or additive"),
  TIED_EMBEDDINGS(
      Type.FLAG,
      "model.tied-embeddings",
      "whether prompts, stories and the output layer share one matrix"),
  ADAPTIVE_SOFTMAX(
      Type.NUMBERS,
      "model.adaptive-softmax",
      "token ids at which the output layer's clusters begin; none: the full softmax"),
  COPY(Type.FLAG, "model.copy", "whether stories may copy words of their prompts"),
  DROPOUT(Type.NUMBER, "model.dropout", "share of numbers that is zeroed while training"),
  DROPOUT_KIND(
      Type.CHOICE,
      "model.dropout-kind",
      "whether each number is zeroed by itself or the same ones at all steps: plain or variational"),
  RECURRENT_DROPOUT(
      Type.NUMBER,
      "model.recurrent-dropout",
      "share of the recurrent weights that is zeroed in a minibatch"),
  EMBEDDING_DROPOUT(
      Type.NUMBER,
      "model.embedding-dropout",
      "share of the words whose embeddings are zeroed in a minibatch"),
  EPOCHS(Type.INTEGER, "train.epochs", "passes over the pairs to learn from"),
  BATCH(Type.INTEGER, "train.batch", "pairs of a minibatch, those of all workers together"),
  BATCH_TOKENS(
      Type.INTEGER,
      "train.batch-tokens",
      "story tokens of a minibatch, in place of batch; 0 goes by batch"),
  LEARNING_RATE(Type.NUMBER, "train.learning-rate", "Adam's largest learning rate"),
  SCHEDULE(
      Type.CHOICE,
      "train.schedule",
      "how the rate goes on after warm-up: constant, inverse-sqrt or plateau"),
  WARM_UP(Type.INTEGER, "train.warm-up", "updates over which the learning rate rises from 0"),
  PLATEAU_IMPROVEMENT(
      Type.NUMBER,
      "train.plateau-improvement",
      "share by which perplexity must fall to count as progress under plateau"),
  CLIP(
      Type.NUMBER, "train.clip", "largest norm of the gradient; a larger one is scaled down to it"),
  LABEL_SMOOTHING(
      Type.NUMBER,
      "train.label-smoothing",
      "share of each target's probability that is spread over all tokens"),
  BFLOAT16(
      Type.FLAG, "train.bfloat16", "whether factors of large products are rounded to bfloat16"),
  SEED(
      Type.WHOLE,
      "train.seed",
      "seed of the weights, of the order of minibatches, of dropout, and of the stories"),
  AVERAGING_FREQUENCY(
      Type.INTEGER, "train.averaging-frequency", "minibatches between two averagings"),
  WORKERS(
      Type.INTEGER,
      "train.workers",
      "parts of the pairs that are trained on side by side; 0: one for each task slot"),
  OUTER_STEP(
      Type.CHOICE,
      "train.outer-step",
      "what becomes of the workers' mean: average, momentum or nesterov"),
  OUTER_MOMENTUM(
      Type.NUMBER, "train.outer-momentum", "momentum of that mean; 0 takes 1 - 1/sqrt(workers)"),
  OUTER_RATE(Type.NUMBER, "train.outer-rate", "factor of the way to the mean"),
  OUTER_WARM_UP(
      Type.INTEGER,
      "train.outer-warm-up",
      "rounds over which momentum and rate come to their full size"),
  WEIGHT_AVERAGE(
      Type.NUMBER,
      "train.weight-average",
      "decay of the moving average of the weights that becomes the model; 0: the last weights do"),
  PATIENCE(
      Type.INTEGER,
      "train.patience",
      "epochs without progress after which training ends; 0: all epochs"),
  MAX_MINUTES(Type.NUMBER, "train.max-minutes", "minutes within which training ends; 0: no limit");

  /** What the values of an option are. */
  enum Type {
    /** One of a few words: a {@link String}. */
    CHOICE,
    /** A {@link Boolean}. */
    FLAG,
    /** An {@link Integer}. */
    INTEGER,
    /** A {@link Long}. */
    WHOLE,
    /** A {@link Double}. */
    NUMBER,
    /** Ascending numbers: an array of int. */
    NUMBERS,
    /** The names of the switches below a key that are on: an array of strings. */
    RULES
  }

  private static final Set<String> SWITCH = Set.of("true", "false");
  private static final Pattern WORD_START = Pattern.compile("_(.)");

  private final Type type;
  private final String key;
  private final String doc;

  TrainingOption(Type type, String key, String doc) {
    this.type = type;
    this.key = key;
    this.doc = doc;
  }

  /** Its key in reference.conf; that of rules ends with a point. */
  public String key() {
    return key;
  }

  /** The name of its parameter: {@code batchTokens}. */
  public String label() {
    return WORD_START
        .matcher(name().toLowerCase(Locale.ROOT))
        .replaceAll(found -> found.group(1).toUpperCase(Locale.ROOT));
  }

  /** Its parameter; how Spark saves a value is the business of the parameter's class. */
  Param<?> param(Params parent) {
    String words = "%s; %s".formatted(doc, range());
    return switch (type) {
      case CHOICE -> new Param<>(parent, label(), words, this::accepts);
      case FLAG -> new BooleanParam(parent, label(), words);
      case INTEGER -> new IntParam(parent, label(), words, this::accepts);
      case WHOLE -> new LongParam(parent, label(), words, this::accepts);
      case NUMBER -> new DoubleParam(parent, label(), words, this::accepts);
      case NUMBERS -> new IntArrayParam(parent, label(), words, this::accepts);
      case RULES -> new StringArrayParam(parent, label(), words, this::isOfRules);
    };
  }

  private String range() {
    return type == Type.RULES ? "any of " + String.join(", ", rules()) : Settings.range(key);
  }

  /** The value that some settings have for it. */
  Object read(Settings settings) {
    return switch (type) {
      case CHOICE -> settings.text(key);
      case FLAG -> settings.flag(key);
      case INTEGER -> settings.integer(key);
      case WHOLE -> settings.whole(key);
      case NUMBER -> settings.number(key);
      case NUMBERS -> settings.integers(key).stream().mapToInt(Integer::intValue).toArray();
      case RULES ->
          rules().stream().filter(rule -> settings.flag(key + rule)).toArray(String[]::new);
    };
  }

  /** A value as settings take it: {@code key=value}, several of rules. */
  Stream<String> assignments(Object value) {
    if (type == Type.RULES) {
      List<String> on = List.of((String[]) value);
      return rules().stream().map(rule -> key + rule + "=" + on.contains(rule));
    }
    return Stream.of(key + "=" + text(value));
  }

  private boolean accepts(Object value) {
    return Settings.accepts(key, text(value));
  }

  private boolean isOfRules(String[] names) {
    return rules().containsAll(List.of(names));
  }

  private static String text(Object value) {
    return value instanceof int[] numbers
        ? String.join(",", Arrays.stream(numbers).mapToObj(Integer::toString).toList())
        : value.toString();
  }

  private List<String> rules() {
    return Settings.defaults().all().entrySet().stream()
        .filter(each -> each.getKey().startsWith(key) && SWITCH.contains(each.getValue()))
        .map(each -> each.getKey().substring(key.length()))
        .toList();
  }
}
