package storyloom.pipeline.generate;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import storyloom.model.UserException;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.decode.DecodeSettings.Strategy;
import storyloom.model.decode.DecodingOption;
import storyloom.model.fixture.SmallBundle;
import storyloom.model.settings.Settings;
import storyloom.pipeline.LocalSpark;
import storyloom.pipeline.fault.FaultPlugin;
import storyloom.pipeline.fault.Faults;

final class StoryGeneratorTest {

  private static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.IntegerType)
          .add("prompt", DataTypes.StringType)
          .add("tags", DataTypes.createArrayType(DataTypes.StringType));

  private static final List<Row> ROWS =
      List.of(
          RowFactory.create(0, "a fox sang .", new String[] {"x", "y"}),
          RowFactory.create(1, null, null),
          RowFactory.create(2, "the hen ran home .", new String[0]),
          RowFactory.create(3, "   ", null),
          RowFactory.create(4, "a a a a a a a a a a a a", null),
          RowFactory.create(5, "a fox sang .", null),
          RowFactory.create(6, "the moon", null));

  @TempDir static Path models;
  private static String version;

  @BeforeAll
  static void writeModel() {
    version = SmallBundle.write(models);
  }

  private static StoryGenerator generator() {
    return new StoryGenerator().setBundle(models.resolve(version).toString());
  }

  private static DecodeSettings sampling(int batch) {
    return settings(
        "strategy=sample", "temperature=2", "top-k=0", "max-tokens=12", "batch=" + batch, "seed=7");
  }

  private static DecodeSettings settings(String... assignments) {
    List<String> keyValues = Stream.of(assignments).map("decode."::concat).toList();
    return DecodeSettings.of(Settings.load(Optional.empty(), keyValues));
  }

  private static Dataset<Row> table(List<Row> rows, int partitions) {
    return LocalSpark.session()
        .createDataFrame(LocalSpark.context().parallelize(rows, partitions), SCHEMA);
  }

  private static Map<Integer, String> stories(Dataset<Row> told) {
    Map<Integer, String> stories = new TreeMap<>();
    told.collectAsList()
        .forEach(row -> stories.put(row.getInt(0), row.getString(row.fieldIndex("story"))));
    return stories;
  }

  @Test
  void everyRowComesBackInItsPlaceWithItsOwnColumns() {
    List<Row> told = generator().transform(table(ROWS, 2)).collectAsList();

    assertThat(told).extracting(row -> row.getInt(0)).containsExactly(0, 1, 2, 3, 4, 5, 6);
    assertThat(told.get(0).getList(2)).isEqualTo(List.of("x", "y"));
    assertThat(told.get(1).isNullAt(2)).isTrue();
    assertThat(told).allMatch(row -> row.getAs("model").equals(version));
  }

  @Test
  void valuesThatJavaWouldChangeStayAsTheyAre() {
    Dataset<Row> prompts =
        LocalSpark.session()
            .range(1)
            .selectExpr(
                "'a fox sang .' as prompt",
                "cast(unhex('E9') as string) as latin",
                "date'1582-10-10' as day");

    Row told =
        generator()
            .transform(prompts)
            .selectExpr("hex(cast(latin as binary))", "cast(day as string)")
            .first();

    assertThat(told).isEqualTo(RowFactory.create("E9", "1582-10-10"));
  }

  @Test
  void columnsKeepTheirMetadata() {
    Metadata labels = new MetadataBuilder().putStringArray("labels", new String[] {"x"}).build();
    Dataset<Row> prompts = table(ROWS, 1).select(col("id").as("id", labels), col("prompt"));

    assertThat(generator().transform(prompts).schema().apply("id").metadata()).isEqualTo(labels);
  }

  @Test
  void promptThatCannotBeToldIsRejectedAlone() {
    DecodeSettings threeTokens = settings("min-tokens=3", "max-tokens=3");

    List<Row> told = generator().setDecoding(threeTokens).transform(table(ROWS, 1)).collectAsList();

    for (int rejected : new int[] {1, 3, 4}) {
      Row row = told.get(rejected);
      assertThat(row.<String>getAs("finish_reason")).isEqualTo("rejected");
      assertThat(row.<String>getAs("error")).isNotBlank();
      assertThat(row.<String>getAs("story")).isNull();
      assertThat(row.<Integer>getAs("story_tokens")).isNull();
      assertThat(row.<Double>getAs("log_prob")).isNull();
    }
    Row row = told.get(0);
    assertThat(row.<String>getAs("finish_reason")).isEqualTo("length");
    assertThat(row.<String>getAs("error")).isNull();
    assertThat(row.<Integer>getAs("story_tokens")).isEqualTo(3);
    assertThat(row.<Double>getAs("log_prob")).isNegative();
  }

  @Test
  void storyDependsOnNeitherNeighboursNorPartitionsNorOrder() {
    List<Row> reversed = new ArrayList<>(ROWS);
    Collections.reverse(reversed);

    Map<Integer, String> one =
        stories(generator().setDecoding(sampling(1)).transform(table(ROWS, 1)));
    Map<Integer, String> many =
        stories(generator().setDecoding(sampling(4)).transform(table(reversed, 3)));

    assertThat(many).isEqualTo(one);
    assertThat(one.get(0)).isEqualTo(one.get(5));
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void storiesAreTheSameWhereTasksFailAndAreTriedAgain(Strategy strategy) {
    StoryGenerator generator =
        generator()
            .setDecoding(
                settings("strategy=" + strategy.label(), "temperature=2", "max-tokens=12"));
    Map<Integer, String> undisturbed = stories(generator.transform(table(ROWS, 7)));
    long thrown = FaultPlugin.thrown();

    new Faults(3, 20, 0.6)
        .during(
            LocalSpark.context(),
            () -> assertThat(stories(generator.transform(table(ROWS, 7)))).isEqualTo(undisturbed));

    assertThat(FaultPlugin.thrown()).isGreaterThan(thrown);
  }

  @Test
  void keyTellsRowsOfEqualPromptsApart() {
    List<Row> equal =
        IntStream.range(0, 6)
            .mapToObj(id -> RowFactory.create(id, "a fox and the moon", null))
            .toList();

    Map<Integer, String> told =
        stories(generator().setDecoding(sampling(4)).setKeyCol("id").transform(table(equal, 2)));

    assertThat(told.values()).doesNotHaveDuplicates();
  }

  @Test
  void schemaIsKnownBeforeAnyJob() {
    StoryGenerator generator = generator().setColumn(StoryColumn.STORY, "tale");

    assertThat(generator.transformSchema(SCHEMA))
        .isEqualTo(generator.transform(table(ROWS, 1)).schema());
    assertThatThrownBy(() -> generator.setPromptCol("title").transformSchema(SCHEMA))
        .isInstanceOf(UserException.class);
  }

  @Test
  void copyHasTheSameParameters() {
    StoryGenerator copy =
        generator().setDecoding(sampling(4)).copy(org.apache.spark.ml.param.ParamMap.empty());

    assertThat(copy.decodeSettings()).isEqualTo(sampling(4));
    assertThat(stories(copy.transform(table(ROWS, 2))))
        .isEqualTo(stories(generator().setDecoding(sampling(4)).transform(table(ROWS, 2))));
  }

  @Test
  void parametersRefuseWhatMakesNoSense() {
    assertThatThrownBy(() -> generator().set("strategy", "best")).hasMessageContaining("strategy");
    assertThatThrownBy(() -> generator().set("maxTokens", 0)).hasMessageContaining("maxTokens");
    assertThatThrownBy(() -> generator().set("topP", 0.0)).hasMessageContaining("topP");
    assertThatThrownBy(() -> generator().set("minP", 1.5)).hasMessageContaining("minP");
    assertThatThrownBy(() -> generator().set("candidates", 0)).hasMessageContaining("candidates");
    assertThatThrownBy(() -> generator().set("priorWeight", -1.0))
        .hasMessageContaining("priorWeight");
    assertThatThrownBy(() -> generator().set("beamSize", 0)).hasMessageContaining("beamSize");
  }

  @Test
  void parametersThatExcludeEachOtherAreFoundBeforeAnyJob() {
    StoryGenerator generator = generator();
    generator.set("minTokens", 9);
    generator.set("maxTokens", 8);

    assertThatThrownBy(() -> generator.transformSchema(SCHEMA))
        .isInstanceOf(UserException.class)
        .hasMessageContainingAll("minTokens", "maxTokens")
        .hasMessageNotContaining("decode.");
  }

  @Test
  void moreDraftsThanABatchHasRowsAreFoundBeforeAnyJob() {
    StoryGenerator generator = generator().setCandidates(9).setBatch(8);

    assertThatThrownBy(() -> generator.transformSchema(SCHEMA))
        .isInstanceOf(UserException.class)
        .hasMessageContainingAll("candidates", "batch", "8, not 9")
        .hasMessageNotContaining("decode.");
  }

  @Test
  void keptDraftsAreTheSameHoweverRowsAreSpread() {
    String[] drafts = {"candidates=4", "prior-weight=1", "temperature=2", "max-tokens=12"};
    List<Row> reversed = new ArrayList<>(ROWS);
    Collections.reverse(reversed);

    assertThat(stories(generator().setDecoding(settings(drafts)).transform(table(reversed, 3))))
        .isEqualTo(
            stories(
                generator().setDecoding(settings(drafts)).setBatch(4).transform(table(ROWS, 1))));
  }

  @Test
  void generatorIsSavedAndLoadedWithAllItsParameters(@TempDir Path folder) throws IOException {
    DecodeSettings beam =
        settings("strategy=beam", "beam-size=3", "banned-words=fox,moon", "seed=123456789012");
    StoryGenerator saved =
        generator().setDecoding(beam).setKeyCol("id").setColumn(StoryColumn.STORY, "tale");
    String path = folder.resolve("generator").toString();

    saved.save(path);
    StoryGenerator loaded = StoryGenerator.load(path);

    assertThat(loaded.uid()).isEqualTo(saved.uid());
    assertThat(loaded.decodeSettings()).isEqualTo(beam);
    assertThat(loaded.transformSchema(SCHEMA)).isEqualTo(saved.transformSchema(SCHEMA));
    assertThat(loaded.transform(table(ROWS, 2)).collectAsList())
        .isEqualTo(saved.transform(table(ROWS, 1)).collectAsList());
  }

  @Test
  void beamsAndBannedWordsAreTheSameHoweverRowsAreSpread() {
    DecodeSettings free = settings("strategy=beam", "max-tokens=12");
    String some =
        stories(generator().setDecoding(free).transform(table(ROWS, 1))).values().stream()
            .filter(Objects::nonNull)
            .flatMap(story -> Stream.of(story.toLowerCase(Locale.ROOT).split("\\W+")))
            .filter(word -> !word.isEmpty())
            .findFirst()
            .orElseThrow();
    List<Row> reversed = new ArrayList<>(ROWS);
    Collections.reverse(reversed);
    String banned = "banned-words=" + some;

    Map<Integer, String> one =
        stories(
            generator()
                .setDecoding(settings("strategy=beam", "max-tokens=12", banned, "batch=1"))
                .transform(table(ROWS, 1)));
    Map<Integer, String> many =
        stories(
            generator()
                .setDecoding(settings("strategy=beam", "max-tokens=12", banned, "batch=64"))
                .transform(table(reversed, 3)));

    assertThat(many).isEqualTo(one);
    assertThat(String.join(" ", one.values()).toLowerCase(Locale.ROOT).split("\\W+"))
        .doesNotContain(some);
  }

  @Test
  void aBannedWordThatIsNoneIsRefusedBeforeAnyJob() {
    StoryGenerator generator = generator();
    generator.set("bannedWords", new String[] {"fox", "<br>"});
    Dataset<Row> prompts = table(ROWS, 1);

    assertThatThrownBy(() -> generator.transform(prompts))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("bannedWords")
        .hasMessageContaining("<br>");
  }

  @Test
  void everyParameterExplainsItself() {
    int others = 9; // model, columns and what else is no option of decoding
    assertThat(generator().params())
        .hasSize(DecodingOption.values().length + others)
        .allMatch(param -> !param.doc().isBlank());
  }
}
