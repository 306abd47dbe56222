package storyloom.pipeline.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.collection.JavaConverters;
import storyloom.model.UserException;
import storyloom.model.eval.StoryStatistics;
import storyloom.model.fixture.SmallBundle;
import storyloom.model.nn.config.AttentionKind;
import storyloom.pipeline.LocalSpark;
import storyloom.pipeline.evaluate.Evaluator;
import storyloom.pipeline.generate.StoryGenerator;

/** Measures of a table that a generator has transformed. */
final class StoryEvaluatorTest {

  @TempDir static Path models;
  private static String bundle;

  @BeforeAll
  static void writeModel() {
    List<String> words =
        Stream.concat(PairTables.HEROES.stream(), PairTables.OBJECTS.stream()).toList();
    bundle =
        models
            .resolve(new SmallBundle(words, 8, 12, AttentionKind.DOT, false, 3).writeTo(models))
            .toString();
  }

  private static Dataset<Row> told() {
    return new StoryGenerator()
        .setBundle(bundle)
        .setStoryCol("prediction")
        .setMaxTokens(9)
        .transform(PairTables.heroes(2));
  }

  private static StoryEvaluator of(String metric) {
    return new StoryEvaluator().setMetricName(metric);
  }

  /** Counts the stories that are written meanwhile. */
  private static long storiesOf(Runnable work) throws Exception {
    Told told = new Told();
    LocalSpark.context().sc().addSparkListener(told);
    try {
      work.run();
      LocalSpark.context().sc().listenerBus().waitUntilEmpty();
    } finally {
      LocalSpark.context().sc().removeSparkListener(told);
    }
    return told.stories;
  }

  private static final class Told extends SparkListener {
    private long stories; // by the bus alone, until it is empty

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      JavaConverters.seqAsJavaList(end.taskInfo().accumulables()).stream()
          .filter(each -> each.name().contains(StoryGenerator.TOLD))
          .forEach(each -> stories += ((Number) each.update().get()).longValue());
    }
  }

  @Test
  void perplexityIsThatOfEvaluateJarAndWritesNoStory() throws Exception {
    double expected =
        new Evaluator(new org.apache.hadoop.fs.Path(bundle), 64, new Configuration())
            .evaluate(PairTables.heroes(1))
            .perplexityPerWord();
    double[] found = new double[1];

    long written = storiesOf(() -> found[0] = of("perplexityPerWord").evaluate(told()));

    assertThat(found[0]).isCloseTo(expected, within(1e-6));
    assertThat(written).isZero();
  }

  @Test
  void stagesBehindTheGeneratorChangeNothing() throws Exception {
    double plain = of("perplexityPerWord").evaluate(told());
    Dataset<Row> more =
        told()
            .withColumn("more", lit(1))
            .withColumnRenamed("story", "tale")
            .filter(col("story_tokens").gt(-1));
    double[] found = new double[1];

    long written =
        storiesOf(() -> found[0] = of("perplexityPerWord").setStoryCol("tale").evaluate(more));

    assertThat(found[0]).isCloseTo(plain, within(1e-6));
    assertThat(written).as("the filter needs them").isPositive();
  }

  @Test
  void rankingIsAShareThatIsBetterWhereLarger() {
    assertThat(of("ranking").evaluate(told())).isBetween(0.0, 1.0);
    assertThat(of("ranking").isLargerBetter()).isTrue();
    assertThat(of("repetition").isLargerBetter()).isFalse();
    assertThat(of("perplexityPerWord").isLargerBetter()).isFalse();
  }

  @Test
  void repetitionIsThatOfTheWrittenStories() {
    List<Row> rows = told().select("prompt", "prediction").collectAsList();
    double expected =
        StoryStatistics.of(
                rows.stream().map(row -> row.getString(0)).toList(),
                rows.stream().map(row -> row.getString(1)).toList())
            .repeatedFourGrams();

    assertThat(of("repetition").evaluate(told())).isEqualTo(expected);
  }

  @Test
  void personsAreThoseOfTheWrittenStories() {
    Dataset<Row> told =
        told()
            .withColumn("prompt", lit("She lost her lamp ."))
            .withColumn("prediction", when(col("story_tokens").gt(0), lit("She found it .")));

    assertThat(of("personKept").evaluate(told)).isEqualTo(1);
    assertThat(of("personKept").evaluate(told.withColumn("prediction", lit("He found him ."))))
        .isZero();
    assertThat(of("personKept").isLargerBetter()).isTrue();
  }

  @Test
  void orderOfSentencesIsJudgedByStoriesOfPeopleWithoutWrittenOnes() {
    StoryEvaluator order = of("sentenceOrder").setBundle(bundle);
    Dataset<Row> pairs = PairTables.heroes(2);

    assertThat(order.evaluate(pairs.withColumn("story", lit("anna ran . ben sat ."))))
        .isBetween(0.0, 1.0);
    assertThatThrownBy(() -> order.evaluate(pairs.withColumn("story", lit("anna ran ."))))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("two different sentences");
  }

  @Test
  void storiesFromFilesNeedTheModelsName(@TempDir Path folder) {
    String file = folder.resolve("told.parquet").toString();
    told().write().parquet(file);
    Dataset<Row> read = LocalSpark.session().read().parquet(file);

    assertThatThrownBy(() -> of("perplexityPerWord").evaluate(read))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("set bundle");
    assertThat(of("perplexityPerWord").setBundle(bundle).evaluate(read))
        .isCloseTo(of("perplexityPerWord").evaluate(told()), within(1e-6));
    assertThat(of("repetition").evaluate(read)).isEqualTo(of("repetition").evaluate(told()));
  }

  @Test
  void mistakesSpeakOfParameters() {
    Dataset<Row> told = told();

    assertThatThrownBy(() -> of("perplexityPerWord").setStoryCol("tale").evaluate(told))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("there is no column tale")
        .hasMessageContaining("with storyCol");
    assertThatThrownBy(() -> of("ranking").evaluate(told.limit(5)))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("more than nine different ones");
    assertThatThrownBy(() -> of("accuracy")).hasMessageContaining("metricName");
  }

  @Test
  void evaluatorIsSavedAndLoaded(@TempDir Path folder) throws IOException {
    StoryEvaluator saved = of("ranking").setSample(50).setStoryCol("tale");
    String path = folder.resolve("evaluator").toString();

    saved.save(path);
    StoryEvaluator loaded = StoryEvaluator.load(path);

    assertThat(loaded.explainParams()).isEqualTo(saved.explainParams());
    assertThat(loaded.isLargerBetter()).isTrue();
  }
}
