package storyloom.pipeline.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import storyloom.model.UserException;
import storyloom.model.fixture.SmallBundle;
import storyloom.pipeline.LocalSpark;

/** Stories in SQL are those that the generator writes. */
final class StoryFunctionsTest {

  @TempDir static Path models;
  private static String bundle;

  private final SparkSession session = LocalSpark.session().newSession();

  @BeforeAll
  static void writeModel() {
    bundle = models.resolve(SmallBundle.write(models)).toString();
  }

  @BeforeEach
  void nameTheTable() {
    session
        .sql(
            "select * from values (1, 'a fox sang .'), (2, cast(null as string)),"
                + " (3, 'the moon'), (4, 'the hen ran home') as t (id, prompt)")
        .repartition(2)
        .createOrReplaceTempView("prompts");
  }

  @AfterEach
  void forgetTheTable() {
    session.catalog().dropTempView("prompts");
  }

  private List<Row> byGenerator() {
    return new StoryGenerator()
        .setBundle(bundle)
        .transform(session.table("prompts"))
        .orderBy("id")
        .select("id", "story")
        .collectAsList();
  }

  @Test
  void functionWritesAStoryForEachRow() {
    StoryFunctions.register(session, "story", bundle);

    List<Row> told =
        session.sql("select id, story(prompt) as story from prompts order by id").collectAsList();

    assertThat(told).isEqualTo(byGenerator()).anyMatch(row -> row.isNullAt(1));
  }

  @Test
  void functionWritesForAPromptThatNoTableHolds() {
    StoryFunctions.register(session, "story", bundle);

    assertThat(session.sql("select story('a fox sang .')").first().getString(0))
        .isEqualTo(byGenerator().get(0).getString(1));
  }

  @Test
  void functionWritesAsTheGeneratorsParametersSay() {
    StoryFunctions.register(
        session, "likeliest", new StoryGenerator().setBundle(bundle).setMaxTokens(2));

    String story = session.sql("select likeliest('the moon')").first().getString(0);

    assertThat(story.split(" ")).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void tableFunctionTakesATableOrItsName() {
    StoryFunctions.registerTable(session, "stories", new StoryGenerator().setBundle(bundle));

    Dataset<Row> byTable = session.sql("select id, story from stories(table(prompts)) order by id");
    Dataset<Row> byQuery =
        session.sql(
            "select s.id, s.story from stories(table(select * from prompts where id > 2)) as s"
                + " join prompts using (id) where finish_reason <> 'rejected' order by s.id");
    Dataset<Row> byName = session.sql("select id, story from stories('prompts') order by id");

    assertThat(byTable.collectAsList()).isEqualTo(byGenerator());
    assertThat(byName.collectAsList()).isEqualTo(byGenerator());
    assertThat(byQuery.collectAsList()).isEqualTo(byGenerator().subList(2, 4));
  }

  @Test
  void tableFunctionSaysWhatItTakes() {
    StoryFunctions.registerTable(session, "stories", new StoryGenerator().setBundle(bundle));

    assertThatThrownBy(() -> session.sql("select * from stories(7)"))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "stories takes a table, as in stories(table(prompts)), or the name of one, as in stories('prompts')");
  }

  @Test
  void modelThatIsNotThereIsToldWhenTheFunctionIsRegistered() {
    assertThatThrownBy(
            () -> StoryFunctions.register(session, "story", models.resolve("x").toString()))
        .isInstanceOf(UserException.class);
  }
}
