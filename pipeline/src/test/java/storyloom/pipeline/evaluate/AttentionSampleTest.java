package storyloom.pipeline.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import storyloom.model.UserException;
import storyloom.model.decode.AttentionMap;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.fixture.SmallBundle;
import storyloom.model.nn.config.AttentionKind;
import storyloom.model.settings.Settings;
import storyloom.pipeline.LocalSpark;

class AttentionSampleTest {

  /** The second prompt is too long for the model, and is rejected. */
  private static final HeldOutPairs.Sample SAMPLE =
      new HeldOutPairs.Sample(
          List.of("a fox sang .", "a a a a a a a a a a a a", "a fox sang .", "The MOON", "a hen"),
          List.of("it ran .", "it ran .", "it ran .", "it ran .", "it ran ."));

  private static final int LONGEST = 9;

  private static final DecodeSettings SAMPLING =
      DecodeSettings.of(
          Settings.load(
              Optional.empty(),
              List.of("decode.strategy=sample", "decode.top-k=0", "decode.max-tokens=" + LONGEST)));

  @TempDir Path models;

  private org.apache.hadoop.fs.Path bundle(AttentionKind attention) {
    return new org.apache.hadoop.fs.Path(
        models.resolve(SmallBundle.write(models, attention)).toString());
  }

  @ParameterizedTest
  @EnumSource(names = {"DOT", "GENERAL", "ADDITIVE"})
  void theFirstStoriesOfTheSampleAreLookedAt(AttentionKind attention) {
    org.apache.hadoop.fs.Path bundle = bundle(attention);
    StorySample stories = StorySample.write(LocalSpark.session(), bundle, SAMPLING, SAMPLE);

    List<AttentionMap> maps =
        new AttentionSample(bundle, new Configuration())
            .read(LocalSpark.context(), SAMPLE, SAMPLING, 3);

    assertThat(maps).hasSize(3);
    assertThat(maps.get(2).prompt()).containsExactly("the", "moon");
    for (int i = 0; i < maps.size(); i++) {
      List<String> story = maps.get(i).story();
      String end = story.get(story.size() - 1).equals("<end>") ? "<end>" : "";
      int tokens = end.isEmpty() ? story.size() : story.size() - 1;
      assertThat(end.isEmpty()).isEqualTo(tokens == LONGEST);
      assertThat(letters(String.join("", story).replace("<newline>", "")))
          .isEqualTo(letters(stories.written().get(i) + end));
      for (float[] row : maps.get(i).weights()) {
        assertThat(IntStream.range(0, row.length).mapToDouble(s -> row[s]).sum())
            .isCloseTo(1, within(1e-5));
      }
    }
  }

  private static String letters(String text) {
    return text.replaceAll("\\s", "").toLowerCase(Locale.ROOT);
  }

  @Test
  void aModelWithoutAttentionIsRefusedByName() {
    org.apache.hadoop.fs.Path bundle = bundle(AttentionKind.NONE);

    assertThatThrownBy(() -> new AttentionSample(bundle, new Configuration()))
        .isInstanceOfSatisfying(
            UserException.class, refused -> assertThat(refused.status()).isEqualTo(2))
        .hasMessageContaining(bundle.getName())
        .hasMessageContaining("model.attention=none")
        .hasMessageContaining("--attention");
  }
}
