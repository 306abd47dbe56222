package storyloom.pipeline.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.UserException;
import storyloom.model.eval.Evaluation;
import storyloom.model.fixture.SmallBundle;
import storyloom.pipeline.LocalSpark;
import storyloom.pipeline.evaluate.Evaluator.PairScore;
import storyloom.pipeline.evaluate.Evaluator.Scores;

final class EvaluatorTest {

  private static final StructType SCHEMA =
      new StructType().add("prompt", DataTypes.StringType).add("story", DataTypes.StringType);

  private static final List<Row> PAIRS =
      List.of(
          RowFactory.create("a fox", "the fox ran home ."),
          RowFactory.create("", "nobody asked ."),
          RowFactory.create("a hen and the moon", "the zebra sang , the zebra ran ."),
          RowFactory.create("the moon", ""),
          RowFactory.create("a fox", "a yak ."));

  @TempDir static Path models;
  private static String version;

  @BeforeAll
  static void writeModel() {
    version = SmallBundle.write(models);
  }

  private static Evaluation evaluate(List<Row> pairs, int partitions, int batch) {
    return evaluate(version, pairs, partitions, batch);
  }

  private static Evaluation evaluate(String model, List<Row> pairs, int partitions, int batch) {
    return evaluator(model, batch).evaluate(table(pairs, partitions));
  }

  private static Scores each(String model, List<Row> pairs, int partitions) {
    return evaluator(model, 2).evaluateEach(table(pairs, partitions));
  }

  private static Dataset<Row> table(List<Row> pairs, int partitions) {
    return LocalSpark.session()
        .createDataFrame(LocalSpark.context().parallelize(pairs, partitions), SCHEMA);
  }

  private static Evaluator evaluator(String model, int batch) {
    return new Evaluator(
        new org.apache.hadoop.fs.Path(models.resolve(model).toString()),
        batch,
        new Configuration());
  }

  @Test
  void everyPairWithAPromptCounts() {
    Evaluation evaluation = evaluate(PAIRS, 2, 2);

    assertThat(evaluation.model()).isEqualTo(version);
    assertThat(evaluation.pairs()).isEqualTo(4);
    assertThat(evaluation.skipped()).isEqualTo(1);
    // the story of eight tokens fits, an empty one is its end alone
    assertThat(evaluation.tally().tokens()).isEqualTo(6 + 9 + 1 + 4);
    assertThat(evaluation.words()).isEqualTo(5 + 7 + 1 + 3);
    assertThat(evaluation.unknown()).isEqualTo(2 + 1 + 1);
    assertThat(evaluation.unknownTypes()).isEqualTo(3);
  }

  @Test
  void whoeverCopiesHasUnknownWordsOfThePromptAtTheirOwnProbability() {
    String copying = SmallBundle.ofDozenWords().withCopying().writeTo(models);
    List<Row> pairs =
        List.of(
            RowFactory.create("a zebra and a yak", "the zebra ran ."),
            RowFactory.create("a fox", "a yak ."));

    Evaluation evaluation = evaluate(copying, pairs, 1, 2);

    assertThat(evaluation.unknown()).isEqualTo(2);
    assertThat(evaluation.unknownTypes()).isEqualTo(2);
    assertThat(evaluation.copied()).isEqualTo(1);
    // that it is the zebra is less likely than that it is any unknown word
    assertThat(evaluation.tally().ownNll()).isGreaterThan(evaluation.tally().nll());
    assertThat(evaluation.perplexityPerWord())
        .isCloseTo(
            Math.exp((evaluation.tally().ownNll() + Math.log(2)) / evaluation.words()),
            within(1e-9));
  }

  @Test
  void figuresDependOnThePairsAndNotOnHowTheyAreDealtOut() {
    Evaluation one = evaluate(PAIRS, 1, 1);
    Evaluation other = evaluate(Stream.of(4, 2, 0, 3, 1).map(PAIRS::get).toList(), 3, 64);

    assertThat(other.nllPerToken()).isCloseTo(one.nllPerToken(), within(1e-6));
    assertThat(other.tally().correct()).isEqualTo(one.tally().correct());
    assertThat(other.words()).isEqualTo(one.words());
    assertThat(other.unknownTypes()).isEqualTo(one.unknownTypes());
  }

  @Test
  void orderOfThePairsChangesNothingAtAll() {
    List<Row> reversed = Stream.of(4, 3, 2, 1, 0).map(PAIRS::get).toList();

    assertThat(evaluate(reversed, 1, 2)).isEqualTo(evaluate(PAIRS, 1, 2));
  }

  @Test
  void scoresOfPairsAddUpAndStandInOneOrderForAnyModel(@TempDir Path elsewhere) {
    List<Row> shuffled = Stream.of(4, 2, 0, 3, 1).map(PAIRS::get).toList();
    String other =
        elsewhere.resolve(SmallBundle.ofDozenWords().withCopying().writeTo(elsewhere)).toString();

    Scores scores = each(version, PAIRS, 2);
    Scores others = each(other, shuffled, 3);

    Evaluation whole = evaluate(PAIRS, 2, 2);
    assertThat(scores.evaluation().nllPerToken()).isCloseTo(whole.nllPerToken(), within(1e-6));
    assertThat(scores.evaluation().perplexityPerWord())
        .isCloseTo(whole.perplexityPerWord(), within(1e-6));
    assertThat(scores.evaluation().accuracy()).isEqualTo(whole.accuracy());
    assertThat(scores.evaluation().skipped()).isEqualTo(1);
    assertThat(scores.pairs()).extracting(PairScore::words).containsOnlyOnce(0L).hasSize(5);
    assertThat(others.pairs())
        .extracting(PairScore::key)
        .isEqualTo(scores.pairs().stream().map(PairScore::key).toList());
    assertThat(others.pairs())
        .extracting(PairScore::words)
        .isEqualTo(scores.pairs().stream().map(PairScore::words).toList());
  }

  @Test
  void pairsWithoutAnyPromptAreRefused() {
    assertThatThrownBy(() -> evaluate(List.of(RowFactory.create(" ", "a fox ran .")), 1, 2))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("no prompt");
  }
}
