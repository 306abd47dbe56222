package storyloom.pipeline.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.eval.PromptRanking;
import storyloom.model.fixture.SmallBundle;
import storyloom.pipeline.LocalSpark;

class PromptRankerTest {

  private static final StructType SCHEMA =
      new StructType().add("prompt", DataTypes.StringType).add("story", DataTypes.StringType);

  private static final List<String> WORDS = List.of("a", "fox", "hen", "and", "the", "moon");

  @TempDir static Path models;
  private static String version;

  @BeforeAll
  static void writeModel() {
    version = SmallBundle.write(models);
  }

  /** Prompts of three words, all different. */
  private static List<Row> pairs(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                RowFactory.create(
                    WORDS.get(i / 36 % 6) + " " + WORDS.get(i / 6 % 6) + " " + WORDS.get(i % 6),
                    "the " + WORDS.get(i % 6) + " ran home ."))
        .toList();
  }

  private static HeldOutPairs.Sample sample(List<Row> rows, int partitions, int most) {
    Dataset<Row> table =
        LocalSpark.session()
            .createDataFrame(LocalSpark.context().parallelize(rows, partitions), SCHEMA);
    return HeldOutPairs.Sample.of(table, most);
  }

  private static PromptRanker ranker() {
    return new PromptRanker(
        new org.apache.hadoop.fs.Path(models.resolve(version).toString()), new Configuration());
  }

  @Test
  void aSampleDependsOnThePairsAndNotOnWhereTheyLie() {
    List<Row> rows = new ArrayList<>(pairs(60));
    rows.add(RowFactory.create(" ", "no prompt"));
    rows.add(RowFactory.create("no story", null));
    HeldOutPairs.Sample sample = sample(rows, 1, 20);
    Collections.shuffle(rows, new Random(3));

    assertThat(sample(rows, 4, 20)).isEqualTo(sample);
    assertThat(sample.size()).isEqualTo(20);
    assertThat(sample(rows, 4, 1000).prompts()).hasSize(60).doesNotContain(" ", "no story");
  }

  @Test
  void everyStoryOfTheSampleGetsAPlace() {
    HeldOutPairs.Sample sample = sample(pairs(60), 2, 40);

    PromptRanking ranking = ranker().rank(LocalSpark.context(), sample).orElseThrow();

    assertThat(ranking.stories()).hasSize(10);
    assertThat(ranking.stories().stream().mapToInt(Integer::intValue).sum()).isEqualTo(40);
    assertThat(ranker().rank(LocalSpark.context(), sample)).contains(ranking);
  }

  @Test
  void withoutTenDifferentPromptsThereIsNoRanking() {
    assertThat(ranker().rank(LocalSpark.context(), sample(pairs(9), 1, 100))).isEmpty();
  }
}
