package storyloom.pipeline.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import storyloom.model.UserException;

final class StoryTableTest {

  private static final StructType TABLE =
      new StructType()
          .add("id", DataTypes.LongType)
          .add("prompt", DataTypes.StringType)
          .add("weight", DataTypes.DoubleType);

  private static Map<StoryColumn, String> names() {
    return Arrays.stream(StoryColumn.values())
        .collect(
            Collectors.toMap(
                Function.identity(),
                StoryColumn::label,
                (one, other) -> one,
                () -> new EnumMap<>(StoryColumn.class)));
  }

  private static void assertRefused(ThrowingCallable call, String... words) {
    assertThatThrownBy(call)
        .isInstanceOf(UserException.class)
        .hasMessageContainingAll(words)
        .extracting(thrown -> ((UserException) thrown).status())
        .isEqualTo(2);
  }

  @Test
  void storiesComeBehindTheTablesOwnColumns() {
    StoryTable table =
        StoryTable.of(TABLE, "prompt", Optional.of("id"), names(), false, Wording.OPTIONS);

    assertThat(table.output().fieldNames())
        .containsExactly(
            "id",
            "prompt",
            "weight",
            "story",
            "story_tokens",
            "log_prob",
            "finish_reason",
            "error",
            "model");
    assertThat(table.promptIndexes()).containsExactly(1);
    assertThat(table.keyIndex()).isEqualTo(OptionalInt.of(0));
  }

  @Test
  void missingPromptColumnIsNamedWithWhatThereIs() {
    assertRefused(
        () -> StoryTable.of(TABLE, "title", Optional.empty(), names(), false, Wording.OPTIONS),
        "title",
        "id, prompt, weight",
        "--columns prompt=NAME");
  }

  @Test
  void promptsMustBeStrings() {
    assertRefused(
        () -> StoryTable.of(TABLE, "weight", Optional.empty(), names(), false, Wording.OPTIONS),
        "weight",
        "string",
        "double");
  }

  @Test
  void keyMustBeOfATypeWithOneSpelling() {
    assertRefused(
        () ->
            StoryTable.of(TABLE, "prompt", Optional.of("weight"), names(), false, Wording.OPTIONS),
        "weight",
        "--key");
  }

  @Test
  void columnThatIsThereInOtherLettersIsRefusedToo() {
    StructType table = TABLE.add("Log_Prob", DataTypes.DoubleType);

    assertRefused(
        () -> StoryTable.of(table, "prompt", Optional.empty(), names(), false, Wording.OPTIONS),
        "log_prob",
        "--columns log_prob=NAME");
  }

  @Test
  void twoColumnsOfAStoryCannotShareAName() {
    Map<StoryColumn, String> names = names();
    names.put(StoryColumn.ERROR, "story");

    assertRefused(
        () -> StoryTable.of(TABLE, "prompt", Optional.empty(), names, false, Wording.OPTIONS),
        "story",
        "error");
  }

  @Test
  void mistakesAreToldInTheNamesOfParametersToo() {
    StructType table = TABLE.add("log_prob", DataTypes.DoubleType);
    Wording wording = Wording.PARAMETERS;

    assertRefused(
        () -> StoryTable.of(TABLE, "title", Optional.empty(), names(), false, wording),
        "name one of id, prompt, weight with promptCol");
    assertRefused(
        () -> StoryTable.of(TABLE, "prompt", Optional.of("weight"), names(), false, wording),
        "name another with keyCol");
    assertRefused(
        () -> StoryTable.of(table, "prompt", Optional.empty(), names(), false, wording),
        "another name with logProbCol");
  }

  @Test
  void otherNameMakesRoom() {
    Map<StoryColumn, String> names = names();
    names.put(StoryColumn.STORY, "tale");
    StructType table = TABLE.add("story", DataTypes.StringType);

    assertThat(
            StoryTable.of(table, "PROMPT", Optional.empty(), names, false, Wording.OPTIONS)
                .output()
                .fieldNames())
        .contains("story", "tale");
  }

  @Test
  void promptStandsInAllColumnsThatDifferInCaseOnly() {
    StructType table =
        new StructType()
            .add("PROMPT", DataTypes.LongType)
            .add("Prompt", DataTypes.StringType)
            .add("prompt", DataTypes.StringType);

    assertThat(
            StoryTable.of(table, "prompt", Optional.empty(), names(), false, Wording.OPTIONS)
                .promptIndexes())
        .containsExactly(2, 1);
  }

  @Test
  void namesThatDifferInCaseDoNotClashWhereSparkTellsThemApart() {
    StructType table = TABLE.add("Story", DataTypes.StringType);

    assertThat(
            StoryTable.of(table, "prompt", Optional.empty(), names(), true, Wording.OPTIONS)
                .output()
                .fieldNames())
        .contains("Story", "story");
  }
}
