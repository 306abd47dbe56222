package storyloom.pipeline.ml;

import static org.apache.spark.sql.functions.col;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import storyloom.model.UserException;
import storyloom.model.eval.PromptRanking;
import storyloom.model.eval.StoryStatistics;
import storyloom.pipeline.corpus.read.PairColumns;
import storyloom.pipeline.evaluate.Evaluator;
import storyloom.pipeline.evaluate.HeldOutPairs;
import storyloom.pipeline.evaluate.PromptRanker;
import storyloom.pipeline.evaluate.SentenceOrder;
import storyloom.pipeline.generate.BundlePlace;
import storyloom.pipeline.generate.ParamExplanation;
import storyloom.pipeline.generate.StorySource;

/**
 * Measures a model on a table that a {@link storyloom.pipeline.generate.StoryGenerator} has
 * transformed and that holds the stories of people besides: a Spark ML Evaluator. Which model it
 * is, the table's plan tells; where that has been cut off, as by writing the table to files, or
 * where there are no written stories at all, {@link #bundle} names it.
 *
 * <p>Perplexity, ranking and the order of sentences need no written story, and none is written for
 * them if the generator is the last stage that did something about prompts and stories.
 */
public final class StoryEvaluator extends org.apache.spark.ml.evaluation.Evaluator
    implements DefaultParamsWritable {

  /** Pairs in a minibatch when they are scored; changes the speed alone. */
  private static final int BATCH = 64;

  /** What is measured. */
  private enum Metric {
    /** exp of the mean negative log-likelihood of a word; comparable between vocabularies. */
    PERPLEXITY_PER_WORD("perplexityPerWord", false),
    /** Share of a sample's stories whose own prompt the model prefers to nine others. */
    RANKING("ranking", true),
    /** Share of four words in a row that a story of the model has had already. */
    REPETITION("repetition", false),
    /** Share of the model's stories that are about the person of their prompts. */
    PERSON_KEPT("personKept", true),
    /** Share of people's stories whose own order of sentences the model finds likelier. */
    SENTENCE_ORDER("sentenceOrder", true);

    private final String label;
    private final boolean largerBetter;

    Metric(String label, boolean largerBetter) {
      this.label = label;
      this.largerBetter = largerBetter;
    }

    /** All labels as a sentence has them. */
    static String labels() {
      String last = values()[values().length - 1].label;
      return Arrays.stream(values())
              .map(each -> each.label)
              .filter(each -> !each.equals(last))
              .collect(Collectors.joining(", "))
          + " or "
          + last;
    }

    static boolean isLabel(String label) {
      return Arrays.stream(values()).anyMatch(each -> each.label.equals(label));
    }

    static Metric labelled(String label) {
      return Arrays.stream(values())
          .filter(each -> each.label.equals(label))
          .findFirst()
          .orElseThrow();
    }
  }

  private final String uid;
  private final Param<String> metricName;
  private final Param<String> bundle;
  private final Param<String> promptCol;
  private final Param<String> storyCol;
  private final Param<String> predictionCol;
  private final IntParam sample;

  /** Of perplexity per word, on the default columns. */
  public StoryEvaluator() {
    this(Identifiable$.MODULE$.randomUID("storyEvaluator"));
  }

  /**
   * As {@link #StoryEvaluator()}, under a given name.
   *
   * @param uid distinguishes this evaluator from others
   */
  public StoryEvaluator(String uid) {
    this.uid = uid;
    metricName =
        new Param<>(this, "metricName", "what is measured; " + Metric.labels(), Metric::isLabel);
    bundle =
        new Param<>(
            this, "bundle", "directory of the model; not set: the one that wrote the stories");
    promptCol = new Param<>(this, "promptCol", "column of the prompts, strings");
    storyCol = new Param<>(this, "storyCol", "column of the stories of people, strings");
    predictionCol = new Param<>(this, "predictionCol", "column of the stories of the model");
    sample =
        new IntParam(
            this,
            "sample",
            "pairs that all but perplexityPerWord look at; at least 10",
            ParamValidators.gtEq(10));
    setDefault(metricName, Metric.PERPLEXITY_PER_WORD.label);
    setDefault(promptCol, "prompt");
    setDefault(storyCol, "story");
    setDefault(predictionCol, "prediction");
    setDefault(untyped(sample), 200);
  }

  @SuppressWarnings("unchecked")
  private static Param<Object> untyped(IntParam param) {
    return (Param<Object>) (Param<?>) param;
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
  public boolean isLargerBetter() {
    return metric().largerBetter;
  }

  private Metric metric() {
    return Metric.labelled(getMetricName());
  }

  /**
   * Measures.
   *
   * @param table with the columns of prompts and stories, and for repetition and personKept that of
   *     written ones
   * @throws UserException if a column is missing, nothing tells which model it is, it cannot be
   *     used, or there are too few pairs
   */
  @Override
  public double evaluate(Dataset<?> table) {
    return switch (metric()) {
      case PERPLEXITY_PER_WORD -> perplexity(table);
      case RANKING -> ranking(table);
      case REPETITION -> known(written(table).repeatedFourGrams());
      case PERSON_KEPT -> known(written(table).personKept());
      case SENTENCE_ORDER -> order(table);
    };
  }

  private double perplexity(Dataset<?> table) {
    Dataset<Row> pairs = pairs(table);
    Configuration hadoop = hadoop(table);
    return new Evaluator(model(table, hadoop), BATCH, hadoop).evaluate(pairs).perplexityPerWord();
  }

  private double ranking(Dataset<?> table) {
    Dataset<Row> pairs = pairs(table);
    Configuration hadoop = hadoop(table);
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(table.sparkSession().sparkContext());
    return new PromptRanker(model(table, hadoop), hadoop)
        .rank(context, HeldOutPairs.Sample.of(pairs, getSample()))
        .map(PromptRanking::accuracy)
        .orElseThrow(
            () ->
                UserException.data(
                    "the prompts cannot be ranked: there must be more than nine different ones"
                        + " among the sample of "
                        + getSample()));
  }

  /** What a sample of the written stories looks like. */
  private StoryStatistics written(Dataset<?> table) {
    requireStrings(table, promptCol);
    requireStrings(table, predictionCol);
    HeldOutPairs.Sample stories =
        HeldOutPairs.Sample.of(
            named(table.select(column(promptCol), column(predictionCol))), getSample());
    return StoryStatistics.of(stories.prompts(), stories.stories());
  }

  /** 0 where no story has what is counted: all are too short, or no prompt is about anybody. */
  private static double known(double share) {
    return Double.isNaN(share) ? 0 : share;
  }

  private double order(Dataset<?> table) {
    HeldOutPairs.Sample sample = HeldOutPairs.Sample.of(pairs(table), getSample());
    Configuration hadoop = hadoop(table);
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(table.sparkSession().sparkContext());
    return SentenceOrder.share(
            new SentenceOrder(model(table, hadoop), hadoop)
                .preferred(context, sample.prompts(), sample.stories()))
        .orElseThrow(
            () ->
                UserException.data(
                    "no story of the sample of %d has two different sentences"
                        .formatted(getSample())));
  }

  private Dataset<Row> pairs(Dataset<?> table) {
    requireStrings(table, promptCol);
    requireStrings(table, storyCol);
    return named(
        StorySource.carried(
            table, List.of(quoted(getOrDefault(promptCol)), quoted(getOrDefault(storyCol)))));
  }

  private static Dataset<Row> named(Dataset<Row> pairs) {
    return pairs.toDF(PairColumns.PROMPT, PairColumns.STORY);
  }

  private org.apache.spark.sql.Column column(Param<String> param) {
    return col(quoted(getOrDefault(param)));
  }

  private static String quoted(String column) {
    return "`" + column.replace("`", "``") + "`";
  }

  private void requireStrings(Dataset<?> table, Param<String> param) {
    TextColumns.require(table.schema(), getOrDefault(param), DataTypes.StringType, param.name());
  }

  private static Configuration hadoop(Dataset<?> table) {
    return table.sparkSession().sessionState().newHadoopConf();
  }

  private Path model(Dataset<?> table, Configuration hadoop) {
    String named =
        isSet(bundle)
            ? getOrDefault(bundle)
            : StorySource.bundle(table)
                .orElseThrow(
                    () ->
                        UserException.usage(
                            "nothing tells which model is to be measured: set bundle, or hand over"
                                + " what a StoryGenerator has transformed"));
    return new BundlePlace(named).directory(hadoop);
  }

  /** What is measured: a label of the table in docs/pipelines.md. */
  public Param<String> metricName() {
    return metricName;
  }

  /** Sets what is measured: perplexityPerWord, ranking, repetition, personKept or sentenceOrder. */
  public StoryEvaluator setMetricName(String name) {
    set(metricName, name);
    return this;
  }

  /** What is measured. */
  public String getMetricName() {
    return getOrDefault(metricName);
  }

  /** Directory of the model, or {@code home/models/current}. */
  public Param<String> bundle() {
    return bundle;
  }

  /** Sets the directory of the model. */
  public StoryEvaluator setBundle(String directory) {
    set(bundle, directory);
    return this;
  }

  /** The directory of the model; empty if none is set. */
  public String getBundle() {
    return isSet(bundle) ? getOrDefault(bundle) : "";
  }

  /** Column of the prompts. */
  public Param<String> promptCol() {
    return promptCol;
  }

  /** Sets the column of the prompts. */
  public StoryEvaluator setPromptCol(String column) {
    set(promptCol, column);
    return this;
  }

  /** The column of the prompts. */
  public String getPromptCol() {
    return getOrDefault(promptCol);
  }

  /** Column of the stories of people. */
  public Param<String> storyCol() {
    return storyCol;
  }

  /** Sets the column of the stories of people. */
  public StoryEvaluator setStoryCol(String column) {
    set(storyCol, column);
    return this;
  }

  /** The column of the stories of people. */
  public String getStoryCol() {
    return getOrDefault(storyCol);
  }

  /** Column of the stories of the model. */
  public Param<String> predictionCol() {
    return predictionCol;
  }

  /** Sets the column of the stories of the model. */
  public StoryEvaluator setPredictionCol(String column) {
    set(predictionCol, column);
    return this;
  }

  /** The column of the stories of the model. */
  public String getPredictionCol() {
    return getOrDefault(predictionCol);
  }

  /** Pairs that all but perplexityPerWord look at. */
  public IntParam sample() {
    return sample;
  }

  /** Sets how many pairs all but perplexityPerWord look at. */
  public StoryEvaluator setSample(int pairs) {
    set(untyped(sample), pairs);
    return this;
  }

  /** How many pairs all but perplexityPerWord look at. */
  public int getSample() {
    return (int) getOrDefault(untyped(sample));
  }

  /** Reads evaluators that were saved by {@link #save}. */
  public static MLReader<StoryEvaluator> read() {
    return new DefaultParamsReader<>();
  }

  /** The evaluator that was saved in a folder. */
  public static StoryEvaluator load(String path) {
    return read().load(path);
  }

  @Override
  public StoryEvaluator copy(ParamMap extra) {
    return defaultCopy(extra);
  }
}
