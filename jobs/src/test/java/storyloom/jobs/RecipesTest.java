package storyloom.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import storyloom.model.decode.DecodeSettings;
import storyloom.model.nn.config.AttentionKind;
import storyloom.model.nn.config.Seq2SeqConfig;
import storyloom.model.settings.Settings;
import storyloom.pipeline.train.plan.TrainingPlan;

/** What conf/ promises of the models that its files make. */
final class RecipesTest {

  private static Settings conf(String name) {
    return Settings.load(Optional.of(Path.of("..", "conf", name).toString()), List.of());
  }

  @Test
  void theClassicModelStaysOneLineAway() {
    Settings classic = conf("classic.conf");
    TrainingPlan plan = TrainingPlan.of(classic, 20_000, 8);

    assertThat(plan.model()).isEqualTo(new Seq2SeqConfig(20_000, 256, 256, 0.2));
    assertThat(plan.epochs()).isEqualTo(10);
    assertThat(plan.optimisation().learningRate().at(1, 0)).isEqualTo(0.001);
    assertThat(classic.textSettings().maxStoryTokens()).isEqualTo(200);
    assertThat(DecodeSettings.of(classic).candidates()).isEqualTo(1);
  }

  @Test
  void theRecipeForStoriesGoesTogether() {
    Settings stories = conf("stories.conf");
    Seq2SeqConfig model = TrainingPlan.of(stories, 10_000, 4).model();

    assertThat(model.tiedEmbeddings()).isTrue();
    assertThat(model.attention()).isEqualTo(AttentionKind.ADDITIVE);
    assertThat(model.copy()).isTrue();
    assertThat(stories.integer("train.batch") / TrainingPlan.workers(stories, 1)).isEqualTo(32);
    assertThat(DecodeSettings.of(stories).rowsPerPrompt()).isPositive();
  }

  @Test
  void theRecipeOfATransformerIsThatOfStoriesOtherwise() {
    Settings recipe = conf("transformer.conf");
    Settings stories = conf("stories.conf");
    Seq2SeqConfig model = TrainingPlan.of(recipe, 10_000, 4).model();

    assertThat(model.transformer()).isNotNull();
    assertThat(model.tiedEmbeddings()).isTrue();
    assertThat(model.copy()).isTrue();
    assertThat(recipe.integer("train.batch")).isEqualTo(stories.integer("train.batch"));
    assertThat(DecodeSettings.of(recipe)).isEqualTo(DecodeSettings.of(stories));
  }
}
